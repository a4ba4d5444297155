using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Recording.Files;

/// <summary>An open file of a <see cref="NoSyncFileSystem"/>.</summary>
internal sealed class NoSyncFile : IFile
{
    private readonly IFile _file;

    public NoSyncFile(IFile file) => _file = file;

    public long Length => _file.Length;

    public int Read(long offset, Span<byte> bytes) => _file.Read(offset, bytes);

    public void Write(long offset, ReadOnlySpan<FilePart> parts) => _file.Write(offset, parts);

    public void SetLength(long length) => _file.SetLength(length);

    public bool TryReserve(long length) => _file.TryReserve(length);

    public void Sync()
    {
    }

    public void Dispose() => _file.Dispose();
}
