using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Snapshots;

namespace DisruptorStream.Durability.Inspection;

/// <summary>What lies in the directory of a durable processor.</summary>
internal sealed record DirectoryState
{
    private const string LockName = "lock";

    /// <summary>The directory, as a whole path.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether an owner had it while it was read; null where that cannot be found out.</summary>
    public required bool? IsInUse { get; init; }

    /// <summary>The journal.</summary>
    public required JournalContents Journal { get; init; }

    /// <summary>The snapshots, newest first, each read to its end.</summary>
    public required IReadOnlyList<SnapshotEntry> Snapshots { get; init; }

    /// <summary>Whether it holds nothing: no stream was ever kept there.</summary>
    public bool IsEmpty => Journal.IsEmpty && Snapshots.Count == 0;

    /// <summary>The newest snapshot without a fault; null for none.</summary>
    public SnapshotInfo? Newest => DirectoryPlan.NewestOf(Snapshots);

    /// <summary>The bytes of the journal that are used, without those of a file before a missing one.</summary>
    public long JournalBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var segment in Journal.Segments)
                bytes += Math.Max(segment.EndOffset, 0);
            return bytes;
        }
    }

    /// <summary>Reads a directory, and changes nothing there.</summary>
    /// <remarks>
    /// It keeps owners out meanwhile, where it may. Where one has the directory already, what is seen is of about one
    /// instant, and its end may look half written.
    /// </remarks>
    /// <exception cref="IOException">There is no such directory, or it cannot be read.</exception>
    /// <exception cref="JournalException">A file of the journal cannot be read, or is of a newer release.</exception>
    public static DirectoryState Read(string directory)
    {
        var path = Path.GetFullPath(directory);
        var files = new ReadOnlyFileSystem();
        files.CreateDirectory(path);
        using var hold = TryHold(Path.Combine(path, LockName), out var isInUse);
        return new DirectoryState
        {
            Directory = path,
            IsInUse = isInUse,
            Journal = JournalContents.Open(files, path),
            Snapshots = new SnapshotStore(files, path).List(),
        };
    }

    private static IDisposable? TryHold(string path, out bool? isInUse)
    {
        isInUse = false;
        if (!File.Exists(path))
            return null;
        try
        {
            var hold = FileSystems.Default.TryLock(path);
            isInUse = hold is null;
            return hold;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            isInUse = null;
            return null;
        }
    }
}
