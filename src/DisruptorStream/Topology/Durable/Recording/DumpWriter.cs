using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Snapshots;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>Copies a recording to a directory.</summary>
internal sealed class DumpWriter
{
    private const int BufferBytes = 1 << 18;

    private readonly IFileSystem _disk;
    private readonly string _directory;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly FilePart[] _parts = new FilePart[1];
    private readonly List<string> _written = [];

    /// <param name="disk">Where it goes.</param>
    /// <param name="directory">The directory there: a new or empty one.</param>
    public DumpWriter(IFileSystem disk, string directory)
    {
        _disk = disk;
        _directory = directory;
    }

    /// <summary>Copies it. Where that fails, what was copied is taken away again.</summary>
    /// <returns>How many bytes there are.</returns>
    /// <exception cref="IOException">The directory holds something, or a disk says no.</exception>
    public long Write(HeldRecording recording)
    {
        _disk.CreateDirectory(_directory);
        if (_disk.List(_directory).Count > 0)
        {
            throw new IOException(
                $"The directory '{_directory}' holds files, and a recording is dumped into one of its own; choose a "
                + "new one.");
        }

        try
        {
            return WriteFiles(recording);
        }
        catch
        {
            TakeAway();
            throw;
        }
    }

    /// <summary>The oldest files last: what is there without them is refused by who reads it.</summary>
    private long WriteFiles(HeldRecording recording)
    {
        var bytes = WriteSeal(recording);
        for (var index = recording.Segments.Count - 1; index >= 0; index--)
        {
            var segment = recording.Segments[index];
            if (recording.BytesOf(segment) is var length and > 0)
                bytes += Copy(recording.Files, segment.Path, length);
        }

        for (var index = recording.States.Count - 1; index >= 0; index--)
        {
            var name = SnapshotStore.NameOf(recording.States[index]);
            bytes += Copy(recording.Files, Path.Combine(recording.Directory, name), length: null);
        }

        _disk.SyncDirectory(_directory);
        return bytes;
    }

    private long WriteSeal(HeldRecording recording)
    {
        var place = JournalSegment.IndexOf([.. recording.Segments], recording.End.Segment);
        if (place < 0)
            return 0;
        var bytes = DumpSeal.Of(recording.Segments[place], recording.End, out var name);
        bytes.CopyTo(_buffer, 0);
        var target = Path.Combine(_directory, name);
        using var file = _disk.Create(target);
        _written.Add(target);
        _parts[0] = new FilePart(Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0), (nuint)bytes.Length);
        file.Write(0, _parts);
        file.Sync();
        return bytes.Length;
    }

    private long Copy(IFileSystem files, string path, long? length)
    {
        using var source = files.Open(path);
        var end = length ?? source.Length;
        var target = Path.Combine(_directory, Path.GetFileName(path));
        using var copy = _disk.Create(target);
        _written.Add(target);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0);
        for (var at = 0L; at < end;)
        {
            var count = (int)Math.Min(_buffer.Length, end - at);
            if (source.Read(at, _buffer.AsSpan(0, count)) < count)
                throw new IOException($"The file '{path}' of the recording became shorter while it was read.");
            _parts[0] = new FilePart(address, (nuint)count);
            copy.Write(at, _parts);
            at += count;
        }

        copy.Sync();
        return end;
    }

    private void TakeAway()
    {
        try
        {
            foreach (var path in _written)
                _disk.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to tell; what is left is refused as a recording.
        }
    }
}
