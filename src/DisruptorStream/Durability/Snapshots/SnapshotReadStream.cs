using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Snapshots;

/// <summary>Reads the content of a snapshot. Closes its file.</summary>
/// <remarks>One thread. It has no buffer: who reads a few bytes at a time brings one.</remarks>
internal sealed class SnapshotReadStream : Stream
{
    private readonly IFile _file;
    private readonly long _start;
    private readonly long _length;
    private long _position;

    /// <param name="file">Where to read; the stream's from now on.</param>
    /// <param name="start">The first byte of the content.</param>
    /// <param name="length">The bytes of the content.</param>
    public SnapshotReadStream(IFile file, long start, long length)
    {
        _file = file;
        _start = start;
        _length = length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Clamp(_length - _position, 0, buffer.Length);
        var read = _file.Read(_start + _position, buffer[..count]);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => _length,
    };

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read only.");

    public override void SetLength(long value) => throw new NotSupportedException("Read only.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
