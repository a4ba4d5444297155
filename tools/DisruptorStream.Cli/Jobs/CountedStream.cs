using DisruptorStream.Cli.Input.Decoding;

namespace DisruptorStream.Cli.Jobs;

/// <summary>Reads a stream, and tells what has been read: once for a buffer, so that it costs nothing.</summary>
internal sealed class CountedStream : ForwardStream
{
    private readonly Stream _stream;
    private readonly JobProgress _progress;

    public CountedStream(Stream stream, JobProgress progress)
    {
        _stream = stream;
        _progress = progress;
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }
}
