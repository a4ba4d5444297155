using System.CommandLine;
using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.Plans;
using DisruptorStream.Windows;
using static DisruptorStream.LoadTests.Pairs.MedianInterval;

namespace DisruptorStream.LoadTests.Saving;

/// <summary>What saving and loading a state costs, beside a copy of the same bytes with a checksum, in turn.</summary>
internal static class StateCommand
{
    private const int Rounds = 21;
    private const int WarmUpRounds = 3;
    private const int Keys = 100_000;
    private const int FewKeys = 10_000;
    private const int Slices = 10;
    private const double MostSaveRatio = 3;
    private const double MostLoadRatio = 8;
    private const double MostSizeRatio = 1.3;

    private static readonly WindowPlan Tumbling =
        new SharedSlicePlan(FixedWindows.Tumbling(StateBench.SliceTicks), int.MaxValue, processingTime: false);

    private static readonly WindowPlan Session =
        new SessionPlan(new GapWindows(StateBench.SliceTicks / 2), int.MaxValue);

    public static Command Create()
    {
        var command = new Command("state", "Nanoseconds per record to save and load a state, and its bytes.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        var checklist = new Checklist();
        Measure(checklist, "slices, moments", Keys, 1, Tumbling, Moments, isLimited: true);
        Measure(checklist, "slices, moments, every third key", Keys, 3, Tumbling, Moments, isLimited: false);
        Measure(checklist, "slices, moments, scattered keys", FewKeys, 97, Tumbling, Moments, isLimited: false);
        Measure(checklist, "slices, moments, 4 shards", Keys, 1, Tumbling, Moments, isLimited: false, shards: 4);
        Measure(checklist, "slices, moments and long sums", Keys, 1, Tumbling, LongSums, isLimited: false);
        Measure(checklist, "slices, percentiles", FewKeys, 1, Tumbling, Percentiles, isLimited: false);
        Measure(checklist, "slices, distinct and top", FewKeys, 1, Tumbling, Distinct, isLimited: false);
        Measure(checklist, "sessions, moments", Keys, 1, Session, Moments, isLimited: false);
        return checklist.Conclude();
    }

    private static void Moments(AggregateBuilder a) => a.Count("n").Sum("sum", "x").Min("min", "x").Max("max", "x");

    private static void LongSums(AggregateBuilder a) => a.Count("n").Sum("sum", "x").Min("min", "x").Sum("l", "y");

    private static void Percentiles(AggregateBuilder a) => a.Percentile("p50", 50, "x").Percentile("p99", 99, "x");

    private static void Distinct(AggregateBuilder a) => a.Distinct("d", "x").Top("t", 5, "x");

    private static void Measure(
        Checklist checklist,
        string name,
        int keys,
        int keysApart,
        WindowPlan window,
        Action<AggregateBuilder> aggregate,
        bool isLimited,
        int shards = 1)
    {
        using var bench = new StateBench(window, aggregate, keys, keysApart, Slices, shards);
        var (copies, saves, loads) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            var (copy, save, load) = (bench.Copy(), bench.Save(), bench.Load());
            if (round < 0)
                continue;
            copies.Add(copy);
            saves.Add(save);
            loads.Add(load);
        }

        var records = (double)keys * Slices;
        var size = bench.SavedBytes / (double)bench.LiveBytes;
        var (copyNs, saveNs) = (MedianOf(copies) / records, MedianOf(saves) / records);
        var loadNs = MedianOf(loads) / records;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-34} copy {copyNs,7:F2}   save {saveNs,7:F2} ({saveNs / copyNs,5:F2} x)   "
            + $"load {loadNs,7:F2} ({loadNs / copyNs,5:F2} x) ns/record   "
            + $"{bench.SavedBytes / records,7:F1} bytes/record ({size:F2} x)"));
        if (!bench.IsSame())
            checklist.AtMost($"{name}: states that differ once loaded", 1, 0);
        if (!isLimited)
            return;
        checklist.AtMost($"{name}: save over copy", saveNs / copyNs, MostSaveRatio);
        checklist.AtMost($"{name}: load over copy", loadNs / copyNs, MostLoadRatio);
        checklist.AtMost($"{name}: bytes over those of live records", size, MostSizeRatio);
    }
}
