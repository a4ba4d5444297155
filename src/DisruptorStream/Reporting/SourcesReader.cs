using DisruptorStream.Topology;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Reporting;

/// <summary>Collects how far the sources of a processor have come.</summary>
internal static class SourcesReader
{
    /// <summary>The sources and how far each has come, in the order in which they were added.</summary>
    public static IReadOnlyList<SourceWatermark> SourcesOf(ProcessorParts parts)
    {
        parts.RuntimeParts.Ring.Settle();
        var statuses = new List<SourceStatus>();
        parts.Queries[0].Assignment.CopySources(statuses);
        var now = parts.Clock.ReadSteady();
        var least = long.MaxValue;
        foreach (var status in statuses)
        {
            if (status.State == SourceState.Active)
                least = Math.Min(least, status.WatermarkTicks);
        }

        var sources = new List<SourceWatermark>(statuses.Count);
        foreach (var status in statuses)
        {
            // A source that is on its way out may have lost its name already.
            if (parts.Ledger.Sources.NameOf(status.Source) is not { } name)
                continue;
            sources.Add(new SourceWatermark(name, Shown(status.WatermarkTicks), status.State)
            {
                HoldsWatermark = status.State == SourceState.Active && status.WatermarkTicks == least,
                Lateness = status.Lateness,
                NewestTicks = Shown(status.NewestTicks),
                QuietFor = status.ActivityTicks == long.MinValue
                    ? null
                    : TimeSpan.FromTicks(Math.Max(0, now - status.ActivityTicks)),
            });
        }

        return sources;
    }

    /// <summary>The combined watermark of the first query, as the host sees it.</summary>
    public static long? WatermarkOf(ProcessorParts parts)
    {
        parts.RuntimeParts.Ring.Settle();
        return Shown(parts.Queries[0].Assignment.WatermarkTicks);
    }

    /// <summary>Ticks as the host sees them: null for none yet.</summary>
    public static long? Shown(long ticks) => ticks == long.MinValue ? null : ticks;
}
