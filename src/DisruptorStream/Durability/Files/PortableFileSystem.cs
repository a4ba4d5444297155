namespace DisruptorStream.Durability.Files;

/// <summary>A file system by the calls of the framework alone, for systems that have no better one.</summary>
/// <remarks>
/// <para>What it cannot promise: the framework's sync passes over some errors of the system, so that it may return
/// where nothing was synced. Directories cannot be synced: a name is durable when the system gets around to it, which
/// NTFS does in the order of the calls. So a power cut may take away the newest names.</para>
/// <para>After the end of a process alone, all is there.</para>
/// </remarks>
internal sealed class PortableFileSystem : IFileSystem
{
    private const int WindowsSharing = unchecked((int)0x8007_0020);

    private static int InUse => OperatingSystem.IsWindows() ? WindowsSharing : PosixCalls.WouldBlock;

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory)
    {
        var names = new List<string>();
        foreach (var path in Directory.EnumerateFiles(directory))
            names.Add(Path.GetFileName(path));
        return names;
    }

    public IFile Create(string path) => new PortableFile(path, FileMode.CreateNew);

    public IFile Open(string path) => new PortableFile(path, FileMode.Open);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path)
    {
        // The framework passes over a file that is not there.
        if (!File.Exists(path))
            throw new FileNotFoundException($"Could not delete the file '{path}': there is none.", path);
        File.Delete(path);
    }

    /// <summary>Looks whether the directory is there, and can do no more.</summary>
    public void SyncDirectory(string path)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"Could not sync the directory '{path}': there is none.");
    }

    public IDisposable? TryLock(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.HResult == InUse)
        {
            return null;
        }
    }
}
