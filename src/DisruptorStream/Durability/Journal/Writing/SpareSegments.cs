using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal.Writing;

/// <summary>Segments that wait to be written: whole files, so what goes into them needs no more of the disk.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class SpareSegments
{
    private const int ZeroBytes = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly long _segmentBytes;
    private readonly int _wanted;
    private readonly bool _reserves;
    private readonly Queue<string> _ready = new();
    private readonly byte[] _zeros = GC.AllocateArray<byte>(ZeroBytes, pinned: true);
    private readonly FilePart[] _parts = new FilePart[1];
    private readonly Lock _zeroGate = new();
    private long _lastNumber;
    private Exception? _failure;

    /// <param name="files">The disk.</param>
    /// <param name="directory">Where they lie.</param>
    /// <param name="segmentBytes">How long one is.</param>
    /// <param name="wanted">How many are to be ready.</param>
    /// <param name="reserves">
    /// Whether those that are made ahead are reserved, and not filled: half of the writes, for syncs that have more to
    /// do.
    /// </param>
    public SpareSegments(IFileSystem files, string directory, long segmentBytes, int wanted, bool reserves)
    {
        _files = files;
        _directory = directory;
        _segmentBytes = segmentBytes;
        _wanted = wanted;
        _reserves = reserves;
    }

    /// <summary>Why the last one could not be made; null when it could.</summary>
    // Pairs with the writes in Step and Make.
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>How many are ready.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _ready.Count;
        }
    }

    /// <summary>Whether one more is wanted.</summary>
    public bool IsShort => Count < _wanted;

    /// <summary>Takes over what an earlier process left: files of the right length; others are deleted.</summary>
    public void TakeOver(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            _lastNumber = Math.Max(
                _lastNumber, JournalFormat.NumberOf(Path.GetFileName(path), JournalFormat.SpareExtension));
            Erase(path);
            Keep(path);
        }
    }

    /// <summary>Makes a segment that is not needed any more a spare, or deletes it where there are enough.</summary>
    public void Recycle(string path)
    {
        if (!IsShort)
        {
            _files.Delete(path);
            return;
        }

        var spare = NextPath();
        _files.Rename(path, spare);
        Keep(spare);
    }

    /// <summary>The same of a segment that an earlier process left, and that counts no more.</summary>
    public void RecycleLeftover(string path)
    {
        Erase(path);
        Recycle(path);
    }

    /// <summary>One that is ready; null where there is none.</summary>
    public string? TryTake()
    {
        lock (_gate)
            return _ready.TryDequeue(out var path) ? path : null;
    }

    /// <summary>
    /// Makes one at once, whether it is wanted or not. Somebody waits for it, so it is reserved where that can be.
    /// </summary>
    public string Make(long length) => Make(length, reserves: true);

    /// <summary>Makes one where one is wanted.</summary>
    /// <returns>Whether it made one: false where none is wanted, or where it failed (<see cref="Failure"/>).</returns>
    public bool Step()
    {
        if (!IsShort)
            return false;
        try
        {
            var path = Make(_segmentBytes, _reserves);
            lock (_gate)
                _ready.Enqueue(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Created, reserved or filled with zeros, synced, its name synced.
    private string Make(long length, bool reserves)
    {
        var path = NextPath();
        try
        {
            using (var file = _files.Create(path))
            {
                if (!reserves || !file.TryReserve(length))
                    Fill(file, length);
                file.Sync();
            }

            _files.SyncDirectory(_directory);
            Volatile.Write(ref _failure, null);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _failure, error);
            DeleteHalf(path);
            throw;
        }
    }

    /// <summary>Takes the header off a file, durably.</summary>
    /// <remarks>
    /// It may be that of a segment which a power cut took the name from. Under the same number again, the file would be
    /// that segment for as long as its new header is not durable.
    /// </remarks>
    private void Erase(string path)
    {
        using var file = _files.Open(path);
        if (file.Length == 0)
            return;
        lock (_zeroGate)
        {
            var zeros = Marshal.UnsafeAddrOfPinnedArrayElement(_zeros, 0);
            _parts[0] = new FilePart(zeros, (nuint)Math.Min(JournalFormat.SegmentHeaderBytes, file.Length));
            file.Write(0, _parts);
        }

        file.Sync();
    }

    private void Keep(string path)
    {
        long length;
        using (var file = _files.Open(path))
            length = file.Length;
        if (length != _segmentBytes || !IsShort)
        {
            _files.Delete(path);
            return;
        }

        lock (_gate)
            _ready.Enqueue(path);
    }

    private string NextPath() => Path.Combine(
        _directory, JournalFormat.NameOf(Interlocked.Increment(ref _lastNumber), JournalFormat.SpareExtension));

    private void Fill(IFile file, long length)
    {
        lock (_zeroGate)
        {
            var zeros = Marshal.UnsafeAddrOfPinnedArrayElement(_zeros, 0);
            for (var offset = 0L; offset < length; offset += ZeroBytes)
            {
                _parts[0] = new FilePart(zeros, (nuint)Math.Min(ZeroBytes, length - offset));
                file.Write(offset, _parts);
            }
        }
    }

    // Where even that fails, the file is found and deleted when the journal is opened again.
    private void DeleteHalf(string path)
    {
        try
        {
            _files.Delete(path);
        }
        catch (FileNotFoundException)
        {
            // Not even its name was made: the first error is the one to tell.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _failure, error);
        }
    }
}
