using System.Globalization;
using DisruptorStream.Durability;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>
/// How fast a recovery handles a journal again that has no snapshot: opening and checking the files, replay, results,
/// and the snapshot at the end.
/// </summary>
internal static class ReplayCheck
{
    private const double LeastMillionPerSecond = 50;
    private const int WarmUps = 1;

    public static void Run(Checklist checks, string directory, int events, int rounds)
    {
        using var scratch = new ScratchDirectory(directory);
        var load = new JournalLoad(events);
        using var left = scratch.Inner();
        var written = load.Leave(Settings(left));
        var rates = new List<double>();
        var agree = true;
        for (var round = -WarmUps; round < rounds; round++)
        {
            // Each recovery leaves a snapshot, which the next one would begin with.
            using var copy = scratch.Inner();
            foreach (var file in Directory.EnumerateFiles(left.Path))
                File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
            var (recovery, results) = load.Recover(Settings(copy));
            agree &= results == written && recovery.SlotsReplayed > events;
            if (round >= 0)
                rates.Add(recovery.SlotsReplayed / recovery.Duration.TotalSeconds / 1e6);
        }

        var interval = MedianInterval.Of(rates);
        checks.Check(
            "replay: rate",
            interval.Median >= LeastMillionPerSecond,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{interval.Median:F1} M events/s ({interval.Low:F1} to {interval.High:F1}), at least "
                + $"{LeastMillionPerSecond}"));
        checks.Check(
            "replay: results",
            agree,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{written.Results:N0} {(agree ? "as before the end" : "before the end, and others after it")}"));
    }

    private static DurableSettings Settings(ScratchDirectory scratch) =>
        new(scratch.Path, new DurabilityOptions());
}
