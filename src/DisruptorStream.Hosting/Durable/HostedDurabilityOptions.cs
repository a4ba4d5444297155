using DisruptorStream.Durability;
using DisruptorStream.Hosting.Validation;

namespace DisruptorStream.Hosting.Durable;

/// <summary>Where and how a hosted processor keeps its journal and its snapshots.</summary>
/// <remarks>
/// They start from what the step DurableIn says. A processor without a directory is not durable. Validated and read
/// with the other options of <see cref="HostedProcessorOptions"/>.
/// </remarks>
public sealed class HostedDurabilityOptions
{
    private static readonly DurabilityOptions Defaults = new();
    private static readonly TimeSpan DefaultStartWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The directory, of this processor alone; a relative path is one below the host's content root. Default null: that
    /// of the step DurableIn, and without it the processor is not durable.
    /// </summary>
    [DirectoryText]
    public string? Directory { get; set; }

    /// <inheritdoc cref="DurabilityOptions.Mode"/>
    [DefinedValue<DurabilityMode>]
    public DurabilityMode Mode { get; set; } = Defaults.Mode;

    /// <inheritdoc cref="DurabilityOptions.SyncInterval" path="/summary"/>
    [TimeRange("00:00:00.010", "1.00:00:00")]
    public TimeSpan SyncInterval { get; set; } = Defaults.SyncInterval;

    /// <inheritdoc cref="DurabilityOptions.SnapshotInterval" path="/summary"/>
    [TimeRange("00:00:00.010", "1.00:00:00")]
    public TimeSpan SnapshotInterval { get; set; } = Defaults.SnapshotInterval;

    /// <inheritdoc cref="DurabilityOptions.Snapshots"/>
    [DefinedValue<SnapshotMethod>]
    public SnapshotMethod Snapshots { get; set; } = Defaults.Snapshots;

    /// <inheritdoc cref="DurabilityOptions.SnapshotsKept" path="/summary"/>
    [WholeRange(1, 1_000)]
    public int SnapshotsKept { get; set; } = Defaults.SnapshotsKept;

    /// <inheritdoc cref="DurabilityOptions.SegmentBytes" path="/summary"/>
    [LongRange(1 << 10, 1 << 30, MultipleOf = 8)]
    public long SegmentBytes { get; set; } = Defaults.SegmentBytes;

    /// <inheritdoc cref="DurabilityOptions.MaxJournalBytes" path="/summary"/>
    [LongRange(1, long.MaxValue)]
    public long? MaxJournalBytes { get; set; }

    /// <inheritdoc cref="DurabilityOptions.OnJournalLimit"/>
    [DefinedValue<JournalLimitPolicy>]
    public JournalLimitPolicy OnJournalLimit { get; set; } = Defaults.OnJournalLimit;

    /// <inheritdoc cref="DurabilityOptions.OnSyncFailure"/>
    [DefinedValue<SyncFailurePolicy>]
    [SyncFailureMode]
    public SyncFailurePolicy OnSyncFailure { get; set; } = Defaults.OnSyncFailure;

    /// <inheritdoc cref="DurabilityOptions.OnPlanChange"/>
    [DefinedValue<PlanChangePolicy>]
    public PlanChangePolicy OnPlanChange { get; set; } = Defaults.OnPlanChange;

    /// <summary>
    /// How long the host's start waits for the end of a recovery; then the host starts without it, so that its health
    /// checks can tell how far it has come. From 0 to 1 day. Default 5 s.
    /// </summary>
    /// <remarks>
    /// A recovery that fails within that time keeps the host from starting. One that fails later is a failure of the
    /// processor: it stops the host, unless <see cref="HostedProcessorOptions.StopHostOnFault"/> says otherwise.
    /// </remarks>
    [TimeRange("00:00:00", "1.00:00:00")]
    public TimeSpan StartWait { get; set; } = DefaultStartWait;

    /// <summary>Whether something beside the directory is not as it is by default: somebody wants it durable.</summary>
    internal bool IsChanged =>
        StartWait != DefaultStartWait || ToEngine(progress: null) != Defaults;

    /// <summary>Takes over what the step DurableIn says.</summary>
    internal void StartFrom(string directory, DurabilityOptions options)
    {
        Directory = directory;
        Mode = options.Mode;
        SyncInterval = options.SyncInterval;
        SnapshotInterval = options.SnapshotInterval;
        Snapshots = options.Snapshots;
        SnapshotsKept = options.SnapshotsKept;
        SegmentBytes = options.SegmentBytes;
        MaxJournalBytes = options.MaxJournalBytes;
        OnJournalLimit = options.OnJournalLimit;
        OnSyncFailure = options.OnSyncFailure;
        OnPlanChange = options.OnPlanChange;
    }

    /// <summary>The options of the engine.</summary>
    /// <param name="progress">Told how far a recovery has come.</param>
    internal DurabilityOptions ToEngine(IProgress<RecoveryProgress>? progress) => new()
    {
        Mode = Mode,
        SyncInterval = SyncInterval,
        SnapshotInterval = SnapshotInterval,
        Snapshots = Snapshots,
        SnapshotsKept = SnapshotsKept,
        SegmentBytes = SegmentBytes,
        MaxJournalBytes = MaxJournalBytes,
        OnJournalLimit = OnJournalLimit,
        OnSyncFailure = OnSyncFailure,
        OnPlanChange = OnPlanChange,
        Progress = progress,
    };
}
