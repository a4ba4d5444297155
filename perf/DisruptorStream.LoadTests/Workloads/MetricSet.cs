namespace DisruptorStream.LoadTests.Workloads;

/// <summary>What a workload asks for of each window and key.</summary>
internal enum MetricSet
{
    /// <summary>Count, sum, smallest, largest and average.</summary>
    Moments,

    /// <summary>The percentiles 50, 95 and 99.</summary>
    Percentiles,

    /// <summary>The percentile 95 alone.</summary>
    Percentile95,

    /// <summary>Sum and largest of each of <see cref="Measures.Count"/> measures.</summary>
    Measures,
}
