using DisruptorStream.Durability.Files;

namespace DisruptorStream.Simulation.Disks;

/// <summary>An open file of a <see cref="SimulatedDisk"/>; of no use after a crash.</summary>
internal sealed class DiskFile : IFile
{
    private readonly SimulatedDisk _disk;
    private readonly DiskNode _node;
    private readonly string _path;
    private readonly int _crashes;
    private bool _isDisposed;

    /// <param name="disk">Where it lies.</param>
    /// <param name="node">Its bytes.</param>
    /// <param name="path">The name that it was opened by.</param>
    /// <param name="crashes">How many crashes the disk has been through.</param>
    public DiskFile(SimulatedDisk disk, DiskNode node, string path, int crashes)
    {
        _disk = disk;
        _node = node;
        _path = path;
        _crashes = crashes;
    }

    public long Length
    {
        get
        {
            ThrowIfClosed();
            return _disk.LengthOf(_node);
        }
    }

    public int Read(long offset, Span<byte> bytes)
    {
        ThrowIfClosed();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return _disk.Read(_node, _path, offset, bytes);
    }

    public void Write(long offset, ReadOnlySpan<FilePart> parts)
    {
        ThrowIfClosed();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var bytes = new List<byte>();
        foreach (var part in parts)
            bytes.AddRange(part.Bytes);
        _disk.Write(_node, _path, offset, bytes.ToArray());
    }

    public void SetLength(long length)
    {
        ThrowIfClosed();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _disk.SetLength(_node, _path, length);
    }

    public bool TryReserve(long length)
    {
        ThrowIfClosed();
        _disk.Reserve(_node, _path, length);
        return true;
    }

    public void Sync()
    {
        ThrowIfClosed();
        _disk.Sync(_node, _path);
    }

    public void Dispose() => _isDisposed = true;

    private void ThrowIfClosed()
    {
        _disk.ThrowIfDown();
        if (_isDisposed || _crashes != _disk.Crashes)
            throw new ObjectDisposedException(_path, $"The file '{_path}' was closed, or opened before a crash.");
    }
}
