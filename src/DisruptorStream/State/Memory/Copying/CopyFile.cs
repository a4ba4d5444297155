using DisruptorStream.Durability.Files;

namespace DisruptorStream.State.Memory.Copying;

/// <summary>Where copies lie that are too many for memory: a file that is gone when they are not needed.</summary>
/// <remarks>One thread. It is never synced: after a crash it means nothing.</remarks>
internal sealed class CopyFile : IDisposable
{
    private readonly IFileSystem _files;
    private readonly string _path;
    private IFile? _file;

    /// <param name="files">The disk.</param>
    /// <param name="path">Where it is to be. One of a process before is overwritten.</param>
    public CopyFile(IFileSystem files, string path)
    {
        _files = files;
        _path = path;
    }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; private set; }

    /// <summary>Writes a block behind the others; returns where it is.</summary>
    /// <exception cref="IOException">The file system says no.</exception>
    public long Append(CopyBlock block)
    {
        if (_file is null)
        {
            _files.DeleteLeftOver(_path);
            _file = _files.Create(_path);
        }

        var offset = Length;
        var part = new FilePart(block.Address, (nuint)block.Length);
        _file.Write(offset, new ReadOnlySpan<FilePart>(in part));
        Length += block.Length;
        return offset;
    }

    /// <exception cref="IOException">The file system says no, or the bytes are not there.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        if (_file!.Read(offset, bytes) < bytes.Length)
            throw new IOException($"The file '{_path}' became shorter while it was used; take the snapshot again.");
    }

    public void Dispose()
    {
        if (_file is null)
            return;
        _file.Dispose();
        _file = null;
        try
        {
            _files.DeleteLeftOver(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next one takes its place.
        }
    }
}
