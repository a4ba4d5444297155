using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Recording.Files;

/// <summary>A file system whose files are never synced: they outlive the process, and no power cut.</summary>
internal sealed class NoSyncFileSystem : IFileSystem
{
    private readonly IFileSystem _files;

    public NoSyncFileSystem(IFileSystem files) => _files = files;

    public void CreateDirectory(string path) => _files.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => _files.List(directory);

    public IFile Create(string path) => new NoSyncFile(_files.Create(path));

    public IFile Open(string path) => new NoSyncFile(_files.Open(path));

    public void Rename(string from, string to) => _files.Rename(from, to);

    public void Delete(string path) => _files.Delete(path);

    public void SyncDirectory(string path)
    {
    }

    public IDisposable? TryLock(string path) => _files.TryLock(path);
}
