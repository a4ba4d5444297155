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

    /// <summary>The last value but one.</summary>
    Previous,

    /// <summary>The mean of all values but the last.</summary>
    EarlierAverage,

    /// <summary>The sample deviation of all values but the last.</summary>
    EarlierStandardDeviation,

    /// <summary>The z-score of the last value by those before it.</summary>
    EarlierZScore,
}
