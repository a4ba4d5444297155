namespace DisruptorStream.Aggregation.Metrics;

/// <summary>How many different values a measure had, or what they weigh together.</summary>
internal sealed record DistinctMetric(string Name, MeasureDefinition Measure, int Precision)
    : MetricDefinition(Name, MetricKind.Distinct)
{
    /// <summary>The measure that weighs; null where each value weighs one.</summary>
    public MeasureDefinition? Weight { get; init; }

    public override MeasureType ResultType => Weight is null ? MeasureType.Int64 : MeasureType.Double;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitDistinct(this);
}
