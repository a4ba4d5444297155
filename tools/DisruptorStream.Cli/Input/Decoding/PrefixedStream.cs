namespace DisruptorStream.Cli.Input.Decoding;

/// <summary>Bytes that were read ahead, and then the stream that they came from.</summary>
internal sealed class PrefixedStream : ForwardStream
{
    private readonly Stream _stream;
    private ReadOnlyMemory<byte> _prefix;

    public PrefixedStream(ReadOnlyMemory<byte> prefix, Stream stream)
    {
        _prefix = prefix;
        _stream = stream;
    }

    public override int Read(byte[] buffer, int offset, int count) => _prefix.IsEmpty
        ? _stream.Read(buffer, offset, count)
        : TakePrefix(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _prefix.IsEmpty
            ? _stream.ReadAsync(buffer, cancellationToken)
            : ValueTask.FromResult(TakePrefix(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }

    private int TakePrefix(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _prefix.Length);
        _prefix.Span[..length].CopyTo(buffer);
        _prefix = _prefix[length..];
        return length;
    }
}
