using DisruptorStream.Durability.Files;

namespace DisruptorStream.Simulation.Disks;

/// <summary>A file system in memory, with a page cache that a crash loses as the worst of machines would.</summary>
/// <remarks>
/// <para>Writes and names go to the cache. <see cref="IFile.Sync"/> makes the bytes and the length of a file durable,
/// <see cref="SyncDirectory"/> the names in a directory; a directory itself is durable once it is made. What is
/// durable stays. All else a power cut keeps, loses or tears (<see cref="Crash"/>).</para>
/// <para>The same seed and the same calls give the same disk. Any thread, but several threads decide on the order of
/// the calls themselves.</para>
/// </remarks>
internal sealed partial class SimulatedDisk : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly SortedDictionary<string, DiskDirectory> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private readonly long[] _counts = new long[Enum.GetValues<DiskOperation>().Length];
    private int _files;

    /// <param name="seed">Decides what chance decides.</param>
    public SimulatedDisk(int seed = 0)
    {
        _random = new Random(seed);
        _directories.Add(Path.GetPathRoot(Path.GetFullPath("/"))!, new DiskDirectory());
    }

    /// <summary>What goes wrong; nothing by default.</summary>
    public DiskFaults Faults { get; } = new();

    /// <summary>How many calls there were so far, those that failed included.</summary>
    public long Operations { get; private set; }

    /// <summary>How many crashes there were so far.</summary>
    public int Crashes { get; private set; }

    /// <summary>How many calls of a kind there were so far.</summary>
    public long CountOf(DiskOperation operation) => _counts[(int)operation];

    public void CreateDirectory(string path)
    {
        var whole = Normalize(path);
        Run(DiskOperation.CreateDirectory, whole, 0, 0, _ =>
        {
            for (var at = whole; at is not null && !_directories.ContainsKey(at); at = Path.GetDirectoryName(at))
            {
                if (NodeAt(at) is not null)
                    throw DiskErrors.IsThere(at);
                _directories.Add(at, new DiskDirectory());
            }
        });
    }

    public IReadOnlyList<string> List(string directory)
    {
        var whole = Normalize(directory);
        string[] names = [];
        Run(DiskOperation.List, whole, 0, 0, _ =>
        {
            names = [.. DirectoryAt(whole).Names.Keys];
            _random.Shuffle(names);
        });
        return names;
    }

    public IFile Create(string path)
    {
        var whole = Normalize(path);
        DiskNode? node = null;
        Run(DiskOperation.Create, whole, 0, 0, _ => node = AddFile(whole));
        return new DiskFile(this, node!, whole, Crashes);
    }

    public IFile Open(string path)
    {
        var whole = Normalize(path);
        DiskNode? node = null;
        Run(DiskOperation.Open, whole, 0, 0, _ =>
        {
            node = NodeAt(whole) ?? throw DiskErrors.NoFile(whole);
        });
        return new DiskFile(this, node!, whole, Crashes);
    }

    public void Rename(string from, string to)
    {
        var (before, after) = (Normalize(from), Normalize(to));
        Run(DiskOperation.Rename, before, 0, 0, _ =>
        {
            if (Path.GetDirectoryName(before) != Path.GetDirectoryName(after))
                throw DiskErrors.Crosses(before, after);
            var node = NodeAt(before) ?? throw DiskErrors.NoFile(before);
            if (before != after)
                ParentOf(before).Change(new NameChange(node, Path.GetFileName(before), Path.GetFileName(after)));
        });
    }

    public void Delete(string path)
    {
        var whole = Normalize(path);
        Run(DiskOperation.Delete, whole, 0, 0, _ =>
        {
            var node = NodeAt(whole) ?? throw DiskErrors.NoFile(whole);
            ParentOf(whole).Change(new NameChange(node, Path.GetFileName(whole), null));
        });
    }

    public void SyncDirectory(string path)
    {
        var whole = Normalize(path);
        Run(DiskOperation.SyncDirectory, whole, 0, 0, _ => DirectoryAt(whole).Sync());
    }

    public IDisposable? TryLock(string path)
    {
        var whole = Normalize(path);
        var isFree = false;
        Run(DiskOperation.Lock, whole, 0, 0, _ =>
        {
            if (NodeAt(whole) is null)
                AddFile(whole);
            isFree = _locks.Add(whole);
        });
        return isFree ? new Release(this, whole, Crashes) : null;
    }

    public long LengthOf(DiskNode node)
    {
        lock (_gate)
            return node.Length;
    }

    public int Read(DiskNode node, string path, long offset, Span<byte> bytes)
    {
        var read = new byte[bytes.Length];
        var count = 0;
        Run(DiskOperation.Read, path, offset, bytes.Length, _ => count = node.Read(offset, read));
        read.AsSpan(0, count).CopyTo(bytes);
        return count;
    }

    public void Write(DiskNode node, string path, long offset, byte[] bytes) =>
        Run(DiskOperation.Write, path, offset, bytes.Length, fault =>
        {
            var room = RoomFor(node, offset, bytes.Length);
            var isPart = fault is DiskFault.Short or DiskFault.NoSpace or DiskFault.Cut;
            var length = Math.Min(room, isPart ? _random.Next(bytes.Length + 1) : bytes.Length);
            node.Write(offset, bytes.AsSpan(0, length));
            if (Faults.WriteBackChance > 0 && _random.NextDouble() < Faults.WriteBackChance)
                node.StoreSome(_random);
            if (length == room && room < bytes.Length)
                throw DiskErrors.Of(DiskFault.NoSpace, new DiskCall(Operations, DiskOperation.Write, path));
        });

    public void SetLength(DiskNode node, string path, long length) =>
        Run(DiskOperation.SetLength, path, length, 0, _ => node.SetLength(length));

    /// <summary>All of it, or nothing. What is reserved reads as zeros, and takes room.</summary>
    public void Reserve(DiskNode node, string path, long length) =>
        Run(DiskOperation.SetLength, path, length, 0, _ =>
        {
            if (RoomFor(node, 0, (int)length) < length)
                throw DiskErrors.Of(DiskFault.NoSpace, new DiskCall(Operations, DiskOperation.SetLength, path));
            node.Write(0, new byte[length]);
        });

    public void Sync(DiskNode node, string path) => Run(DiskOperation.Sync, path, 0, 0, fault =>
    {
        if (fault == DiskFault.None)
            node.Sync();
        else if (fault == DiskFault.Cut)
            node.StoreSome(_random);
        else
            node.FailSync(_random);
    });

    private static string Normalize(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private DiskDirectory DirectoryAt(string path) => _directories.GetValueOrDefault(path)
        ?? throw DiskErrors.NoDirectory(path);

    private DiskDirectory ParentOf(string path) => DirectoryAt(Path.GetDirectoryName(path)!);

    private DiskNode? NodeAt(string path) => Path.GetDirectoryName(path) is { } directory
        && _directories.TryGetValue(directory, out var parent)
            ? parent.Names.GetValueOrDefault(Path.GetFileName(path))
            : null;

    private DiskNode AddFile(string path)
    {
        var parent = ParentOf(path);
        if (NodeAt(path) is not null || _directories.ContainsKey(path))
            throw DiskErrors.IsThere(path);
        var node = new DiskNode(_files++);
        parent.Change(new NameChange(node, null, Path.GetFileName(path)));
        return node;
    }

    /// <summary>How many of the bytes can be written before the disk is full.</summary>
    private int RoomFor(DiskNode node, long offset, int length)
    {
        if (Faults.BudgetBytes is not { } budget)
            return length;
        var used = _directories.Values.SelectMany(directory => directory.Names.Values).Sum(file => file.AllocatedBytes);
        var room = length;
        while (room > 0 && used + node.GrowthOf(offset, room) > budget)
            room = (int)Math.Max(0, (offset + room - 1) / DiskNode.PageBytes * DiskNode.PageBytes - offset);
        return room;
    }

    private sealed class Release : IDisposable
    {
        private readonly SimulatedDisk _disk;
        private readonly string _path;
        private readonly int _crashes;

        public Release(SimulatedDisk disk, string path, int crashes)
        {
            _disk = disk;
            _path = path;
            _crashes = crashes;
        }

        public void Dispose()
        {
            lock (_disk._gate)
            {
                if (_disk.Crashes == _crashes)
                    _disk._locks.Remove(_path);
            }
        }
    }
}
