using DisruptorStream.LoadTests.Limits;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>Whether the engine's percentiles keep their promise of 1 % against the sorted values.</summary>
internal static class PercentileCheck
{
    private const double RelativeError = 0.01;

    /// <returns>How many windows were compared, and how many percentiles are outside.</returns>
    public static (long Compared, long Outside) Run(Workload work, InputEvent[] input)
    {
        var sink = new DigestSink(work) { Kept = [] };
        new EngineRun(work, input, ExecutionMode.Inline) { NewSink = () => sink }.Run();
        var compared = 0L;
        var outside = 0L;
        LimitRun.Run(
            () => new SortingLimit(work)
            {
                OnSorted = (label, key, sorted) =>
                {
                    compared++;
                    if (!sink.Kept.TryGetValue((label, key), out var found))
                    {
                        outside += 3;
                        return;
                    }

                    outside += IsOutside(sorted, 0.5, found.P50) + IsOutside(sorted, 0.95, found.P95)
                        + IsOutside(sorted, 0.99, found.P99);
                },
            },
            input);
        return (compared, outside);
    }

    /// <summary>Between the order statistics next to the rank, and 1 % beyond them.</summary>
    private static int IsOutside(ReadOnlySpan<double> sorted, double p, double found)
    {
        var rank = p * (sorted.Length - 1);
        var low = sorted[(int)Math.Floor(rank)] * (1 - RelativeError);
        var high = sorted[(int)Math.Ceiling(rank)] * (1 + RelativeError);
        return found >= low && found <= high ? 0 : 1;
    }
}
