using System.Globalization;
using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Identities;
using DisruptorStream.State;
using DisruptorStream.State.Accumulators;
using DisruptorStream.State.Accumulators.Families;
using DisruptorStream.State.Translation;

namespace DisruptorStream.Plans.Recording;

/// <summary>Makes of metrics and accumulators what a directory remembers of them.</summary>
internal static class MetricRecorder
{
    public static IReadOnlyList<RecordedMetric> MetricsOf(QueryPlan query)
    {
        var metrics = new List<RecordedMetric>();
        foreach (var metric in query.Metrics)
        {
            var place = PlaceOf(query.Layout, metric.Name);
            metrics.Add(new RecordedMetric
            {
                Name = metric.Name,
                Text = TextOf(metric),
                Accumulator = place,
                Sources = place < 0 ? [] : SourcesOf(metric, query.Layout.Accumulators[place].Identity),
                IsCount = metric is CountMetric,
                Filter = metric.Filter?.Text,
            });
        }

        return metrics;
    }

    public static IReadOnlyList<RecordedAccumulator> AccumulatorsOf(AccumulatorLayout layout)
    {
        var recorded = new List<RecordedAccumulator>();
        var offset = 0;
        foreach (var accumulator in layout.Accumulators)
        {
            recorded.Add(new RecordedAccumulator
            {
                Identity = accumulator.Identity.Fingerprint,
                Text = accumulator.Identity.ToString(),
                Offset = offset,
                SizeBytes = accumulator.SizeBytes,
                HasBlocks = accumulator.MaxBlockBytes > 0,
                Form = SavedAccumulators.FormOf(accumulator),
                CountsEvents = accumulator.CountsEvents,
                Filter = accumulator.Identity.Filter?.Text,
            });
            offset += accumulator.SizeBytes;
        }

        return recorded;
    }

    /// <summary>Where the marks of a failure lie; -1 where there are none.</summary>
    public static int MarksOffsetOf(AccumulatorLayout layout)
    {
        if (!layout.CanFail)
            return -1;
        var offset = 0;
        foreach (var accumulator in layout.Accumulators)
            offset += accumulator.SizeBytes;
        return offset;
    }

    private static int PlaceOf(AccumulatorLayout layout, string metric)
    {
        for (var place = 0; place < layout.Accumulators.Count; place++)
        {
            foreach (var read in layout.Accumulators[place].Metrics)
            {
                if (string.Equals(read, metric, StringComparison.Ordinal))
                    return place;
            }
        }

        return -1;
    }

    /// <summary>Its own accumulator, and those of its family.</summary>
    private static Fingerprint[] SourcesOf(MetricDefinition metric, AccumulatorIdentity own)
    {
        // A count is read from whatever counts the same events.
        if (metric is CountMetric)
            return [];
        var kinds = AccumulatorFamily.Of(metric);
        if (kinds.Length == 0)
            return [own.Fingerprint];
        var sources = new Fingerprint[kinds.Length];
        for (var kind = 0; kind < sources.Length; kind++)
            sources[kind] = (own with { Kind = kinds[kind] }).Fingerprint;
        return sources;
    }

    /// <summary>How it is read: compared, so the same in every culture and release.</summary>
    private static string TextOf(MetricDefinition metric)
    {
        if (metric is ExpressionMetric expression)
            return ExpressionPrinter.Print(expression.Expression);
        var query = metric.Query;
        return query.Argument == 0
            ? metric.Kind.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{metric.Kind} {query.Argument}");
    }
}
