namespace DisruptorStream.Aggregation.Metrics;

/// <summary>What is asked of an accumulator when a record is read.</summary>
/// <param name="Kind">The metric's kind.</param>
/// <param name="Argument">The percentile, the rank or the bucket, for the kinds that have one.</param>
internal readonly record struct MetricQuery(MetricKind Kind, double Argument = 0)
{
    public int Index => (int)Argument;
}
