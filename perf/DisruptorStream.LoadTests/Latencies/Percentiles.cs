using HdrHistogram;

namespace DisruptorStream.LoadTests.Latencies;

/// <summary>What is recorded, in nanoseconds, and how it is shown.</summary>
internal static class Percentiles
{
    public const long MostNanoseconds = 60_000_000_000;

    public static readonly double[] Shown = [50, 90, 99, 99.9, 99.99, 99.999, 100];

    public static LongHistogram NewHistogram() => new(1, MostNanoseconds, 3);

    public static double Microseconds(this LongHistogram histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1e3;
}
