namespace DisruptorStream.Aggregation.Metrics;

/// <summary>An exponential moving average over the events of the window.</summary>
internal sealed record MovingAverageMetric(string Name, MeasureDefinition Measure, double Alpha)
    : MetricDefinition(Name, MetricKind.MovingAverage)
{
    public override MeasureType ResultType => MeasureType.Double;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitMovingAverage(this);
}
