using DisruptorStream.Durability;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Recording;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>What a flight recorder keeps, and where its dumps go.</summary>
/// <param name="DumpDirectory">Where the dumps of triggers go, each in a directory of its own.</param>
/// <param name="Options">What it keeps, and when it dumps that.</param>
internal sealed record RecorderSettings(string DumpDirectory, FlightRecorderOptions Options)
{
    private const long LeastSegmentBytes = 1 << 14;
    private const long MostSegmentBytes = 1 << 24;
    private const long BytesPerSlot = 16;
    private const int SegmentsPerRecording = 8;

    /// <summary>Those of the builder.</summary>
    /// <exception cref="ArgumentException">The directory is empty, or the options do not go together.</exception>
    public static RecorderSettings Of(string dumpDirectory, FlightRecorderOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dumpDirectory);
        options ??= new FlightRecorderOptions();
        if (options is { HashSecret: not null, HashKeys: false })
        {
            throw new ArgumentException(
                "HashSecret is set and HashKeys is not: the recording would have the keys as they are; set HashKeys "
                + "too, or leave HashSecret out.",
                nameof(options));
        }

        return new RecorderSettings(Path.GetFullPath(dumpDirectory), options);
    }

    /// <summary>The disk.</summary>
    public IFileSystem Disk { get; init; } = FileSystems.Default;

    /// <summary>Whether states are copied and triggers looked at by hand, and not by a thread.</summary>
    public bool IsByHand { get; init; }

    /// <summary>Where the recording lies, as a whole path; null for the memory of the process.</summary>
    public string? Directory => Options.Directory is { } directory ? Path.GetFullPath(directory) : null;

    /// <summary>So that what is held is some files long: a file is given up as a whole.</summary>
    private long SegmentBytes => Math.Clamp(
        Math.Min(Options.Slots * BytesPerSlot, Options.MaxBytes) / SegmentsPerRecording,
        LeastSegmentBytes,
        MostSegmentBytes) & -LeastSegmentBytes;

    /// <summary>The same files, as those of a durable processor.</summary>
    /// <param name="files">Where they are.</param>
    public DurableSettings ToDurable(IFileSystem files)
    {
        var options = new DurabilityOptions { Snapshots = SnapshotMethod.Copy, SegmentBytes = SegmentBytes };
        return new DurableSettings(Directory ?? Path.GetFullPath("recording"), options)
        {
            Files = files,
            IsByHand = IsByHand,
        };
    }
}
