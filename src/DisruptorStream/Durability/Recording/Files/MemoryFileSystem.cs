using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Recording.Files;

/// <summary>Files in the memory of this process, in one directory: they end with it.</summary>
internal sealed class MemoryFileSystem : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryNode> _files = new(StringComparer.Ordinal);
    private readonly MemoryPages _pages = new();

    /// <summary>The memory of all files, and what is kept for the next ones.</summary>
    public long Bytes => _pages.Bytes;

    /// <summary>Any directory is there.</summary>
    public void CreateDirectory(string path)
    {
    }

    public IReadOnlyList<string> List(string directory)
    {
        var names = new List<string>();
        lock (_gate)
        {
            foreach (var path in _files.Keys)
            {
                if (string.Equals(Path.GetDirectoryName(path), directory, StringComparison.Ordinal))
                    names.Add(Path.GetFileName(path));
            }
        }

        return names;
    }

    public IFile Create(string path)
    {
        lock (_gate)
        {
            var node = new MemoryNode(_pages);
            if (!_files.TryAdd(path, node))
                throw new IOException($"Could not create the file '{path}': it is there already.");
            return new MemoryFile(path, node);
        }
    }

    public IFile Open(string path)
    {
        lock (_gate)
            return new MemoryFile(path, NodeOf(path));
    }

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            var node = NodeOf(from);
            if (_files.TryGetValue(to, out var before) && before != node)
                before.Delete();
            _files.Remove(from);
            _files[to] = node;
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            NodeOf(path).Delete();
            _files.Remove(path);
        }
    }

    /// <summary>There is nothing that outlives the process.</summary>
    public void SyncDirectory(string path)
    {
    }

    /// <summary>Nobody else can reach the files: there is no lock to take.</summary>
    public IDisposable? TryLock(string path) =>
        throw new NotSupportedException($"The file '{path}' is in memory, and cannot be locked.");

    private MemoryNode NodeOf(string path) => _files.TryGetValue(path, out var node)
        ? node
        : throw new FileNotFoundException($"There is no file '{path}' in memory.", path);
}
