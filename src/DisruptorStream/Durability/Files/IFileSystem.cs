namespace DisruptorStream.Durability.Files;

/// <summary>What a journal and its snapshots need of a file system: each call is one promise.</summary>
/// <remarks>
/// Nothing is durable before it is synced: the bytes of a file by <see cref="IFile.Sync"/>, its name by
/// <see cref="SyncDirectory"/>. Every call throws an <see cref="IOException"/> or an
/// <see cref="UnauthorizedAccessException"/> where the system says no; none swallows an error. Any thread.
/// </remarks>
internal interface IFileSystem
{
    /// <summary>Makes a directory and those above it, each synced; one that is there is left as it is.</summary>
    void CreateDirectory(string path);

    /// <summary>The names of the files in a directory, without their path, in no order.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Makes an empty file, which must not be there.</summary>
    IFile Create(string path);

    /// <summary>Opens a file that is there, for reading and writing.</summary>
    IFile Open(string path);

    /// <summary>Gives a file another name, in place of one that has it, in one step.</summary>
    void Rename(string from, string to);

    /// <summary>Takes a file away.</summary>
    void Delete(string path);

    /// <summary>Takes away what a process before has left, if it is there.</summary>
    void DeleteLeftOver(string path)
    {
        try
        {
            Delete(path);
        }
        catch (FileNotFoundException)
        {
            // As it should be.
        }
    }

    /// <summary>Makes the names in a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>
    /// Makes the file the caller's until it is disposed or the process ends, however it ends. Null where another owner
    /// has it, in this process or another.
    /// </summary>
    IDisposable? TryLock(string path);
}
