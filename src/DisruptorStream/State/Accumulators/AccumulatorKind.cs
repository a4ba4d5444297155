namespace DisruptorStream.State.Accumulators;

/// <summary>What an accumulator keeps.</summary>
/// <remarks>The numbers are part of saved states and fingerprints: they never change and are never reused.</remarks>
internal enum AccumulatorKind : byte
{
    /// <summary>The number of events.</summary>
    Count = 1,

    /// <summary>Count and plain sum.</summary>
    Sum = 2,

    /// <summary>Count and sum with its rounding errors beside it.</summary>
    CompensatedSum = 3,

    /// <summary>Count and every bit of the sum.</summary>
    ExactSum = 4,

    /// <summary>Count, sum, minimum and maximum.</summary>
    Moments = 5,

    /// <summary>Moments, and the sums that variances are made of.</summary>
    Spread = 6,

    /// <summary>Minimum and maximum of an integer.</summary>
    Extremes = 7,

    /// <summary>The first value by time.</summary>
    First = 8,

    /// <summary>The last value by time.</summary>
    Last = 9,

    /// <summary>The sum of squares.</summary>
    Squares = 10,

    /// <summary>What skewness and kurtosis are made of.</summary>
    Shape = 11,

    /// <summary>What the z-score of the last value is made of.</summary>
    Score = 12,

    /// <summary>An exponential moving average; the parameter is its weight.</summary>
    MovingAverage = 13,

    /// <summary>A sum of products with weights, and the sum of the weights.</summary>
    WeightedMean = 14,

    /// <summary>One measure where another is largest.</summary>
    AtLargest = 15,

    /// <summary>One measure where another is smallest.</summary>
    AtSmallest = 16,

    /// <summary>A quantile sketch; the parameter is its relative error.</summary>
    Quantiles = 17,

    /// <summary>All values; the parameter is how many at the most.</summary>
    Values = 18,

    /// <summary>An estimate of how many different values there were; the parameter is its precision.</summary>
    Distinct = 19,

    /// <summary>The most frequent values; the parameter is how many are counted.</summary>
    Top = 20,

    /// <summary>Counts by bucket; the bounds are the parameters.</summary>
    Histogram = 21,

    /// <summary>A user's aggregate.</summary>
    Custom = 22,

    /// <summary>The values that weigh most by a second measure; the parameter is how many are counted.</summary>
    WeightedTop = 23,

    /// <summary>
    /// An estimate of the sum of the different values' weights, by a second measure; the parameter is its precision.
    /// </summary>
    DistinctSum = 24,

    /// <summary>A user's aggregate over several measures.</summary>
    CustomEvents = 25,

    /// <summary>
    /// The last value, the one before it, and what the mean and spread of all but the last are made of.
    /// </summary>
    Earlier = 30,
}
