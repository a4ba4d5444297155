namespace DisruptorStream.Aggregation;

/// <summary>What a metric says about the events of a key and window.</summary>
internal enum MetricKind : byte
{
    Count = 0,
    Sum,
    Average,
    Min,
    Max,
    Variance,
    PopulationVariance,
    StandardDeviation,
    PopulationStandardDeviation,
    First,
    Last,

    /// <summary>The user's own <see cref="IAggregate{TState}"/>.</summary>
    Custom,
}
