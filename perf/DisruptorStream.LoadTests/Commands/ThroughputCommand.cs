using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>Events per second of the plainest workload, median of several runs.</summary>
internal static class ThroughputCommand
{
    public static Command Create()
    {
        var events = new Option<long>("--events")
        {
            Description = "Events of each run.",
            DefaultValueFactory = _ => 20_000_000,
        };
        var keys = new Option<int>("--keys") { Description = "Keys.", DefaultValueFactory = _ => 10_000 };
        var runs = new Option<int>("--runs")
        {
            Description = "Runs; the median is shown.",
            DefaultValueFactory = _ => 7,
        };
        var command = new Command("throughput", "Tumbling windows of 1 s, five metrics, batches by key handle.")
        {
            events,
            keys,
            runs,
        };
        command.SetAction(
            (parsed, _) => RunAsync(parsed.GetValue(events), parsed.GetValue(keys), parsed.GetValue(runs)));
        return command;
    }

    private static async Task<int> RunAsync(long events, int keys, int runs)
    {
        ExecutionMode[] modes = [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];
        var rates = modes.ToDictionary(mode => mode, _ => new List<double>());
        var unaccounted = 0L;

        // In turns, so that what else the machine does falls on all of them.
        for (var run = 0; run < runs; run++)
        {
            foreach (var mode in modes)
            {
                var outcome = await Run.MeasureAsync(Scenario.Tumbling(keys), mode, events);
                rates[mode].Add(outcome.MillionPerSecond);
                unaccounted += Math.Abs(outcome.Unaccounted);
            }
        }

        foreach (var mode in modes)
        {
            var sorted = rates[mode].Order().ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{mode,-8} {sorted[sorted.Count / 2],8:F1} M events/s (median of {runs}; {sorted[0]:F1} to "
                + $"{sorted[^1]:F1})"));
        }

        Console.WriteLine($"{unaccounted} events unaccounted for");
        return unaccounted == 0 ? 0 : 1;
    }
}
