using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.Aggregation.Customs;

/// <summary>A metric of the user's own making, closed over the user's types where the user names them.</summary>
internal sealed record CustomMetric<TAggregate, TState>(string Name, MeasureDefinition Measure)
    : MetricDefinition(Name, MetricKind.Custom)
    where TAggregate : struct, IAggregate<TState>
    where TState : unmanaged
{
    public override MeasureType ResultType => MeasureType.Double;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitCustom(this);
}
