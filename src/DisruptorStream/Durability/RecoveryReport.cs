using DisruptorStream.Durability.Plans;

namespace DisruptorStream.Durability;

/// <summary>What a durable processor did when it was built.</summary>
public sealed record RecoveryReport
{
    /// <summary>Whether the directory held a stream; else it is a new one.</summary>
    public bool IsRecovered { get; init; }

    /// <summary>The last slot of the snapshot that it began with; -1 where there was none.</summary>
    public long SnapshotSequence { get; init; } = -1;

    /// <summary>The last slot that was there: the processor goes on behind it. -1 for none.</summary>
    public long LastSequence { get; init; } = -1;

    /// <summary>Slots that were handled again.</summary>
    public long SlotsReplayed { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>
    /// Bytes at the end of the journal that were half written and never durable, and that nobody relies on.
    /// </summary>
    public long BytesCut { get; init; }

    /// <summary>
    /// How the plan compares with that whose state was there; null where the directory held nothing.
    /// </summary>
    public PlanComparison? Plan { get; init; }

    /// <summary>What was found that is not as it should be, and did no harm; empty where all is well.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
