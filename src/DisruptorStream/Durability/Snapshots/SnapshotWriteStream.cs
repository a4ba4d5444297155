using System.IO.Hashing;
using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Snapshots;

/// <summary>Writes to a file from a place on, through one large buffer, and keeps a hash of it all.</summary>
/// <remarks>One thread. The file is the caller's. After an error nothing more is written.</remarks>
internal sealed class SnapshotWriteStream : Stream
{
    private const int BufferBytes = 256 * 1024;

    private readonly IFile _file;
    private readonly long _start;
    private readonly XxHash3 _hash = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private int _buffered;
    private long _flushed;
    private bool _hasFailed;

    /// <param name="file">Where to write.</param>
    /// <param name="start">From which byte on.</param>
    public SnapshotWriteStream(IFile file, long start)
    {
        _file = file;
        _start = start;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>How much was written.</summary>
    public override long Length => _flushed + _buffered;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException("A snapshot is written from its beginning to its end.");
    }

    /// <summary>The hash of all that was written, once it has been flushed.</summary>
    public ulong Hash => _hash.GetCurrentHashAsUInt64();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_buffered == BufferBytes)
                Flush();
            var part = Math.Min(buffer.Length, BufferBytes - _buffered);
            buffer[..part].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += part;
            buffer = buffer[part..];
        }
    }

    public override void WriteByte(byte value) => Write([value]);

    /// <summary>Writes what is in the buffer to the file; does not sync it.</summary>
    public override void Flush()
    {
        if (_hasFailed)
            throw new IOException("An earlier write of this snapshot failed; take it again.");
        if (_buffered == 0)
            return;
        _hasFailed = true;
        WriteAt(_file, _start + _flushed, _buffer, _buffered);
        _hasFailed = false;
        _hash.Append(_buffer.AsSpan(0, _buffered));
        _flushed += _buffered;
        _buffered = 0;
    }

    /// <summary>Writes the bytes that stand before the content.</summary>
    public void WriteHeader(ReadOnlySpan<byte> header)
    {
        Flush();
        for (var at = 0; at < header.Length;)
        {
            var part = Math.Min(header.Length - at, BufferBytes);
            header.Slice(at, part).CopyTo(_buffer);
            WriteAt(_file, at, _buffer, part);
            at += part;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write only.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Forward only.");

    public override void SetLength(long value) => throw new NotSupportedException("Forward only.");

    private static void WriteAt(IFile file, long offset, byte[] pinned, int count)
    {
        var part = new FilePart(Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), (nuint)count);
        file.Write(offset, new ReadOnlySpan<FilePart>(in part));
    }
}
