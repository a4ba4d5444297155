namespace DisruptorStream.Aggregation.Metrics;

/// <summary>What a metric says about the events of a key and window.</summary>
internal enum MetricKind : byte
{
    Count = 0,

    /// <summary>Events per second of the window; read from the count.</summary>
    Rate,
    Sum,
    Average,
    Min,
    Max,
    Range,
    SumOfSquares,
    Variance,
    PopulationVariance,
    StandardDeviation,
    PopulationStandardDeviation,
    Skewness,
    Kurtosis,
    First,
    Last,
    ZScore,
    MovingAverage,
    WeightedAverage,
    ArgMin,
    ArgMax,
    Percentile,
    Distinct,
    TopValue,
    TopCount,
    TopError,
    HistogramBucket,

    /// <summary>The user's own <see cref="IAggregate{TState}"/>.</summary>
    Custom,

    /// <summary>An expression over other metrics.</summary>
    Expression,
}
