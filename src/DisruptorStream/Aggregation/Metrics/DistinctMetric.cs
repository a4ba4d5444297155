namespace DisruptorStream.Aggregation.Metrics;

/// <summary>How many different values a measure had.</summary>
internal sealed record DistinctMetric(string Name, MeasureDefinition Measure, int Precision)
    : MetricDefinition(Name, MetricKind.Distinct)
{
    public override MeasureType ResultType => MeasureType.Int64;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitDistinct(this);
}
