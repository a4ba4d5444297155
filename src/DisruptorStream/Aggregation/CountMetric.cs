namespace DisruptorStream.Aggregation;

/// <summary>The number of events, whatever their measures.</summary>
internal sealed record CountMetric(string Name) : MetricDefinition(Name, MetricKind.Count)
{
    public override MeasureType ResultType => MeasureType.Int64;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitCount(this);
}
