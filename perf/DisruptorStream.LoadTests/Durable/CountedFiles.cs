using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>The system's disk, which counts what is asked of it, and notes which threads read the journal.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class CountedFiles : IFileSystem
{
    private readonly IFileSystem _files = FileSystems.Default;
    private long _bytes;
    private long _writes;
    private long _syncs;
    private long _spareBytes;

    public DiskCounts Counts => new(
        Interlocked.Read(ref _bytes),
        Interlocked.Read(ref _writes),
        Interlocked.Read(ref _syncs),
        Interlocked.Read(ref _spareBytes));

    /// <summary>The thread that read the journal last: once the processor runs, that of the shadow.</summary>
    public ThreadClock? Reader { get; private set; }

    public void CreateDirectory(string path) => _files.CreateDirectory(path);

    public IReadOnlyList<string> List(string directory) => _files.List(directory);

    public IFile Create(string path) => new CountedFile(
        this, _files.Create(path), path.EndsWith(JournalFormat.SpareExtension, StringComparison.Ordinal)
            ? CountedUse.Spare
            : CountedUse.Other);

    /// <summary>A spare that is opened becomes a file of the journal.</summary>
    public IFile Open(string path) => new CountedFile(
        this, _files.Open(path), path.EndsWith(JournalFormat.SpareExtension, StringComparison.Ordinal)
            ? CountedUse.Journal
            : CountedUse.Other);

    public void Rename(string from, string to) => _files.Rename(from, to);

    public void Delete(string path) => _files.Delete(path);

    public void SyncDirectory(string path) => _files.SyncDirectory(path);

    public IDisposable? TryLock(string path) => _files.TryLock(path);

    private enum CountedUse
    {
        Other,
        Journal,
        Spare,
    }

    private sealed class CountedFile : IFile
    {
        private readonly CountedFiles _owner;
        private readonly IFile _file;
        private readonly CountedUse _use;

        public CountedFile(CountedFiles owner, IFile file, CountedUse use)
        {
            _owner = owner;
            _file = file;
            _use = use;
        }

        public long Length => _file.Length;

        public int Read(long offset, Span<byte> bytes)
        {
            if (_owner.Reader is not { IsOfCaller: true })
                _owner.Reader = ThreadClock.OfCaller();
            return _file.Read(offset, bytes);
        }

        public void Write(long offset, ReadOnlySpan<FilePart> parts)
        {
            _file.Write(offset, parts);
            if (_use == CountedUse.Other)
                return;
            var bytes = 0L;
            foreach (var part in parts)
                bytes += (long)part.Length;
            if (_use == CountedUse.Spare)
            {
                Interlocked.Add(ref _owner._spareBytes, bytes);
                return;
            }

            Interlocked.Add(ref _owner._bytes, bytes);
            Interlocked.Increment(ref _owner._writes);
        }

        public void SetLength(long length) => _file.SetLength(length);

        public bool TryReserve(long length) => _file.TryReserve(length);

        public void Sync()
        {
            _file.Sync();
            if (_use == CountedUse.Journal)
                Interlocked.Increment(ref _owner._syncs);
        }

        public void Dispose() => _file.Dispose();
    }
}
