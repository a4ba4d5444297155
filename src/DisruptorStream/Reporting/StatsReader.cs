using DisruptorStream.Emission.Delivery;
using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Reporting;

/// <summary>Collects what a processor has done so far, without holding any of its threads up.</summary>
internal static class StatsReader
{
    /// <param name="parts">The processor.</param>
    /// <param name="index">Which of its queries.</param>
    public static ProcessorStats StatsOf(ProcessorParts parts, int index = 0) =>
        StatsOf(parts, parts.Queries[index], parts.Meters.Latency?.Recent());

    private static ProcessorStats StatsOf(ProcessorParts parts, QueryParts query, RecentPercentiles? recent)
    {
        // Against the flow: what a later stage counts has been counted by those before it when these are read.
        var (hasEnded, delivery, shards) = (parts.Runtime.Completion.IsCompleted, query.Delivery.Stats, ShardsOf(query));
        var (delivered, sinks, assigned) = (delivery.Delivered, delivery.Sinks, query.Assignment.Counters.Read());
        var (published, backlog) = (parts.RuntimeParts.Figures.EventsClaimed, parts.RuntimeParts.Figures.Backlog);
        return new ProcessorStats(Sum(assigned.Dropped, shards.Figures.Dropped))
        {
            Taken = parts.Services.TimeProvider.GetUtcNow(),
            Name = parts.Plan.NameOf(query.Plan),
            State = parts.Runtime.State,
            EventsPublished = Math.Max(published, HandledBy(assigned)),
            EventsProcessed = assigned.EventsProcessed,
            EventsHeld = assigned.EventsHeld,
            EventsFiltered = assigned.EventsFiltered,
            EventsDiscarded = hasEnded ? Math.Max(0, published - HandledBy(assigned)) : 0,
            BatchesProcessed = assigned.Batches,
            LateDroppedAssignments = assigned.LateDroppedAssignments + shards.Figures.LateDroppedAssignments,
            WindowLimitDroppedAssignments = shards.Figures.WindowLimitDroppedAssignments,
            EventsInNoWindow = assigned.EventsInNoWindow + shards.Figures.EventsInNoWindow,
            WindowsCreated = assigned.SlicesOpened + shards.Figures.WindowsOpened,
            WindowsFired = shards.Figures.WindowsFired,
            ActiveWindows = assigned.SlicesOpened - assigned.SlicesClosed + OpenOf(shards),
            MaxWindowsPerKey = query.Plan.MaxWindowsPerKey,
            WindowsEvicted = shards.Figures.WindowsEvicted,
            ResultsEmitted = delivered.ResultsEmitted,
            ResultsUndelivered = Undelivered(shards, delivered),
            ResultsDiscarded = hasEnded ? Undelivered(shards, delivered) : 0,
            Retractions = delivered.Retractions,
            RetractionsDiscarded = hasEnded ? Math.Max(0, shards.RetractedByNow - delivered.Retractions) : 0,
            DroppedEventsRouted = delivered.DroppedRouted,
            LatencyP50 = recent?.P50,
            LatencyP95 = recent?.P95,
            LatencyP99 = recent?.P99,
            UserFailures = shards.UserFailures,
            HostFailures = parts.Meters.HostFailures.Count,
            SinkFailures = sinks.Failed,
            SinkRetries = sinks.Retried,
            SinkSkips = sinks.Skipped,
            ConsecutiveSinkFailures = sinks.Consecutive,
            LastSinkFailure = sinks.LastFailureTicks == 0 ? null : TimeOf(sinks.LastFailureTicks),
            AsyncSinks = delivery.AsyncSinks,
            ResultBufferBlocks = delivery.BlockedCount,
            ResultBufferBlockedTime = TimeSpan.FromTicks(delivery.BlockedTicks),
            BufferedResults = delivery.BufferedResults,
            ResultReaders = delivery.Readers,
            ReaderDroppedResults = delivery.DroppedByReaders,
            WatermarkTicks = SourcesReader.Shown(assigned.WatermarkTicks),
            WatermarkMoved = SourcesReader.Shown(assigned.WatermarkMovedTicks) is { } moved ? TimeOf(moved) : null,
            WatermarkRegressions = assigned.WatermarkRegressions,
            Sources = SourcesReader.SourcesOf(parts),
            Keys = parts.Ledger.KeyCount,
            StateBytes = shards.StateBytes,
            RingCapacity = parts.RuntimeParts.Ring.Slots.Capacity,
            RingBacklog = hasEnded ? 0 : backlog,
            UnhandledSlots = backlog,
            CountedAs = query.Plan.Window.CountedAs,
            BackPressureTime = parts.Meters.Waits.Total,
        };
    }

    private static long OpenOf(in ShardSums shards) => shards.Figures.WindowsOpened - shards.Figures.WindowsClosed;

    private static long HandledBy(in AssignmentFigures assigned) => assigned.EventsProcessed + assigned.EventsFiltered;

    private static long Undelivered(in ShardSums shards, in DeliveryFigures delivered) =>
        Math.Max(0, shards.FiredByNow - delivered.ResultsEmitted);

    private static long[] Sum(in DropCounts assigned, in DropCounts sharded)
    {
        var dropped = new long[Enum.GetValues<DropReason>().Length];
        for (var reason = 0; reason < dropped.Length; reason++)
            dropped[reason] = assigned[reason] + sharded[reason];
        return dropped;
    }

    private static ShardSums ShardsOf(QueryParts query)
    {
        var sums = default(ShardSums);
        foreach (var shard in query.Stages)
            sums.Add(shard);
        return sums;
    }

    private static DateTimeOffset TimeOf(long ticks) => DateTimeOffset.UnixEpoch.AddTicks(ticks);
}
