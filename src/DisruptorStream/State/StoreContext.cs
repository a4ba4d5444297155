using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.State;

/// <summary>What every store of a shard is built from.</summary>
internal sealed record StoreContext
{
    public required AggregatePlan Plan { get; init; }

    public required PaneOutput Output { get; init; }

    public required long AllowedLatenessTicks { get; init; }

    public required AccumulationMode Accumulation { get; init; }

    /// <summary>What fires early panes; null for none.</summary>
    public PaneTrigger? Early { get; init; }

    /// <summary>What fires late panes; null when only the expiry flushes them.</summary>
    public PaneTrigger? Late { get; init; }

    /// <summary>How windows without events are filled; null where they are not.</summary>
    public GapFilling? Gaps { get; init; }

    public required int MeasureCount { get; init; }

    /// <summary>
    /// Whether events are panes of another query that are kept, as later ones may take their place: they bring their
    /// origin along.
    /// </summary>
    public bool KeepsPanes { get; init; }

    /// <summary>Whether somebody wants to see dropped events; they are counted regardless.</summary>
    public required bool RouteDropped { get; init; }

    public required int MaxWindowsPerKey { get; init; }

    public required WindowOverflowPolicy WindowOverflow { get; init; }

    /// <summary>
    /// What is subtracted from the largest timestamp to get a source's watermark; -1 when events move none.
    /// </summary>
    public required long MaxOutOfOrdernessTicks { get; init; }

    public required bool ProcessingTime { get; init; }

    /// <summary>How the time of each key goes on; null where all go by the same watermark.</summary>
    public KeyTimeRules? KeyTime { get; init; }

    /// <summary>
    /// Asks the user's code for the time zone of a key, where each has its own; null where none has. It may throw.
    /// </summary>
    public Func<int, TimeZoneInfo>? ZoneOfKey { get; init; }

    /// <summary>The shard takes the keys whose id has these low bits: <see cref="Shard"/>.</summary>
    public required int ShardMask { get; init; }

    public required int Shard { get; init; }

    /// <summary>Whether events come that are not the query's: their key ids are below 0.</summary>
    public bool HasForeignEvents { get; init; }

    /// <summary>Whether every event that comes is the shard's.</summary>
    public bool OwnsAll => OwnMask == 0;

    private int OwnMask => HasForeignEvents ? ShardMask | int.MinValue : ShardMask;

    /// <summary>Whether a key is the shard's.</summary>
    public bool Owns(int keyId) => (keyId & OwnMask) == Shard;

    public required ShardCounters Counters { get; init; }

    public required KeyActivity Activity { get; init; }

    /// <summary>Cancelled at an abort: work that may take long asks for it, portion by portion.</summary>
    public CancellationToken Abort { get; init; }
}
