using DisruptorStream.Events;
using DisruptorStream.Pipeline;
using DisruptorStream.State;

namespace DisruptorStream.Reporting;

/// <summary>The counts of all shards.</summary>
internal struct ShardSums
{
    public ShardFigures Figures;
    public long UserFailures;
    public long NegativeWeights;

    /// <summary>As of now, not of the end of a batch: a batch that never ends may have fired.</summary>
    public long FiredByNow;

    /// <summary>As <see cref="FiredByNow"/>.</summary>
    public long RetractedByNow;

    /// <summary>Of <see cref="FiredByNow"/>, those that are not shown.</summary>
    public long SuppressedByNow;

    /// <summary>Of <see cref="RetractedByNow"/>, those that are not shown.</summary>
    public long RetractionsSuppressedByNow;
    public long StateBytes;

    public void Add(AggregationStage shard)
    {
        var figures = shard.Context.Counters.Read();
        Figures.WindowsOpened += figures.WindowsOpened;
        Figures.WindowsFired += figures.WindowsFired;
        Figures.WindowsSuppressed += figures.WindowsSuppressed;
        Figures.LatePanes += figures.LatePanes;
        Figures.WindowsClosed += figures.WindowsClosed;
        Figures.WindowsEvicted += figures.WindowsEvicted;
        Figures.LateDroppedAssignments += figures.LateDroppedAssignments;
        Figures.WindowLimitDroppedAssignments += figures.WindowLimitDroppedAssignments;
        Figures.EventsInNoWindow += figures.EventsInNoWindow;
        for (var reason = 0; reason < DropCounts.Reasons; reason++)
            Figures.Dropped[reason] += figures.Dropped[reason];
        UserFailures += shard.UserFailures;
        NegativeWeights += shard.NegativeWeights;
        SuppressedByNow += Volatile.Read(ref shard.Context.Counters.WindowsSuppressed);
        RetractionsSuppressedByNow += Volatile.Read(ref shard.Context.Counters.RetractionsSuppressed);
        FiredByNow += Volatile.Read(ref shard.Context.Counters.WindowsFired);
        RetractedByNow += Volatile.Read(ref shard.Context.Counters.RetractionsFired);
        StateBytes += shard.Store.BytesReserved;
    }
}
