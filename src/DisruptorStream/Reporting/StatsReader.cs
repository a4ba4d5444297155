using DisruptorStream.Emission.Delivery;
using DisruptorStream.Events;
using DisruptorStream.Topology;

namespace DisruptorStream.Reporting;

/// <summary>Collects what a processor has done so far, without holding any of its threads up.</summary>
internal static class StatsReader
{
    public static ProcessorStats StatsOf<TKey>(ProcessorParts<TKey> parts)
        where TKey : notnull
    {
        // Against the flow: what a later stage counts has been counted by those before it when these are read.
        var (hasEnded, recent) = (parts.Runtime.Completion.IsCompleted, parts.Meters.Latency?.Recent());
        var (delivered, sinks, shards) = (parts.Dispatcher.Figures, parts.Outputs.SinkFigures, ShardsOf(parts));
        var assigned = parts.Assignment.Counters.Read();
        var (published, backlog) = (parts.RuntimeParts.Figures.EventsClaimed, parts.RuntimeParts.Figures.Backlog);
        return new ProcessorStats(Sum(assigned.Dropped, shards.Figures.Dropped))
        {
            Taken = parts.Services.TimeProvider.GetUtcNow(),
            Name = parts.Plan.Name,
            State = parts.Runtime.State,
            EventsPublished = Math.Max(published, assigned.EventsProcessed),
            EventsProcessed = assigned.EventsProcessed,
            EventsHeld = assigned.EventsHeld,
            EventsDiscarded = hasEnded ? Math.Max(0, published - assigned.EventsProcessed) : 0,
            BatchesProcessed = assigned.Batches,
            LateDroppedAssignments = assigned.LateDroppedAssignments + shards.Figures.LateDroppedAssignments,
            WindowLimitDroppedAssignments = shards.Figures.WindowLimitDroppedAssignments,
            EventsInNoWindow = assigned.EventsInNoWindow + shards.Figures.EventsInNoWindow,
            WindowsCreated = assigned.SlicesOpened + shards.Figures.WindowsOpened,
            WindowsFired = shards.Figures.WindowsFired,
            ActiveWindows = assigned.SlicesOpened - assigned.SlicesClosed
                + shards.Figures.WindowsOpened - shards.Figures.WindowsClosed,
            MaxWindowsPerKey = parts.Plan.Queries[0].MaxWindowsPerKey,
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
            AsyncSinks = parts.Outputs.AsyncSinks,
            ResultBufferBlocks = parts.Results.BlockedCount,
            ResultBufferBlockedTime = TimeSpan.FromTicks(parts.Results.BlockedTicks),
            BufferedResults = parts.Results.Count,
            WatermarkTicks = SourcesReader.Shown(assigned.WatermarkTicks),
            WatermarkMoved = SourcesReader.Shown(assigned.WatermarkMovedTicks) is { } moved ? TimeOf(moved) : null,
            WatermarkRegressions = assigned.WatermarkRegressions,
            Sources = SourcesReader.SourcesOf(parts),
            Keys = parts.Ledger.Keys.Count,
            StateBytes = shards.StateBytes,
            RingCapacity = parts.RuntimeParts.Ring.Slots.Capacity,
            RingBacklog = hasEnded ? 0 : backlog,
            UnhandledSlots = backlog,
            CountedAs = parts.Plan.Queries[0].Window.CountedAs,
            BackPressureTime = parts.Meters.Waits.Total,
        };
    }

    private static long Undelivered(in ShardSums shards, in DeliveryFigures delivered) =>
        Math.Max(0, shards.FiredByNow - delivered.ResultsEmitted);

    private static long[] Sum(in DropCounts assigned, in DropCounts sharded)
    {
        var dropped = new long[Enum.GetValues<DropReason>().Length];
        for (var reason = 0; reason < dropped.Length; reason++)
            dropped[reason] = assigned[reason] + sharded[reason];
        return dropped;
    }

    private static ShardSums ShardsOf<TKey>(ProcessorParts<TKey> parts)
        where TKey : notnull
    {
        var sums = default(ShardSums);
        foreach (var shard in parts.Shards)
            sums.Add(shard);
        return sums;
    }

    private static DateTimeOffset TimeOf(long ticks) => DateTimeOffset.UnixEpoch.AddTicks(ticks);
}
