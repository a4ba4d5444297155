using System.CommandLine;
using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.LoadTests.Kernels;
using DisruptorStream.LoadTests.Measuring;
using static DisruptorStream.LoadTests.Pairs.MedianInterval;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>What each accumulator costs, all in one run, round after round in turn.</summary>
internal static class KernelsCommand
{
    private const int Rounds = 21;
    private const int FoldsPerRound = 8;
    private const int ReadsPerRound = 100;
    private const int SlicesOfAWindow = 60;

    public static Command Create()
    {
        var command = new Command(
            "kernels", "Nanoseconds per event of the accumulators, and per pane and merge of a window.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        var benches = Benches();
        var folds = benches.ToDictionary(bench => bench.Name, _ => new List<double>());
        var reads = benches.ToDictionary(bench => bench.Name, _ => new List<double>());
        var merges = benches.ToDictionary(bench => bench.Name, _ => new List<double>());
        for (var round = -3; round < Rounds; round++)
        {
            foreach (var bench in benches)
            {
                var (fold, merge) = (bench.Fold(FoldsPerRound), bench.Merge(SlicesOfAWindow));
                if (round < 0)
                    continue;
                folds[bench.Name].Add(fold);
                merges[bench.Name].Add(merge);
                reads[bench.Name].Add(bench.Read(ReadsPerRound));
            }
        }

        foreach (var bench in benches)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{bench.Name,-28} {MedianOf(folds[bench.Name]),7:F2} ns/event   "
                + $"{MedianOf(reads[bench.Name]),8:F1} ns/pane   "
                + $"{MedianOf(merges[bench.Name]) / 1e3,8:F2} µs for {SlicesOfAWindow} slices"));
        }

        var checklist = new Checklist();
        Check(checklist, benches, name => MedianOf(folds[name]), name => MedianOf(merges[name]));
        foreach (var bench in benches)
            bench.Dispose();
        return checklist.Conclude();
    }

    private static KernelBench[] Benches() =>
    [
        new("count", a => a.Count("n")),
        new("sum", a => a.Sum("sum")),
        new("custom sum", a => a.Custom<PlainSum, double>("sum")),
        new("compensated sum", a => a.Sum("sum", mode: SumMode.Compensated)),
        new("exact sum", a => a.Sum("sum", mode: SumMode.Exact)),
        new("min + max", a => a.Min("min").Max("max")),
        new("moments", a => a.Sum("sum").Count("n").Average("avg").Min("min").Max("max")),
        new("stddev", a => a.StandardDeviation("sd")),
        new("moments + stddev", a => a
            .Sum("sum").Count("n").Average("avg").Min("min").Max("max").StandardDeviation("sd")),
        new("skewness + kurtosis", a => a.Skewness("skew").Kurtosis("kurt")),
        new("p50 + p95 + p99", a => a.Percentile("p50", 50).Percentile("p95", 95).Percentile("p99", 99)),
        new("distinct", a => a.Distinct("distinct")),
        new("top 5", a => a.Top("top", 5)),
        new("histogram of 10 bounds", a => a.Histogram("h", [0.1, 0.2, 0.5, 1, 2, 3, 5, 8, 13, 21])),
        new("moving average", a => a.MovingAverage("ema", 0.1)),
    ];

    private static void Check(
        Checklist checklist, KernelBench[] benches, Func<string, double> fold, Func<string, double> merge)
    {
        KernelBench Of(string name) => Array.Find(benches, bench => bench.Name == name)!;
        const string Percentiles = "p50 + p95 + p99";
        checklist.AtMost("the sketch, ns per event", fold(Percentiles), 4);
        checklist.AtMost("the sketch over the moments", fold(Percentiles) / fold("moments"), 3);
        checklist.AtMost("60 slices of the sketch, µs", merge(Percentiles) / 1e3, 10);
        checklist.AtMost(
            "six moments over the dearest of them",
            fold("moments + stddev") / Math.Max(fold("stddev"), fold("sum")),
            1.15);
        checklist.AtMost("distinct, ns per event", fold("distinct"), 10);
        checklist.AtMost("a user's sum over the engine's", fold("custom sum") / fold("sum"), 1.5);
        checklist.AtMost("median off 1, relative", Math.Abs(Of(Percentiles).Total() - 1), 0.02);
        checklist.AtMost(
            "user's and engine's sum apart, relative",
            Math.Abs((Of("custom sum").Total() / Of("sum").Total()) - 1),
            1e-12);
        checklist.AtMost("distinct off 65,536, relative", Math.Abs((Of("distinct").Total() / 65_536) - 1), 0.07);
    }
}
