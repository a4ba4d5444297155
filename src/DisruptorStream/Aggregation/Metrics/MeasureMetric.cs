namespace DisruptorStream.Aggregation.Metrics;

/// <summary>One of the engine's own metrics of a measure.</summary>
internal sealed record MeasureMetric(string Name, MetricKind Kind, MeasureDefinition Measure)
    : MetricDefinition(Name, Kind)
{
    public override MeasureType ResultType => Kind switch
    {
        MetricKind.Sum or MetricKind.Min or MetricKind.Max or MetricKind.First or MetricKind.Last
            or MetricKind.Previous => Measure.Type,
        _ => MeasureType.Double,
    };

    public override void Accept(IMetricVisitor visitor) => visitor.VisitMeasure(this);
}
