using DisruptorStream.Durability.Files;

namespace DisruptorStream.Sinks.Tests.Parquet;

/// <summary>A disk that syncs no directory.</summary>
internal sealed class FailingSyncs : IFileSystem
{
    private readonly IFileSystem _disk = FileSystems.Default;

    /// <summary>The directories that were to be synced.</summary>
    public List<string> Asked { get; } = [];

    public void CreateDirectory(string path) => _disk.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => _disk.List(directory);

    public IFile Create(string path) => _disk.Create(path);

    public IFile Open(string path) => _disk.Open(path);

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void Delete(string path) => _disk.Delete(path);

    public IDisposable? TryLock(string path) => _disk.TryLock(path);

    public void SyncDirectory(string path)
    {
        Asked.Add(path);
        throw new IOException("No sync.");
    }
}
