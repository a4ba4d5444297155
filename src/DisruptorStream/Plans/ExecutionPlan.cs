using DisruptorStream.Rings;

namespace DisruptorStream.Plans;

/// <summary>On which threads the stages run, and how large their rings are. No result depends on it.</summary>
internal sealed record ExecutionPlan
{
    /// <summary>Inline, Fused or Staged.</summary>
    public required ExecutionMode Mode { get; init; }

    /// <summary>A power of two; 1 unless Staged.</summary>
    public required int ShardCount { get; init; }

    /// <summary>Slots of the ring.</summary>
    public required int RingCapacity { get; init; }

    /// <summary>Rows between a shard and emission.</summary>
    public required int ResultRows { get; init; }

    /// <summary>Runs between assignment and the shards; 0 where they are on one thread.</summary>
    public required int RunRingCapacity { get; init; }

    public required WaitStrategyKind WaitStrategy { get; init; }

    /// <summary>The cadence of ticks.</summary>
    public required TimeSpan TickInterval { get; init; }

    /// <summary>Whether results depend on the clock.</summary>
    public required bool ClockMatters { get; init; }

    public bool IsInline => Mode == ExecutionMode.Inline;

    public bool IsStaged => Mode == ExecutionMode.Staged;

    /// <summary>
    /// Queries that one thread takes through all their stages, for each such thread; none Inline, and where the stages
    /// have threads of their own.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<int>> Workers { get; init; }

    /// <summary>
    /// Whether assignment, each shard and emission have threads of their own: Staged, unless it is a stream.
    /// </summary>
    public bool SplitsStages => IsStaged && Workers.Count == 0;

    /// <summary>The same without threads, which gives the same results.</summary>
    public ExecutionPlan ToInline() => this with
    {
        Mode = ExecutionMode.Inline,
        ShardCount = 1,
        RunRingCapacity = 0,
        Workers = [],
    };

    /// <summary>The engine's threads and one publisher.</summary>
    public int BusyThreads => SplitsStages ? ShardCount + 3 : Math.Max(1, Workers.Count) + 1;
}
