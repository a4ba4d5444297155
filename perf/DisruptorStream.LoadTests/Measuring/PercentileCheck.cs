using DisruptorStream.LoadTests.Limits;
using DisruptorStream.LoadTests.Limits.Sessions;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>Whether the engine's percentiles keep their promise of 1 % against the sorted values.</summary>
internal static class PercentileCheck
{
    private const double RelativeError = 0.01;

    /// <returns>How many windows were compared, and how many percentiles are outside.</returns>
    public static (long Compared, long Outside) Run(Workload work, InputEvent[] input)
    {
        double[] percentiles = work.Metrics == MetricSet.Percentile95 ? [0.95] : [0.5, 0.95, 0.99];
        var sink = new DigestSink(work) { Kept = [] };
        new EngineRun(work, input, ExecutionMode.Inline) { NewSink = () => sink }.Run();
        var compared = 0L;
        var outside = 0L;
        void Compare(long label, int key, ReadOnlySpan<double> sorted)
        {
            compared++;
            if (!sink.Kept.TryGetValue((label, key), out var found))
            {
                outside += percentiles.Length;
                return;
            }

            for (var index = 0; index < percentiles.Length; index++)
                outside += IsOutside(sorted, percentiles[index], found[index]);
        }

        LimitRun.Run(
            () => work.IsSession
                ? new SortedSessionsLimit(work) { OnSorted = Compare }
                : new SortingLimit(work) { OnSorted = Compare },
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
