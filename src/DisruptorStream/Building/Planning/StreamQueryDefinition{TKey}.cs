using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Plans;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Windows;

namespace DisruptorStream.Building.Planning;

/// <inheritdoc cref="StreamQueryDefinition"/>
internal sealed record StreamQueryDefinition<TKey> : StreamQueryDefinition
    where TKey : notnull
{
    /// <summary>Its windows, metrics and outputs. What is the stream's in it counts for nothing.</summary>
    public required PipelineDefinition<TKey> Query { get; init; }

    public override WindowDefinition Window => Query.Window;

    public override AccumulationMode Accumulation => Query.Accumulation;

    public override bool HasCondition => Query.Having is not null;

    public override IReadOnlyList<MetricDefinition> Metrics => Query.Metrics;

    public override TimeSpan? ShortestDelay => Query.ShortestWait;

    public override bool ClockMatters => Query.HasCustomTrigger || Query.ShortestWait is not null;

    public override QueryPlan PlanOf<TEvent>(StreamDefinition<TEvent> stream) => ProcessorPlanner.QueryOf(Query with
    {
        Options = stream.Options,
        Watermarks = stream.Watermarks,
        ProcessingTime = stream.ProcessingTime,
    });

    public override DeliveryMaker DeliveryOf(StreamProcessorOptions options) =>
        new DeliveryMaker<TKey>(Query.DeliveryOf(options));
}
