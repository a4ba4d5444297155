namespace DisruptorStream.Aggregation.Metrics;

/// <summary>The number of events in one bucket of a histogram; its buckets share one accumulator.</summary>
internal sealed record HistogramMetric(string Name, int Bucket, MeasureDefinition Measure, IReadOnlyList<double> Bounds)
    : MetricDefinition(Name, MetricKind.HistogramBucket)
{
    public override MeasureType ResultType => MeasureType.Int64;

    public override MetricQuery Query => new(Kind, Bucket);

    public static void ThrowUnlessBounds(IReadOnlyList<double> bounds)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        if (bounds.Count is < 1 or > 200)
        {
            throw new ArgumentException(
                $"A histogram has 1 to 200 bounds, and here are {bounds.Count}.", nameof(bounds));
        }

        for (var index = 0; index < bounds.Count; index++)
        {
            if (!double.IsFinite(bounds[index]) || (index > 0 && bounds[index] <= bounds[index - 1]))
            {
                throw new ArgumentException(
                    $"The bounds of a histogram are finite and ascend; bound {index + 1} is {bounds[index]}.",
                    nameof(bounds));
            }
        }
    }

    public override void Accept(IMetricVisitor visitor) => visitor.VisitHistogram(this);
}
