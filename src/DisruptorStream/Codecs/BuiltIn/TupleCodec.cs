using System.Buffers;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>Tuples, one part after the other.</summary>
internal sealed class TupleCodec<TKey> : IKeyCodec<TKey>
{
    private readonly TupleParts _parts;

    public TupleCodec(TupleParts parts) => _parts = parts;

    public string Name => _parts.Name;

    public void Write(TKey key, IBufferWriter<byte> output) => _parts.Write(key!, output);

    public TKey Read(ReadOnlySpan<byte> source, out int bytesRead)
    {
        object tuple = default(TKey)!;
        bytesRead = _parts.Read(tuple, source);
        return (TKey)tuple;
    }
}
