using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using DisruptorStream.Durability.Files;
using DisruptorStream.Saving;

namespace DisruptorStream.Durability.Snapshots;

/// <summary>The snapshots of a directory.</summary>
/// <remarks>
/// <para>A snapshot is written to a temporary file, synced, renamed, and its directory synced: whatever crashes, what
/// was there before is there, and the new one is whole or not there.</para>
/// <para>The store has checksums of its own (<see cref="SnapshotHeader"/>): no byte of the content is handed out
/// before all of it has been read and found right, so the file is read twice. Any content will do.</para>
/// <para>One thread at a time; who writes and prunes owns the directory.</para>
/// </remarks>
internal sealed class SnapshotStore
{
    private const string Prefix = "snapshot-";
    private const string Suffix = ".state";
    private const string TemporarySuffix = Suffix + ".tmp";
    private const int Digits = 20;
    private const int BufferBytes = 256 * 1024;

    private readonly IFileSystem _files;
    private readonly string _directory;

    /// <param name="files">Where the directory is.</param>
    /// <param name="directory">It must be there. What is not named like a snapshot is left alone.</param>
    public SnapshotStore(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
    }

    /// <summary>The name of the file of a snapshot.</summary>
    public static string NameOf(long sequence) => NameOf(sequence, Suffix);

    /// <summary>Writes a snapshot. When this returns it is durable; in place of one of the same sequence.</summary>
    /// <param name="info">What it is of.</param>
    /// <param name="content">Writes the content to the stream that it is given, forward only.</param>
    /// <remarks>
    /// Where it throws, those that were there are there, this one may be there too, and the temporary file may be left
    /// for <see cref="Prune"/>.
    /// </remarks>
    /// <exception cref="IOException">The file system says no.</exception>
    public SnapshotEntry Write(SnapshotInfo info, Action<Stream> content)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(info.Sequence, nameof(info));
        ArgumentOutOfRangeException.ThrowIfNotEqual(info.FormatVersion, SnapshotHeader.Version, nameof(info));
        var name = NameOf(info.Sequence);
        var temporary = PathOf(NameOf(info.Sequence, TemporarySuffix));
        _files.DeleteLeftOver(temporary);
        var length = WriteFile(temporary, info, content);
        _files.Rename(temporary, PathOf(name));
        _files.SyncDirectory(_directory);
        return new SnapshotEntry(name, info.Sequence, length, info, IsChecked: true, null);
    }

    /// <summary>All snapshots, newest first, each with its info or with why it is not valid.</summary>
    /// <param name="isWhole">
    /// Whether to read the content too: without, its bytes are not checked, which <see cref="Open"/> does later.
    /// </param>
    /// <exception cref="IOException">The directory cannot be read. Of a file this is told by its entry.</exception>
    public IReadOnlyList<SnapshotEntry> List(bool isWhole = true)
    {
        var entries = new List<SnapshotEntry>();
        foreach (var name in _files.List(_directory))
        {
            if (TryParse(name, Suffix, out var sequence))
                entries.Add(Look(name, sequence, isWhole));
        }

        entries.Sort(static (a, b) => b.Sequence.CompareTo(a.Sequence));
        return entries;
    }

    /// <summary>As <see cref="List"/>, for who wants the newest: the content is read until one is valid.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public IReadOnlyList<SnapshotEntry> ListToNewest()
    {
        SnapshotEntry[] entries = [.. List(isWhole: false)];
        for (var index = 0; index < entries.Length; index++)
        {
            entries[index] = Check(entries[index]);
            if (entries[index].IsValid)
                break;
        }

        return entries;
    }

    /// <summary>Reads the content of a snapshot, where that was not done.</summary>
    public SnapshotEntry Check(SnapshotEntry entry) =>
        entry.IsChecked || !entry.IsValid ? entry : Look(entry.Name, entry.Sequence, isWhole: true);

    /// <summary>Opens the content of a snapshot, after all of it has been checked.</summary>
    /// <param name="sequence">Which one.</param>
    /// <param name="info">What it is of.</param>
    /// <param name="isChecked">
    /// Whether this process has written or checked it, so that the header is enough. Who loads it as a state checks it
    /// again on the way.
    /// </param>
    /// <exception cref="StateException">It is not valid.</exception>
    /// <exception cref="IOException">The file system says no, or there is no such snapshot.</exception>
    public Stream Open(long sequence, out SnapshotInfo info, bool isChecked = false)
    {
        var name = NameOf(sequence);
        var file = _files.Open(PathOf(name));
        try
        {
            var header = ReadHeader(file, sequence);
            if (!isChecked)
                CheckContent(file, header);
            info = header.Info;
            return new SnapshotReadStream(file, header.LengthBytes, header.ContentBytes);
        }
        catch (StateException problem)
        {
            file.Dispose();
            throw new StateException(
                $"The snapshot '{PathOf(name)}' cannot be used: {problem.Message.TrimEnd('.')}; use an older one.",
                problem);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Deletes old snapshots, and temporary files that a crash has left.</summary>
    /// <param name="keep">How many of the newest valid ones stay, 1 or more.</param>
    /// <param name="reached">
    /// How far those are who need results again: the newest valid one that has no result beyond these numbers stays
    /// too. A query that is not named here does not count.
    /// </param>
    /// <param name="reachedDropped">The same of dropped events, in the order of the plan.</param>
    /// <remarks>
    /// All files are read and checked. What is kept is durable before the first is deleted. One that is not valid
    /// stays while it is newer than the oldest that is kept on purpose.
    /// </remarks>
    /// <exception cref="IOException">The file system says no; some may be deleted by then.</exception>
    public SnapshotPruning Prune(
        int keep, IReadOnlyList<QueryNumber> reached, IReadOnlyList<long>? reachedDropped = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        var entries = List();
        var kept = Choose(entries, keep, info => IsWithin(info, reached, reachedDropped ?? []), out var isReached);

        // A process may have ended between renaming a file and syncing its new name.
        _files.SyncDirectory(_directory);
        var deleted = DeleteTemporaries();
        if (kept.Count > 0)
            deleted += DeleteOthers(entries, kept);
        if (deleted > 0)
            _files.SyncDirectory(_directory);
        return new SnapshotPruning(kept, isReached, deleted);
    }

    private static string NameOf(long sequence, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sequence:D20}{suffix}");

    private static List<SnapshotEntry> Choose(
        IReadOnlyList<SnapshotEntry> entries, int keep, Func<SnapshotInfo, bool> isWithin, out bool hasReached)
    {
        var kept = new List<SnapshotEntry>();
        hasReached = false;
        foreach (var entry in entries)
        {
            if (!entry.IsValid)
                continue;
            var isReached = !hasReached && isWithin(entry.Info!);
            hasReached |= isReached;
            if (kept.Count < keep || isReached)
                kept.Add(entry);
        }

        return kept;
    }

    private static bool IsWithin(
        SnapshotInfo info, IReadOnlyList<QueryNumber> reached, IReadOnlyList<long> reachedDropped)
    {
        for (var query = 0; query < Math.Min(info.Dropped.Count, reachedDropped.Count); query++)
        {
            if (info.Dropped[query] > reachedDropped[query])
                return false;
        }

        foreach (var (query, number) in info.Results)
        {
            foreach (var limit in reached)
            {
                if (number > limit.Number && string.Equals(limit.Query, query, StringComparison.Ordinal))
                    return false;
            }
        }

        return true;
    }

    private static bool TryParse(string name, string suffix, out long sequence)
    {
        sequence = 0;
        return name.Length == Prefix.Length + Digits + suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && long.TryParse(
                name.AsSpan(Prefix.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    private static SnapshotHeader ReadHeader(IFile file, long sequence)
    {
        var length = file.Length;
        var prefix = new byte[64];
        var headerBytes = SnapshotHeader.LengthOf(prefix.AsSpan(0, file.Read(0, prefix)));
        var bytes = headerBytes <= length ? new byte[headerBytes] : [];
        if (bytes.Length == 0 || file.Read(0, bytes) < bytes.Length)
            throw new StateException("it ends in its header");
        var header = SnapshotHeader.Read(bytes);
        if (header.Info.Sequence != sequence)
            throw new StateException($"it is of sequence {header.Info.Sequence}, which its name does not say");
        if (length - headerBytes != header.ContentBytes)
        {
            throw new StateException(
                $"its content has {length - headerBytes} bytes, and its header says {header.ContentBytes}");
        }

        return header;
    }

    private static void CheckContent(IFile file, SnapshotHeader header)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var hash = new XxHash3();
            for (var at = 0L; at < header.ContentBytes;)
            {
                var count = (int)Math.Min(BufferBytes, header.ContentBytes - at);
                if (file.Read(header.LengthBytes + at, buffer.AsSpan(0, count)) < count)
                    throw new StateException("it became shorter while it was read");
                hash.Append(buffer.AsSpan(0, count));
                at += count;
            }

            if (hash.GetCurrentHashAsUInt64() != header.ContentHash)
                throw new StateException("its content is damaged: the checksum is wrong");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private SnapshotEntry Look(string name, long sequence, bool isWhole)
    {
        var length = 0L;
        SnapshotInfo? info = null;
        try
        {
            using var file = _files.Open(PathOf(name));
            length = file.Length;
            var header = ReadHeader(file, sequence);
            info = header.Info;
            if (isWhole)
                CheckContent(file, header);
            return new SnapshotEntry(name, sequence, length, info, isWhole, null);
        }
        catch (Exception problem) when (problem is StateException or IOException or UnauthorizedAccessException)
        {
            return new SnapshotEntry(name, sequence, length, info, isWhole, problem.Message.TrimEnd('.'));
        }
    }

    private long WriteFile(string path, SnapshotInfo info, Action<Stream> content)
    {
        try
        {
            using var file = _files.Create(path);
            var start = SnapshotHeader.Write(info, 0, 0).Length;
            using var stream = new SnapshotWriteStream(file, start);
            content(stream);
            stream.Flush();
            stream.WriteHeader(SnapshotHeader.Write(info, stream.Length, stream.Hash));
            file.Sync();
            return start + stream.Length;
        }
        catch
        {
            TryDelete(path);
            throw;
        }
    }

    private void TryDelete(string path)
    {
        try
        {
            _files.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to tell; the next pruning takes the file away.
        }
    }

    private int DeleteTemporaries()
    {
        var deleted = 0;
        foreach (var name in _files.List(_directory))
        {
            if (!TryParse(name, TemporarySuffix, out _))
                continue;
            _files.Delete(PathOf(name));
            deleted++;
        }

        return deleted;
    }

    private int DeleteOthers(IReadOnlyList<SnapshotEntry> entries, List<SnapshotEntry> kept)
    {
        var deleted = 0;
        foreach (var entry in entries)
        {
            if (kept.Contains(entry) || (!entry.IsValid && entry.Sequence > kept[^1].Sequence))
                continue;
            _files.Delete(PathOf(entry.Name));
            deleted++;
        }

        return deleted;
    }
}
