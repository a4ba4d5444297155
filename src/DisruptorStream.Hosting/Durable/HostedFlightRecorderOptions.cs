using DisruptorStream.Durability.Recording;
using DisruptorStream.Hosting.Validation;

namespace DisruptorStream.Hosting.Durable;

/// <summary>What the flight recorder of a hosted processor keeps, and where its dumps go.</summary>
/// <remarks>
/// They start from what the step RecordTo says. A processor without a directory for dumps has no recorder. Validated
/// and read with the other options of <see cref="HostedProcessorOptions"/>.
/// </remarks>
public sealed class HostedFlightRecorderOptions
{
    private static readonly FlightRecorderOptions Defaults = new();

    /// <summary>
    /// Where the dumps go, each in a directory of its own; a relative path is one below the host's content root.
    /// Default null: that of the step RecordTo, and without it there is no recorder.
    /// </summary>
    [DirectoryText]
    public string? DumpDirectory { get; set; }

    /// <inheritdoc cref="FlightRecorderOptions.Slots" path="/summary|/remarks"/>
    [LongRange(1, 1_000_000_000)]
    public long Slots { get; set; } = Defaults.Slots;

    /// <inheritdoc cref="FlightRecorderOptions.MaxBytes" path="/summary"/>
    [LongRange(1L << 20, 1L << 40)]
    public long MaxBytes { get; set; } = Defaults.MaxBytes;

    /// <summary>
    /// Where the recording lies: a directory of this processor alone; a relative path is one below the host's content
    /// root. Null for the memory of the process. Default null.
    /// </summary>
    [DirectoryText]
    public string? Directory { get; set; }

    /// <inheritdoc cref="FlightRecorderOptions.OnFault"/>
    public bool OnFault { get; set; } = Defaults.OnFault;

    /// <inheritdoc cref="FlightRecorderOptions.OnDrops" path="/summary"/>
    [LongRange(1, long.MaxValue)]
    public long? OnDrops { get; set; }

    /// <inheritdoc cref="FlightRecorderOptions.OnLatency" path="/summary|/remarks"/>
    [TimeRange("00:00:00.0000010", "1.00:00:00")]
    public TimeSpan? OnLatency { get; set; }

    /// <inheritdoc cref="FlightRecorderOptions.DumpInterval" path="/summary"/>
    [TimeRange("00:00:00", "1.00:00:00")]
    public TimeSpan DumpInterval { get; set; } = Defaults.DumpInterval;

    /// <inheritdoc cref="FlightRecorderOptions.DumpsKept" path="/summary"/>
    [WholeRange(1, 1_000)]
    public int DumpsKept { get; set; } = Defaults.DumpsKept;

    /// <inheritdoc cref="FlightRecorderOptions.HashKeys"/>
    public bool HashKeys { get; set; } = Defaults.HashKeys;

    /// <inheritdoc cref="FlightRecorderOptions.HashSecret" path="/summary"/>
    /// <remarks>Keep it where the host's other secrets are. It needs <see cref="HashKeys"/>.</remarks>
    [HashSecret]
    public string? HashSecret { get; set; }

    /// <summary>Whether something beside the directory is not as it is by default: somebody wants a recorder.</summary>
    internal bool IsChanged => ToEngine(Directory) != Defaults;

    /// <summary>Takes over what the step RecordTo says.</summary>
    internal void StartFrom(string dumpDirectory, FlightRecorderOptions options)
    {
        DumpDirectory = dumpDirectory;
        Slots = options.Slots;
        MaxBytes = options.MaxBytes;
        Directory = options.Directory;
        OnFault = options.OnFault;
        OnDrops = options.OnDrops;
        OnLatency = options.OnLatency;
        DumpInterval = options.DumpInterval;
        DumpsKept = options.DumpsKept;
        HashKeys = options.HashKeys;
        HashSecret = options.HashSecret;
    }

    /// <summary>The options of the engine.</summary>
    /// <param name="directory">Where the recording lies; null for in memory.</param>
    internal FlightRecorderOptions ToEngine(string? directory) => new()
    {
        Slots = Slots,
        MaxBytes = MaxBytes,
        Directory = directory,
        OnFault = OnFault,
        OnDrops = OnDrops,
        OnLatency = OnLatency,
        DumpInterval = DumpInterval,
        DumpsKept = DumpsKept,
        HashKeys = HashKeys,
        HashSecret = HashSecret,
    };
}
