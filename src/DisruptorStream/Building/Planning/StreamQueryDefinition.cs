using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Plans;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Windows;

namespace DisruptorStream.Building.Planning;

/// <summary>A query of a stream, without the type of its keys.</summary>
internal abstract record StreamQueryDefinition
{
    /// <summary>The user's name of it.</summary>
    public required string Name { get; init; }

    /// <summary>Which of the stream's keys it groups by.</summary>
    public required int KeyColumn { get; init; }

    /// <summary>Which events it takes; null for all.</summary>
    public required MetricFilter? Filter { get; init; }

    /// <summary>The query whose panes are its events; null where it has those of the stream.</summary>
    public PaneInputPlan? Panes { get; init; }

    /// <summary>Its windows.</summary>
    public abstract WindowDefinition Window { get; }

    /// <summary>What its panes hold.</summary>
    public abstract AccumulationMode Accumulation { get; }

    /// <summary>Whether a condition leaves out some of its panes.</summary>
    public abstract bool HasCondition { get; }

    /// <summary>What its results show.</summary>
    public abstract IReadOnlyList<MetricDefinition> Metrics { get; }

    /// <summary>Its shortest wait for the clock, for the cadence of ticks; null for none.</summary>
    public abstract TimeSpan? ShortestDelay { get; }

    /// <summary>Whether its results depend on the clock.</summary>
    public abstract bool ClockMatters { get; }

    /// <summary>What it is, as part of a stream.</summary>
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public abstract QueryPlan PlanOf<TEvent>(StreamDefinition<TEvent> stream);

    /// <summary>Makes the way of its results.</summary>
    public abstract DeliveryMaker DeliveryOf(StreamProcessorOptions options);
}
