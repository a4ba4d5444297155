namespace DisruptorStream.Cli.Jobs;

/// <summary>Reads a stream, and tells what has been read: once for a buffer, so that it costs nothing.</summary>
internal sealed class CountedStream : Stream
{
    private readonly Stream _stream;
    private readonly JobProgress _progress;

    public CountedStream(Stream stream, JobProgress progress)
    {
        _stream = stream;
        _progress = progress;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var bytes = _stream.Read(buffer, offset, count);
        _progress.Add(bytes);
        return bytes;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await _stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _progress.Add(bytes);
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }
}
