using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Accumulators.Families;

/// <summary>Which accumulators can serve a metric, where it is not one kind alone.</summary>
internal static class AccumulatorFamily
{
    private static readonly AccumulatorKind[] OfDoubles =
        [AccumulatorKind.Sum, AccumulatorKind.Moments, AccumulatorKind.Spread];

    /// <summary>Those that know all that this one knows of a measure of doubles, itself first.</summary>
    /// <param name="least">Sum, Moments or Spread.</param>
    public static ReadOnlySpan<AccumulatorKind> From(AccumulatorKind least) =>
        OfDoubles.AsSpan(Array.IndexOf(OfDoubles, least));

    /// <summary>The kinds that can serve a metric; none where only its own can.</summary>
    public static ReadOnlySpan<AccumulatorKind> Of(MetricDefinition metric)
    {
        if (metric is not MeasureMetric { Measure.Type: MeasureType.Double })
            return [];
        return metric.Kind switch
        {
            MetricKind.Sum or MetricKind.Average => From(AccumulatorKind.Sum),
            MetricKind.Min or MetricKind.Max or MetricKind.Range => From(AccumulatorKind.Moments),
            _ => [],
        };
    }
}
