using System.Buffers;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>Keys that take the same number of bytes each.</summary>
internal sealed class FixedCodec<T> : IKeyCodec<T>
{
    private readonly int _sizeBytes;
    private readonly Writer _write;
    private readonly Reader _read;

    public FixedCodec(string name, int sizeBytes, Writer write, Reader read)
    {
        Name = name;
        _sizeBytes = sizeBytes;
        _write = write;
        _read = read;
    }

    /// <summary>Writes a key into as many bytes as a key takes.</summary>
    public delegate void Writer(T key, Span<byte> bytes);

    /// <summary>Reads a key from as many bytes as a key takes.</summary>
    public delegate T Reader(ReadOnlySpan<byte> bytes);

    public string Name { get; }

    public void Write(T key, IBufferWriter<byte> output)
    {
        _write(key, output.GetSpan(_sizeBytes)[.._sizeBytes]);
        output.Advance(_sizeBytes);
    }

    public T Read(ReadOnlySpan<byte> source, out int bytesRead)
    {
        bytesRead = _sizeBytes;
        if (source.Length < _sizeBytes)
            KeyBytes.ThrowNoKey(Name);
        try
        {
            return _read(source[.._sizeBytes]);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw KeyBytes.NoKey(Name, exception);
        }
    }
}
