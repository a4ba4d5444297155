using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Inspection;

/// <summary>The files of this machine, to be looked at and never changed: what would change one throws.</summary>
/// <remarks>Syncs do nothing: what is read may be lost by a power cut.</remarks>
internal sealed class ReadOnlyFileSystem : IFileSystem
{
    public void CreateDirectory(string path)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no directory '{path}'.");
    }

    public IReadOnlyList<string> List(string directory) =>
        Array.ConvertAll(Directory.GetFiles(directory), path => Path.GetFileName(path));

    public IFile Create(string path) => throw Refused("created", path);

    public IFile Open(string path) => new ReadOnlyFile(path);

    public void Rename(string from, string to) => throw Refused("renamed", from);

    public void Delete(string path) => throw Refused("deleted", path);

    public void SyncDirectory(string path)
    {
    }

    public IDisposable? TryLock(string path) => throw Refused("locked", path);

    internal static InvalidOperationException Refused(string what, string path) =>
        new($"The file '{path}' is only read, and was to be {what}; use another file system for that.");
}
