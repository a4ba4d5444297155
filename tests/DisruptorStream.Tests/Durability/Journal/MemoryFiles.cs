using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>A disk in memory that loses what was not synced, and fails where it is told to.</summary>
internal sealed class MemoryFiles : IFileSystem
{
    private const int SectorBytes = 64;

    private readonly Lock _gate = new();
    private readonly List<Action<Dictionary<string, Node>>> _unsyncedNames = [];
    private readonly Dictionary<string, Node> _names = [];
    private Dictionary<string, Node> _durableNames = [];

    /// <summary>How many calls there were.</summary>
    public int Calls { get; private set; }

    /// <summary>Called before each call that changes or syncs something; what it gives is thrown.</summary>
    public Func<int, string, Exception?>? OnCall { get; set; }

    public IReadOnlyCollection<string> Paths => _names.Keys;

    public byte[] Bytes(string path) => _names[path].Live.ToArray();

    public void SetBytes(string path, byte[] bytes)
    {
        var node = new Node();
        node.Live.AddRange(bytes);
        node.Durable.AddRange(bytes);
        _names[path] = node;
        _durableNames[path] = node;
    }

    /// <summary>A disk with the same files, all of them durable.</summary>
    public MemoryFiles Copy()
    {
        var copy = new MemoryFiles();
        foreach (var (path, node) in _names)
            copy.SetBytes(path, node.Live.ToArray());
        return copy;
    }

    /// <summary>The disk after a power cut: of what was not synced, any part is there.</summary>
    public MemoryFiles CutPower(Random random)
    {
        var names = new Dictionary<string, Node>(_durableNames);
        foreach (var change in _unsyncedNames)
        {
            if (random.Next(2) == 0)
                change(names);
        }

        var after = new MemoryFiles();
        foreach (var (path, node) in names)
            after.SetBytes(path, node.AfterPowerCut(random));
        return after;
    }

    public void CreateDirectory(string path)
    {
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
            return [.. _names.Keys.Select(path => Path.GetFileName(path)!)];
    }

    public IFile Create(string path)
    {
        Call("create");
        lock (_gate)
        {
            if (_names.ContainsKey(path))
                throw new IOException($"'{path}' is there already.");
            var node = new Node();
            Change(names => names[path] = node);
            return new MemoryFile(this, node);
        }
    }

    public IFile Open(string path)
    {
        lock (_gate)
        {
            return _names.TryGetValue(path, out var node)
                ? new MemoryFile(this, node)
                : throw new FileNotFoundException($"'{path}' is not there.");
        }
    }

    public void Rename(string from, string to)
    {
        Call("rename");
        lock (_gate)
        {
            var node = _names[from];
            Change(names =>
            {
                if (names.GetValueOrDefault(from) == node)
                    names.Remove(from);
                names[to] = node;
            });
        }
    }

    public void Delete(string path)
    {
        Call("delete");
        lock (_gate)
            Change(names => names.Remove(path));
    }

    public void SyncDirectory(string path)
    {
        Call("sync");
        lock (_gate)
        {
            _durableNames = new(_names);
            _unsyncedNames.Clear();
        }
    }

    public IDisposable? TryLock(string path) => throw new NotSupportedException();

    private void Call(string what)
    {
        Exception? error;
        lock (_gate)
        {
            Calls++;
            error = OnCall?.Invoke(Calls, what);
        }

        if (error is not null)
            throw error;
    }

    private void Change(Action<Dictionary<string, Node>> change)
    {
        change(_names);
        _unsyncedNames.Add(change);
    }

    private sealed class Node
    {
        public List<byte> Live { get; } = [];

        public List<byte> Durable { get; private set; } = [];

        public List<(long Offset, byte[] Bytes)> Unsynced { get; } = [];

        public void Write(long offset, ReadOnlySpan<byte> bytes) => Write(Live, offset, bytes);

        public void Sync()
        {
            Durable = [.. Live];
            Unsynced.Clear();
        }

        public byte[] AfterPowerCut(Random random)
        {
            List<byte> bytes = [.. Durable];
            foreach (var (offset, written) in Unsynced)
            {
                for (var start = 0; start < written.Length; start += SectorBytes)
                {
                    var length = Math.Min(SectorBytes, written.Length - start);
                    if (random.Next(2) == 0)
                        Write(bytes, offset + start, written.AsSpan(start, length));
                }
            }

            return [.. bytes];
        }

        private static void Write(List<byte> to, long offset, ReadOnlySpan<byte> bytes)
        {
            var missing = (int)offset + bytes.Length - to.Count;
            if (missing > 0)
                CollectionsMarshal.SetCount(to, to.Count + missing);
            bytes.CopyTo(CollectionsMarshal.AsSpan(to)[(int)offset..]);
        }
    }

    private sealed class MemoryFile : IFile
    {
        private readonly MemoryFiles _files;
        private readonly Node _node;

        public MemoryFile(MemoryFiles files, Node node)
        {
            _files = files;
            _node = node;
        }

        public long Length
        {
            get
            {
                lock (_node)
                    return _node.Live.Count;
            }
        }

        public int Read(long offset, Span<byte> bytes)
        {
            lock (_node)
            {
                var there = CollectionsMarshal.AsSpan(_node.Live);
                if (offset >= there.Length)
                    return 0;
                var count = Math.Min(bytes.Length, there.Length - (int)offset);
                there.Slice((int)offset, count).CopyTo(bytes);
                return count;
            }
        }

        public unsafe void Write(long offset, ReadOnlySpan<FilePart> parts)
        {
            Exception? error = null;
            try
            {
                _files.Call("write");
            }
            catch (Exception failed)
            {
                error = failed;
            }

            lock (_node)
            {
                var isUnderStaging = _files.KeepsUnsynced;
                foreach (var part in parts)
                {
                    var bytes = new ReadOnlySpan<byte>((void*)part.Address, (int)part.Length);

                    // A failed write leaves half.
                    if (error is not null)
                        bytes = bytes[..(bytes.Length / 2)];
                    _node.Write(offset, bytes);
                    if (isUnderStaging)
                        _node.Unsynced.Add((offset, bytes.ToArray()));
                    offset += bytes.Length;
                    if (error is not null)
                        throw error;
                }
            }
        }

        public void SetLength(long length) => throw new NotSupportedException();

        public void Sync()
        {
            _files.Call("sync");
            if (!_files.KeepsUnsynced)
                return;
            lock (_node)
                _node.Sync();
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Whether a power cut is to come: otherwise nothing is remembered for it.</summary>
    public bool KeepsUnsynced { get; init; } = true;
}
