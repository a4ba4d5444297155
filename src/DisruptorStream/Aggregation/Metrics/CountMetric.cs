namespace DisruptorStream.Aggregation.Metrics;

/// <summary>The number of events, whatever their measures, or that number per second of the window.</summary>
internal sealed record CountMetric(string Name, MetricKind Kind = MetricKind.Count) : MetricDefinition(Name, Kind)
{
    public override MeasureType ResultType => Kind == MetricKind.Count ? MeasureType.Int64 : MeasureType.Double;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitCount(this);
}
