using DisruptorStream.Durability.Journal;
using DisruptorStream.Messages;

namespace DisruptorStream.Durability;

/// <summary>How a processor keeps its journal and its snapshots.</summary>
public sealed record DurabilityOptions
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    /// <summary>What results wait for. Default <see cref="DurabilityMode.Async"/>.</summary>
    public DurabilityMode Mode
    {
        get;
        init
        {
            OptionGuard.Defined(value, nameof(Mode));
            field = value;
        }
    }

    /// <summary>
    /// Of <see cref="DurabilityMode.Async"/>, how often the journal is synced: 10 ms to 1 day. Default 1 s. It is also
    /// how far the snapshots may lag.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public TimeSpan SyncInterval
    {
        get;
        init => field = OptionGuard.InRange(value, ShortestInterval, LongestInterval);
    } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a snapshot is taken, while there is something new: 10 ms to 1 day. Default 1 min. A recovery handles
    /// again about as many events as come in this time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public TimeSpan SnapshotInterval
    {
        get;
        init => field = OptionGuard.InRange(value, ShortestInterval, LongestInterval);
    } = TimeSpan.FromMinutes(1);

    /// <summary>How snapshots are taken. Default <see cref="SnapshotMethod.Shadow"/>.</summary>
    /// <remarks>
    /// <see cref="SnapshotMethod.Copy"/> is for hosts that have no memory for a second state. It takes time of the
    /// threads that handle events, while a snapshot is taken.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is none of them.</exception>
    public SnapshotMethod Snapshots
    {
        get;
        init
        {
            OptionGuard.Defined(value, nameof(Snapshots));
            field = value;
        }
    }

    /// <summary>How many snapshots are kept, with the journal from the oldest on: 1 to 1,000. Default 3.</summary>
    /// <remarks>One that a sink still needs is kept beside them.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public int SnapshotsKept { get; init => field = OptionGuard.InRange(value, 1, 1_000); } = 3;

    /// <summary>
    /// The length of a file of the journal in bytes: 1 KiB or more, a multiple of 8. Default 64 MiB. Two more are kept
    /// ready.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range, or no multiple of 8.</exception>
    public long SegmentBytes
    {
        get;
        init
        {
            _ = new JournalOptions { SegmentBytes = value };
            field = value;
        }
    } = 64L << 20;

    /// <summary>
    /// The most bytes of the journal, those ready for use left out: at least 4 segments are always taken, and what is
    /// written at once (up to 16,384 events of the ring) may go beyond. Default none. It is reached where snapshots
    /// fail, are far apart, or a sink stays behind. Then publishers wait, and only the newest snapshot is kept; or the
    /// processor stops, as <see cref="OnJournalLimit"/> says.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public long? MaxJournalBytes
    {
        get;
        init
        {
            if (value is { } bytes)
                OptionGuard.InRange(bytes, 1, long.MaxValue);
            field = value;
        }
    }

    /// <summary>
    /// What happens at <see cref="MaxJournalBytes"/>. Default <see cref="JournalLimitPolicy.Wait"/>.
    /// </summary>
    public JournalLimitPolicy OnJournalLimit
    {
        get;
        init
        {
            OptionGuard.Defined(value, nameof(OnJournalLimit));
            field = value;
        }
    }

    /// <summary>
    /// What happens where the disk fails to sync the journal. Default <see cref="SyncFailurePolicy.Stop"/>.
    /// </summary>
    public SyncFailurePolicy OnSyncFailure
    {
        get;
        init
        {
            OptionGuard.Defined(value, nameof(OnSyncFailure));
            field = value;
        }
    }

    /// <summary>
    /// What happens where the directory holds the state of another plan. Default
    /// <see cref="PlanChangePolicy.Refuse"/>.
    /// </summary>
    /// <remarks>
    /// Options that shape results, such as the lateness, may change without it. Whatever has changed, a start needs a
    /// directory that was left by a stop with Suspend.
    /// </remarks>
    public PlanChangePolicy OnPlanChange
    {
        get;
        init
        {
            OptionGuard.Defined(value, nameof(OnPlanChange));
            field = value;
        }
    }

    /// <summary>Told how far a recovery has come, on the thread that builds the processor. Default nobody.</summary>
    public IProgress<RecoveryProgress>? Progress { get; init; }
}
