using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Topology;
using DisruptorStream.Watermarks.History;

namespace DisruptorStream.Reporting.Answers;

/// <summary>Finds out why a processor gives no result, without holding any of its threads up.</summary>
internal static class NoResultReader
{
    /// <summary>Of a processor, or of a stream and each of its queries.</summary>
    public static NoResultAnswer Of(ProcessorParts parts)
    {
        if (!parts.Plan.IsStream)
            return Of(parts, 0);
        var queries = new OrderedDictionary<string, NoResultAnswer>(StringComparer.Ordinal);
        var worst = default(NoResultAnswer);
        for (var index = 0; index < parts.Queries.Count; index++)
        {
            var answer = Of(parts, index);
            queries.Add(parts.Queries[index].Plan.Name, answer);

            // What stands for the stream is the first query that has something to say.
            if (worst is null || (worst.Reason == NoResultReason.None && answer.Reason != NoResultReason.None))
                worst = answer;
        }

        return worst! with { Stats = StatsReader.StatsOf(parts), Queries = queries };
    }

    /// <summary>Of one query.</summary>
    /// <param name="parts">The processor.</param>
    /// <param name="index">Which of its queries.</param>
    public static NoResultAnswer Of(ProcessorParts parts, int index)
    {
        parts.RuntimeParts.Ring.Settle();
        var query = parts.Queries[index];
        var reading = query.Assignment.Ask(AssignmentReading.Of);
        var stats = StatsReader.StatsOf(parts, index);
        var found = new NoResultCase(parts, query.Plan, reading, stats, QuietOf(stats));
        Func<int, string?> names = parts.Ledger.Sources.NameOf;
        var reason = ReasonOf(parts, reading, stats);
        return new NoResultAnswer
        {
            Reason = reason,
            Summary = NoResultText.Summary(found, reason),
            Advice = NoResultText.Advice(found, reason),
            Stats = stats,
            OpenWindowCount = reading.Windows.Count,
            OpenWindows = reading.Windows.First,
            LastEndTicks = reading.Windows.LastEndTicks,
            NeededTimestampTicks = found.NeededTicks,
            QuietFor = found.QuietFor,
            LastAdvance = WatermarkAdvance.Of(reading.Newest, names),
            Culprit = WatermarkAdvance.Of(reading.Culprit, names),
            LatenessNeeded = reading.Culprit is { } culprit ? TimeSpan.FromTicks(culprit.LatenessTicks) : null,
            ProposedGuard = reading.ProposedGuard,
        };
    }

    private static NoResultReason ReasonOf(ProcessorParts parts, AssignmentReading reading, ProcessorStats stats)
    {
        if (stats.State == ProcessorState.Faulted)
            return NoResultReason.Failed;
        if (parts.RuntimeParts.Status.AwaitsStart)
            return NoResultReason.NotStarted;
        if (stats.EventsPublished == 0)
            return NoResultReason.NoEvents;
        if (stats.EventsProcessed + stats.EventsFiltered == 0)
            return NoResultReason.NotHandled;
        if (stats.State != ProcessorState.Stopped && stats.ResultsUndelivered > 0)
            return NoResultReason.NotDelivered;
        if (stats.BufferedResults > 0)
            return NoResultReason.NotRead;
        var open = reading.Windows.Count ?? stats.ActiveWindows;
        if (open > 0 && stats.WatermarkTicks != long.MaxValue)
        {
            return stats.State == ProcessorState.Stopped ? NoResultReason.Stopped : NoResultReason.WaitsForWatermark;
        }

        return stats.ResultsEmitted > 0 ? NoResultReason.None : LossOf(stats);
    }

    /// <summary>What became of the events, where no window has any and no result has come.</summary>
    private static NoResultReason LossOf(ProcessorStats stats)
    {
        if (stats.EventsHeld > 0)
            return NoResultReason.HeldByJumpGuard;
        if (stats.EventsDropped > 0)
            return NoResultReason.AllDropped;
        if (stats.EventsInNoWindow > 0)
            return NoResultReason.BetweenWindows;
        return stats.EventsFiltered > 0 ? NoResultReason.AllFiltered : NoResultReason.None;
    }

    private static TimeSpan? QuietOf(ProcessorStats stats)
    {
        var quiet = default(TimeSpan?);
        foreach (var source in stats.Sources)
        {
            if (source.QuietFor is { } span && (quiet is null || span < quiet))
                quiet = span;
        }

        return quiet;
    }
}
