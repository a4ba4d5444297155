using DisruptorStream.Aggregation.Filters;

namespace DisruptorStream.Aggregation.Metrics;

/// <summary>A metric that was asked for: its name, what it is and the measure it reads.</summary>
internal abstract record MetricDefinition(string Name, MetricKind Kind)
{
    /// <summary>Which events it takes; null for all.</summary>
    public MetricFilter? Filter { get; init; }

    /// <summary>How the 64 bits of its value are to be read.</summary>
    public abstract MeasureType ResultType { get; }

    /// <summary>Whether it counts or weighs events, or different values: then it is 0 over none.</summary>
    public bool IsCount =>
        Kind is MetricKind.Count or MetricKind.HistogramBucket or MetricKind.Distinct or MetricKind.TopCount;

    /// <summary>What its accumulator is asked for.</summary>
    public virtual MetricQuery Query => new(Kind);

    /// <summary>
    /// Calls the visitor with the metric's own type, which is how a user's types reach the state closed.
    /// </summary>
    public abstract void Accept(IMetricVisitor visitor);
}
