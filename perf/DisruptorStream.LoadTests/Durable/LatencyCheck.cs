using System.Globalization;
using DisruptorStream.Durability;
using DisruptorStream.LoadTests.Latencies;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;
using DisruptorStream.Rings;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>
/// How much later results come with Sync, at a million events a second, beside the syncs of a probe that writes the
/// same bytes; in turns.
/// </summary>
internal static class LatencyCheck
{
    private const int EventsPerSecond = 1_000_000;
    private const double MostOfSync = 2;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public static void Run(Checklist checks, string directory, int rounds)
    {
        using var scratch = new ScratchDirectory(directory);
        using var probe = new DiskProbe(scratch.Path);
        using var inner = scratch.Inner();
        var files = new CountedFiles();
        var options = new DurabilityOptions { Mode = DurabilityMode.Sync };
        using var plain = new OpenLoop(EventsPerSecond);
        using var durable = new OpenLoop(
            EventsPerSecond, WaitStrategyKind.Adaptive, new DurableSettings(inner.Path, options) { Files = files });
        var (added, syncs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            var without = MedianOf(plain);
            var before = files.Counts;
            var with = MedianOf(durable);
            var synced = Percentiles.NewHistogram();
            probe.Run(files.Counts - before, time => synced.RecordValue((long)time.TotalNanoseconds));
            if (round < 0)
                continue;
            added.Add(with - without);
            syncs.Add(synced.Microseconds(50));
            ratios.Add((with - without) / synced.Microseconds(50));
        }

        var (late, sync, ratio) = (MedianInterval.Of(added), MedianInterval.Of(syncs), MedianInterval.Of(ratios));
        checks.Check(
            "Sync: added p50 of a result at 1 M events/s",
            ratio.Median <= MostOfSync,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{late.Median:F0} µs ({late.Low:F0} to {late.High:F0}), {ratio.Median:F2} ({ratio.Low:F2} to "
                + $"{ratio.High:F2}) of the p50 of the probe's syncs, {sync.Median:F0} µs ({sync.Low:F0} to "
                + $"{sync.High:F0}); at most {MostOfSync}"));
    }

    private static double MedianOf(OpenLoop loop)
    {
        var latencies = Percentiles.NewHistogram();
        loop.Run(Slice, latencies);
        return latencies.Microseconds(50);
    }
}
