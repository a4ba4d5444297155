namespace DisruptorStream.Aggregation.Metrics;

/// <summary>A percentile of a measure; all of one measure and mode read the same accumulator.</summary>
internal sealed record PercentileMetric(string Name, double Percentile, MeasureDefinition Measure, PercentileMode Mode)
    : MetricDefinition(Name, MetricKind.Percentile)
{
    public override MeasureType ResultType => MeasureType.Double;

    public override MetricQuery Query => new(Kind, Percentile);

    public override void Accept(IMetricVisitor visitor) => visitor.VisitPercentile(this);
}
