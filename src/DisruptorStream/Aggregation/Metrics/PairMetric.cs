namespace DisruptorStream.Aggregation.Metrics;

/// <summary>A metric of two measures: a weighted average, or one measure where another is extreme.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Measure">The measure that it shows.</param>
/// <param name="By">The weight, or the measure that is smallest or largest.</param>
internal sealed record PairMetric(string Name, MetricKind Kind, MeasureDefinition Measure, MeasureDefinition By)
    : MetricDefinition(Name, Kind)
{
    public override MeasureType ResultType => Kind == MetricKind.WeightedAverage ? MeasureType.Double : Measure.Type;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitPair(this);
}
