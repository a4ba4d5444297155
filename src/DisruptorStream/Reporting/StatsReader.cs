using DisruptorStream.Events;
using DisruptorStream.Topology;

namespace DisruptorStream.Reporting;

/// <summary>Collects what a processor has done so far, without holding any of its threads up.</summary>
internal static class StatsReader
{
    /// <summary>What a processor, or the whole of a stream, has done.</summary>
    public static ProcessorStats StatsOf(ProcessorParts parts)
    {
        if (!parts.Plan.IsStream)
            return StatsOf(parts, 0);
        parts.RuntimeParts.Ring.Settle();
        var hasEnded = parts.Runtime.Completion.IsCompleted;

        // The last one first: what it has handled, those before it have.
        var readings = new QueryReading[parts.Queries.Count];
        for (var index = readings.Length - 1; index >= 0; index--)
            readings[index] = new QueryReading(parts.Queries[index]);
        var queries = new OrderedDictionary<string, ProcessorStats>(StringComparer.Ordinal);
        foreach (var reading in readings)
            queries.Add(reading.Query.Plan.Name, OfQuery(parts, reading, hasEnded));
        var handled = long.MaxValue;
        foreach (var reading in readings)
        {
            // One that reads the panes of another handles no events of the stream.
            if (reading.Query.Plan.Panes is null)
                handled = Math.Min(handled, reading.EventsHandled);
        }

        return Of(parts, readings, handled, hasEnded, DroppedByStream(readings)) with
        {
            Queries = queries,
            Durability = parts.Durable?.Stats,
            FlightRecorder = parts.Recorder?.Stats,
        };
    }

    /// <summary>What one query has done.</summary>
    /// <param name="parts">The processor.</param>
    /// <param name="index">Which of its queries.</param>
    public static ProcessorStats StatsOf(ProcessorParts parts, int index)
    {
        parts.RuntimeParts.Ring.Settle();
        var hasEnded = parts.Runtime.Completion.IsCompleted;
        return OfQuery(parts, new QueryReading(parts.Queries[index]), hasEnded);
    }

    private static ProcessorStats OfQuery(ProcessorParts parts, QueryReading reading, bool hasEnded)
    {
        var dropped = new long[DropCounts.Reasons];
        reading.AddDropped(dropped);
        return Of(parts, [reading], reading.EventsHandled, hasEnded, dropped) with
        {
            Name = parts.Plan.NameOf(reading.Query.Plan),
            Durability = parts.Plan.IsStream ? null : parts.Durable?.Stats,
            FlightRecorder = parts.Plan.IsStream ? null : parts.Recorder?.Stats,
            EventsProcessed = reading.Assigned.EventsProcessed,
            EventsFiltered = reading.Assigned.EventsFiltered,
            Keys = parts.Ledger.Columns[reading.Query.Plan.KeyColumn].Count,
        };
    }

    /// <summary>
    /// What the stream refused for its time counts once, as its first query saw it; what queries drop for themselves
    /// counts for each of them.
    /// </summary>
    private static long[] DroppedByStream(QueryReading[] readings)
    {
        var dropped = new long[DropCounts.Reasons];
        foreach (var reading in readings)
            reading.AddDropped(dropped);
        var first = readings[0].Assigned;
        dropped[(int)DropReason.FutureSkew] = first.FutureSkews;
        dropped[(int)DropReason.AfterEnd] = first.AfterEnd;
        dropped[(int)DropReason.TimestampJump] = first.JumpsRefused;
        dropped[(int)DropReason.TimestampOutOfRange] = first.OutOfRange;
        foreach (var reading in readings)
            dropped[(int)DropReason.TimestampOutOfRange] += reading.Assigned.OutOfOwnRange;
        return dropped;
    }

    private static ProcessorStats Of(
        ProcessorParts parts, QueryReading[] readings, long handled, bool hasEnded, long[] dropped)
    {
        var figures = parts.RuntimeParts.Figures;
        return Of(parts, readings, dropped, new SharedReading
        {
            First = readings[0].Assigned,
            Handled = handled,
            HasEnded = hasEnded,
            Published = Math.Max(figures.EventsClaimed, handled),
            Backlog = figures.Backlog,
            Recent = parts.Meters.Latency?.Recent(),
            Undelivered = Sum(readings, query => query.Undelivered),
        });
    }

    /// <summary>The shared figures as they are, and the sums of those of the queries.</summary>
    private static ProcessorStats Of(
        ProcessorParts parts, QueryReading[] readings, long[] dropped, SharedReading shared)
    {
        return new ProcessorStats(dropped)
        {
            Taken = parts.Services.TimeProvider.GetUtcNow(),
            Name = parts.Plan.Name,
            State = parts.Runtime.State,
            EventsPublished = shared.Published,
            EventsProcessed = shared.Handled,
            EventsFiltered = 0,
            EventsHeld = shared.First.EventsHeld,
            EventsDiscarded = shared.HasEnded ? Math.Max(0, shared.Published - shared.Handled) : 0,
            BatchesProcessed = shared.First.Batches,
            LateDroppedAssignments = Sum(readings, query => query.LateDroppedAssignments),
            WindowLimitDroppedAssignments = Sum(readings, query => query.Shards.Figures.WindowLimitDroppedAssignments),
            EventsInNoWindow = Sum(readings, query => query.EventsInNoWindow),
            WindowsCreated = Sum(readings, query => query.OpenedWindows),
            WindowsFired = Sum(readings, query => query.Shards.Figures.WindowsFired),
            LatePanes = Sum(readings, query => query.Shards.Figures.LatePanes),
            ActiveWindows = Sum(readings, query => query.OpenWindows),
            MaxWindowsPerKey = readings[0].Query.Plan.MaxWindowsPerKey,
            WindowsEvicted = Sum(readings, query => query.Shards.Figures.WindowsEvicted),
            ResultsEmitted = Sum(readings, query => query.Delivery.Delivered.ResultsEmitted),
            ResultsSuppressed = Sum(readings, query => query.Shards.Figures.WindowsSuppressed),
            ResultsUndelivered = shared.Undelivered,
            ResultsDiscarded = shared.HasEnded ? shared.Undelivered : 0,
            Retractions = Sum(readings, query => query.Delivery.Delivered.Retractions),
            RetractionsDiscarded = shared.HasEnded ? Sum(readings, query => query.UndeliveredRetractions) : 0,
            DroppedEventsRouted = Sum(readings, query => query.Delivery.Delivered.DroppedRouted),
            LatencyP50 = shared.Recent?.P50,
            LatencyP95 = shared.Recent?.P95,
            LatencyP99 = shared.Recent?.P99,
            NegativeWeights = Sum(readings, query => query.Shards.NegativeWeights),
            UserFailures = Sum(readings, query => query.Shards.UserFailures),
            HostFailures = parts.Meters.HostFailures.Count,
            SinkFailures = Sum(readings, query => query.Delivery.Sinks.Failed),
            SinkRetries = Sum(readings, query => query.Delivery.Sinks.Retried),
            SinkSkips = Sum(readings, query => query.Delivery.Sinks.Skipped),
            ConsecutiveSinkFailures = Most(readings, query => query.Delivery.Sinks.Consecutive),
            LastSinkFailure = LastFailure(readings),
            AsyncSinks = All(readings, query => query.Delivery.AsyncSinks),
            ResultBufferBlocks = Sum(readings, query => query.Delivery.BlockedCount),
            ResultBufferBlockedTime = TimeSpan.FromTicks(Sum(readings, query => query.Delivery.BlockedTicks)),
            BufferedResults = (int)Math.Min(int.MaxValue, Sum(readings, query => query.Delivery.BufferedResults)),
            ResultReaders = All(readings, query => query.Delivery.Readers),
            ReaderDroppedResults = Sum(readings, query => query.Delivery.DroppedByReaders),
            WatermarkTicks = SourcesReader.Shown(shared.First.WatermarkTicks),
            WatermarkMoved = SourcesReader.Shown(shared.First.WatermarkMovedTicks) is { } moved ? TimeOf(moved) : null,
            WatermarkRegressions = shared.First.WatermarkRegressions,
            Sources = SourcesReader.SourcesOf(parts),
            Keys = parts.Ledger.KeyCount,
            StateBytes = Sum(readings, query => query.Shards.StateBytes),
            RingCapacity = parts.RuntimeParts.Ring.Slots.Capacity,
            RingBacklog = shared.HasEnded ? 0 : shared.Backlog,
            UnhandledSlots = shared.Backlog,
            CountedAs = CountedAs(readings),
            BackPressureTime = parts.Meters.Waits.Total,
        };
    }

    private static long Sum(QueryReading[] readings, Func<QueryReading, long> read)
    {
        var sum = 0L;
        foreach (var reading in readings)
            sum += read(reading);
        return sum;
    }

    private static long Most(QueryReading[] readings, Func<QueryReading, long> read)
    {
        var most = 0L;
        foreach (var reading in readings)
            most = Math.Max(most, read(reading));
        return most;
    }

    private static IReadOnlyList<T> All<T>(QueryReading[] readings, Func<QueryReading, IReadOnlyList<T>> read)
    {
        if (readings.Length == 1)
            return read(readings[0]);
        var all = new List<T>();
        foreach (var reading in readings)
            all.AddRange(read(reading));
        return all;
    }

    private static DateTimeOffset? LastFailure(QueryReading[] readings)
    {
        var ticks = Most(readings, query => query.Delivery.Sinks.LastFailureTicks);
        return ticks == 0 ? null : TimeOf(ticks);
    }

    private static string CountedAs(QueryReading[] readings)
    {
        var word = readings[0].Query.Plan.Window.CountedAs;
        return Array.TrueForAll(
            readings, reading => string.Equals(reading.Query.Plan.Window.CountedAs, word, StringComparison.Ordinal))
            ? word
            : "windows";
    }

    private static DateTimeOffset TimeOf(long ticks) => DateTimeOffset.UnixEpoch.AddTicks(ticks);
}
