namespace DisruptorStream.Aggregation.Metrics;

/// <summary>
/// One of the values that are most frequent or weigh most: the value, its count or weight, or by how much that may be
/// too high.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Which of the three.</param>
/// <param name="Rank">0 for the most.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Capacity">How many values are kept count of.</param>
internal sealed record TopMetric(string Name, MetricKind Kind, int Rank, MeasureDefinition Measure, int Capacity)
    : MetricDefinition(Name, Kind)
{
    /// <summary>The measure that weighs; null where each event weighs one.</summary>
    public MeasureDefinition? Weight { get; init; }

    public override MeasureType ResultType =>
        Kind == MetricKind.TopValue ? Measure.Type : Weight?.Type ?? MeasureType.Int64;

    public override MetricQuery Query => new(Kind, Rank);

    public override void Accept(IMetricVisitor visitor) => visitor.VisitTop(this);
}
