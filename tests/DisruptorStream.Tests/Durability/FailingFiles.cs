using DisruptorStream.Durability.Files;

namespace DisruptorStream.Tests.Durability;

/// <summary>The disk of this machine, which fails where it is told to.</summary>
internal sealed class FailingFiles : IFileSystem
{
    private readonly IFileSystem _disk = FileSystems.Default;
    private volatile Func<string, string, bool>? _fails;
    private int _open;

    /// <summary>Whether a call fails: by its name ("create", "open", "read", "write", "sync") and its path.</summary>
    public Func<string, string, bool>? Fails { get => _fails; set => _fails = value; }

    /// <summary>Makes what is thrown of its text.</summary>
    public Func<string, Exception> Failure { get; set; } = static text => new IOException(text);

    /// <summary>How many files are open.</summary>
    public int OpenFiles => Volatile.Read(ref _open);

    public void CreateDirectory(string path) => _disk.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => _disk.List(directory);

    public IFile Create(string path) => new File(this, path, Of("create", path, () => _disk.Create(path)));

    public IFile Open(string path) => new File(this, path, Of("open", path, () => _disk.Open(path)));

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void Delete(string path) => _disk.Delete(path);

    public void SyncDirectory(string path) => _disk.SyncDirectory(path);

    public IDisposable? TryLock(string path) => _disk.TryLock(path);

    private T Of<T>(string call, string path, Func<T> make)
    {
        Call(call, path);
        return make();
    }

    private void Call(string call, string path)
    {
        if (Fails is { } fails && fails(call, path))
            throw Failure($"The disk does not {call} '{Path.GetFileName(path)}'.");
    }

    private sealed class File : IFile
    {
        private readonly FailingFiles _disk;
        private readonly string _path;
        private readonly IFile _file;

        private bool _isClosed;

        public File(FailingFiles disk, string path, IFile file)
        {
            (_disk, _path, _file) = (disk, path, file);
            Interlocked.Increment(ref disk._open);
        }

        public long Length => _file.Length;

        public int Read(long offset, Span<byte> bytes)
        {
            _disk.Call("read", _path);
            return _file.Read(offset, bytes);
        }

        public void Write(long offset, ReadOnlySpan<FilePart> parts)
        {
            _disk.Call("write", _path);
            _file.Write(offset, parts);
        }

        public void SetLength(long length) => _file.SetLength(length);

        public bool TryReserve(long length)
        {
            _disk.Call("reserve", _path);
            return _file.TryReserve(length);
        }

        public void Sync()
        {
            _disk.Call("sync", _path);
            _file.Sync();
        }

        public void Dispose()
        {
            _file.Dispose();
            if (!Interlocked.Exchange(ref _isClosed, true))
                Interlocked.Decrement(ref _disk._open);
        }
    }
}
