namespace DisruptorStream.Cli.Jobs;

/// <summary>
/// Standard input, whose reads can be given up: those of the console wait for as long as nothing comes.
/// </summary>
/// <remarks>
/// A read that has been given up goes on into a buffer of its own, so that it cannot write where others do. One read at
/// a time.
/// </remarks>
internal sealed class StandardInput : Stream
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 18];

    public StandardInput(Stream stream) => _stream = stream;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => _stream.Read(buffer, offset, count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var own = _buffer.AsMemory(0, Math.Min(_buffer.Length, buffer.Length));
        var bytes = await Task.Run(() => _stream.Read(own.Span), CancellationToken.None)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        own[..bytes].CopyTo(buffer);
        return bytes;
    }

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
