using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Plots;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>What an event costs as the work grows.</summary>
internal static class ScaleCommand
{
    private const int WarmUps = 2;

    public static Command Create()
    {
        var keys = SizeOption.Many("--keys", "Tumbling windows over this many keys, such as 1,100,10k,1M,10M.");
        var ratios = SizeOption.Many("--slide-ratio", "Sliding windows of this many slides of 1 s.");
        var shards = SizeOption.Many("--shards", "Staged, with this many shards.");
        var producers = SizeOption.Many("--producers", "Fused, with this many publishing threads.");
        var events = SizeOption.One("--events", "Events of each run.", 10_000_000);
        var runs = new Option<int>("--runs") { Description = "Measured runs.", DefaultValueFactory = _ => 3 };
        var plot = new Option<string?>("--plot") { Description = "A PNG file." };
        var command = new Command("scale", "Cost per event as keys, overlap, shards or publishers grow.")
        {
            keys,
            ratios,
            shards,
            producers,
            events,
            runs,
            plot,
        };
        command.SetAction(parsed =>
        {
            var (n, r) = (parsed.GetValue(events), parsed.GetValue(runs));
            foreach (var option in new[] { keys, ratios, shards, producers })
            {
                var sizes = parsed.GetValue(option)!;
                if (sizes.Length == 0)
                    continue;
                var points = Measure(option.Name, sizes, n, r, Console.Out);
                if (parsed.GetValue(plot) is { } path)
                    Charts.Scale(path, option.Name.TrimStart('-'), points);
            }

            return 0;
        });
        return command;
    }

    public static IReadOnlyList<(double Size, double Nanoseconds)> Measure(
        string what, long[] sizes, int events, int runs, TextWriter output)
    {
        var points = new List<(double, double)>();
        output.WriteLine($"{what,-14} {"Inline or as named",20}");
        foreach (var size in sizes)
        {
            var contestant = New(what, (int)size, events);
            Contestant.RunInTurns([contestant], WarmUps, runs);
            var rate = contestant.MedianMillionPerSecond;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size,14:N0} {rate,8:F1} M/s {1e3 / rate,8:F2} ns/event  "
                + $"{contestant.Laps[0].Results,12:N0} results  {contestant.BytesPerEvent:F3} B/event"));
            points.Add((size, 1e3 / rate));
        }

        return points;
    }

    private static Contestant New(string what, int size, int events)
    {
        var w1 = Workload.Find("W1")!;
        var work = what switch
        {
            "--keys" => w1 with { Keys = size },
            "--slide-ratio" => Workload.Find("W2")! with { SizeMilliseconds = size * 1000L },
            _ => w1,
        };
        var mode = what switch
        {
            "--shards" => ExecutionMode.Staged,
            "--producers" => ExecutionMode.Fused,
            _ => ExecutionMode.Inline,
        };
        var run = new EngineRun(work, work.Generate(events), mode, what == "--shards" ? size : 1)
        {
            Producers = what == "--producers" ? size : 1,
        };
        return new Contestant { Name = $"{what} {size}", Run = run.Run };
    }
}
