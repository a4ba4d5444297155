using System.Diagnostics;
using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>
/// Writes as many bytes as a journal did, in as many calls, with as many syncs, from one buffer to a file that is there
/// already, filled with zeros and synced: nothing can be written with fewer steps.
/// </summary>
internal sealed class DiskProbe : IDisposable
{
    private const int FillBytes = 1 << 20;

    private readonly IFile _file;
    private readonly FilePart[] _parts = new FilePart[1];
    private byte[] _buffer = GC.AllocateArray<byte>(FillBytes, pinned: true);
    private long _length;

    /// <param name="directory">Where the file is made; who owns the directory deletes it.</param>
    public DiskProbe(string directory) => _file = FileSystems.Default.Create(Path.Combine(directory, "probe"));

    /// <returns>How long it took, the last sync included.</returns>
    public TimeSpan Run(DiskCounts what, Action<TimeSpan>? onSynced = null)
    {
        var writes = Math.Max(1, what.Writes);
        var syncs = Math.Max(1, what.Syncs);
        var bytes = what.Bytes / writes;
        Prepare(bytes, bytes * writes);
        var begun = Stopwatch.GetTimestamp();
        var synced = 0L;
        for (var write = 1L; write <= writes; write++)
        {
            Write(bytes * (write - 1), bytes);
            if (write * syncs / writes == synced)
                continue;
            synced++;
            var before = Stopwatch.GetTimestamp();
            _file.Sync();
            onSynced?.Invoke(Stopwatch.GetElapsedTime(before));
        }

        return Stopwatch.GetElapsedTime(begun);
    }

    public void Dispose() => _file.Dispose();

    private void Write(long offset, long bytes)
    {
        _parts[0] = new FilePart(Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0), (nuint)bytes);
        _file.Write(offset, _parts);
    }

    private void Prepare(long ofWrite, long all)
    {
        for (; _length < all; _length += FillBytes)
            Write(_length, FillBytes);
        _file.Sync();
        if (_buffer.Length < ofWrite)
            _buffer = GC.AllocateArray<byte>((int)ofWrite, pinned: true);

        // Not zeros, which some disks do not store.
        new Random(1).NextBytes(_buffer);
    }
}
