namespace DisruptorStream.Aggregation.Metrics;

/// <summary>A sum or an average whose additions are compensated or exact.</summary>
internal sealed record SumMetric(string Name, MetricKind Kind, MeasureDefinition Measure, SumMode Mode)
    : MetricDefinition(Name, Kind)
{
    public override MeasureType ResultType => MeasureType.Double;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitSum(this);
}
