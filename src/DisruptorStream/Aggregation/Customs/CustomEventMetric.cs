using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.Aggregation.Customs;

/// <summary>One of the results of a user's aggregate over several measures.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Which of the results.</param>
/// <param name="Columns">All of them.</param>
internal sealed record CustomEventMetric<TAggregate, TState>(string Name, int Index, CustomColumns Columns)
    : MetricDefinition(Name, MetricKind.Custom)
    where TAggregate : struct, IEventAggregate<TState>
    where TState : unmanaged
{
    public override MeasureType ResultType => MeasureType.Double;

    public override MetricQuery Query => new(Kind, Index);

    public override void Accept(IMetricVisitor visitor) => visitor.VisitCustomEvents(this);
}
