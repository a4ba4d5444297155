namespace DisruptorStream.Aggregation.Metrics;

/// <summary>One of the most frequent values: the value, its count, or by how much that may be too high.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Which of the three.</param>
/// <param name="Rank">0 for the most frequent.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Capacity">How many values are kept count of.</param>
internal sealed record TopMetric(string Name, MetricKind Kind, int Rank, MeasureDefinition Measure, int Capacity)
    : MetricDefinition(Name, Kind)
{
    public override MeasureType ResultType => Kind == MetricKind.TopValue ? Measure.Type : MeasureType.Int64;

    public override MetricQuery Query => new(Kind, Rank);

    public override void Accept(IMetricVisitor visitor) => visitor.VisitTop(this);
}
