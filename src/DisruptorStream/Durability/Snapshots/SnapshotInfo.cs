using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Identities;

namespace DisruptorStream.Durability.Snapshots;

/// <summary>What a snapshot is of, and when it was taken by what.</summary>
internal sealed record SnapshotInfo
{
    /// <summary>Which stream it is of: each directory has an id of its own from its beginning.</summary>
    public required UInt128 StreamId { get; init; }

    /// <summary>The last sequence whose slot is in it, 0 or more.</summary>
    public required long Sequence { get; init; }

    /// <summary>Stands for the plan of the processor: <see cref="RecordedPlan.Id"/>.</summary>
    public required Fingerprint Plan { get; init; }

    /// <summary>The plan itself, as <see cref="PlanRecordFormat"/> writes it.</summary>
    public required ReadOnlyMemory<byte> PlanRecord { get; init; }

    /// <summary>The number of the last result of each query that slots up to <see cref="Sequence"/> caused.</summary>
    public required IReadOnlyList<QueryNumber> Results { get; init; }

    /// <summary>
    /// What the journal had told by then of results that have arrived at their sinks; empty where nothing.
    /// </summary>
    public IReadOnlyList<long> Arrived { get; init; } = [];

    /// <summary>
    /// How many dropped events of each query, in the order of the plan, slots up to <see cref="Sequence"/> caused;
    /// empty where nobody knows.
    /// </summary>
    public IReadOnlyList<long> Dropped { get; init; } = [];

    /// <summary>The number of the last frame of the journal that is in it.</summary>
    public long JournalOrdinal { get; init; }

    /// <summary>When it was taken, in ticks of 100 ns since 1970, UTC.</summary>
    public required long TakenTicks { get; init; }

    /// <summary>Which rules of time zones its windows were cut by; empty where nobody knows.</summary>
    public required string TimeZoneVersion { get; init; }

    /// <summary>The release of the engine that took it.</summary>
    public required string Release { get; init; }

    /// <summary>How its file is laid out.</summary>
    public int FormatVersion { get; init; } = SnapshotHeader.Version;
}
