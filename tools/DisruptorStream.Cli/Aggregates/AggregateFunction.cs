namespace DisruptorStream.Cli.Aggregates;

/// <summary>What an aggregate computes.</summary>
internal enum AggregateFunction
{
    Count,
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
}
