using System.Globalization;
using DisruptorStream.Events;
using DisruptorStream.State.Columns;
using DisruptorStream.State.PerWindow;
using DisruptorStream.State.Sessions;
using DisruptorStream.State.Slices;
using DisruptorStream.Windows;

namespace DisruptorStream.Building;

/// <summary>Collects what a processor can tell about itself.</summary>
internal static class Snapshot
{
    public static ProcessorStats StatsOf<TKey>(ProcessorParts<TKey> parts)
        where TKey : notnull, IEquatable<TKey>
    {
        var assigned = parts.Assignment.Counters;
        var dropped = new long[Enum.GetValues<DropReason>().Length];
        for (var reason = 0; reason < dropped.Length; reason++)
            dropped[reason] = assigned.Dropped((DropReason)reason);
        var (lateAssignments, inNoWindow) = (assigned.LateDroppedAssignments, assigned.EventsInNoWindow);
        long created = 0, fired = 0, active = 0, evicted = 0, userFailures = 0, stateBytes = 0;
        foreach (var shard in parts.Shards)
        {
            var counters = shard.Context.Counters;
            for (var reason = 0; reason < dropped.Length; reason++)
                dropped[reason] += counters.Dropped((DropReason)reason);
            lateAssignments += counters.LateDroppedAssignments;
            inNoWindow += counters.EventsInNoWindow;
            created += counters.WindowsOpened;
            fired += counters.WindowsFired;
            active += counters.ActiveWindows;
            evicted += counters.WindowsEvicted;
            userFailures += shard.UserFailures;
            stateBytes += shard.Store.BytesReserved;
        }

        return new ProcessorStats(dropped)
        {
            EventsProcessed = assigned.EventsProcessed,
            LateDroppedAssignments = lateAssignments,
            EventsInNoWindow = inNoWindow,
            WindowsCreated = created,
            WindowsFired = fired,
            ActiveWindows = active,
            WindowsEvicted = evicted,
            ResultsEmitted = parts.Dispatcher.ResultsEmitted,
            Retractions = parts.Dispatcher.Retractions,
            DroppedEventsRouted = parts.Dispatcher.DroppedRouted,
            UserFailures = userFailures,
            SinkFailures = parts.Dispatcher.SinkFailures,
            SinkSkips = parts.Dispatcher.BatchesSkipped,
            ResultBufferBlocks = parts.Results.BlockedCount,
            BufferedResults = parts.Results.Count,
            WatermarkTicks = parts.Assignment.Watermark is var ticks && ticks == long.MinValue ? null : ticks,
            WatermarkRegressions = assigned.WatermarkRegressions,
            Keys = parts.Keys.Count,
            StateBytes = stateBytes,
            RingBacklog = parts.RuntimeParts.Ring.Capacity - parts.RuntimeParts.Ring.Sequencer.RemainingCapacity,
        };
    }

    public static ExplainPlan PlanOf<TKey>(ProcessorParts<TKey> parts)
        where TKey : notnull, IEquatable<TKey>
    {
        var store = parts.Shards[0].Store;
        var options = parts.Definition.Options;
        var (name, cost, limit) = store switch
        {
            SliceStore => ("shared slices", "one accumulator for each event, whatever the overlap", options.MaxSlices),
            SessionStore => ("sessions", "one accumulator for each event", options.MaxWindowsPerKey),
            WindowStore => (
                "windows of their own", "one accumulator for each event and window", options.MaxWindowsPerKey),
            _ => throw new InvalidOperationException($"The store {store.GetType().Name} has no description."),
        };
        return new ExplainPlan
        {
            Mode = parts.Mode,
            ShardCount = parts.Shards.Length,
            Windows = Describe(parts.Definition.Window, parts.Definition.ProcessingTime),
            Store = name,
            CostPerEvent = cost,
            Accumulators = Array.ConvertAll([.. parts.Shards[0].Context.Plan.Columns], Describe),
            BytesPerKeyAndWindow = store.BytesPerRecord,
            RingBytes = parts.RingBytes,
            MaxBlockBytesPerKeyAndWindow = parts.Shards[0].Context.Plan.MaxBlockBytes,
            MaxStateBytes = ((double)store.BytesPerRecord + parts.Shards[0].Context.Plan.MaxBlockBytes)
                * options.MaxKeys * limit,
        };
    }

    private static string Describe(ColumnInfo column) => string.Create(
        CultureInfo.InvariantCulture,
        $"{column.Name}, {column.SizeBytes} bytes{Blocks(column)}, read by {string.Join(", ", column.Metrics)}");

    private static string Blocks(ColumnInfo column) => column.MaxBlockBytes == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $" and at most {column.MaxBlockBytes} more in blocks");

    private static string Describe(WindowDefinition window, bool processingTime)
    {
        var time = processingTime ? "processing time" : "event time";
        return window.Kind switch
        {
            WindowKind.Tumbling => $"tumbling {Span(window.SizeTicks)}, {time}",
            WindowKind.Sliding => $"sliding {Span(window.SizeTicks)} every {Span(window.SlideTicks)}, {time}",
            WindowKind.Session => $"session with a gap of {Span(window.GapTicks)}, {time}",
            _ => $"custom, {time}",
        };
    }

    private static string Span(long ticks) => TimeSpan.FromTicks(ticks).ToString("c", CultureInfo.InvariantCulture);
}
