using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Latencies;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Stages;
using DisruptorStream.LoadTests.Texts;
using DisruptorStream.LoadTests.Texts.Marked;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>The floor on any machine: what must hold before anything is merged.</summary>
internal static class GateCommand
{
    /// <summary>
    /// Twice what the load test allows: here the distance of the cores may change between the two measurements.
    /// </summary>
    private const double NoisyNeighbourFactor = 4;

    private const int LatencyAttempts = 4;

    public static Command Create()
    {
        var command = new Command(
            "gate", "Checks the floors, and the engine against loops that run beside it, in about a minute.");
        var prove = new Option<bool>("--prove")
        {
            Description = "Slows each stage to twice its time instead, and fails unless some check notices.",
        };
        command.Options.Add(prove);
        command.SetAction((parsed, _) => parsed.GetValue(prove) ? Task.FromResult(Prove()) : RunAsync());
        return command;
    }

    private static int Prove()
    {
        var checks = new Checklist();
        GateProof.Run(checks);
        return checks.Conclude();
    }

    private static async Task<int> RunAsync()
    {
        var checks = new Checklist();
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused })
        {
            var many = await MedianAsync(Scenario.Tumbling(10_000), mode, 5_000_000);
            checks.Check($"{mode}, many keys, 1 M events/s", many.MillionPerSecond >= 1, Describe(many));
            checks.Check($"{mode}, every event accounted for", many.Unaccounted == 0, $"{many.Unaccounted} are not");
            var one = await MedianAsync(Scenario.Tumbling(1), mode, 5_000_000);
            checks.Check($"{mode}, one key, 100 k events/s", one.MillionPerSecond >= 0.1, Describe(one));
        }

        foreach (var scenario in Scenario.Steady)
        {
            var steady = await Run.MeasureAsync(scenario, ExecutionMode.Fused, 2_000_000);
            var panesPerSecond = steady.Panes / steady.Elapsed.TotalSeconds;
            checks.Check($"{scenario.Name}, 10 k windows/s", panesPerSecond >= 10_000, Describe(steady));
            checks.Check(
                $"{scenario.Name}, every event accounted for", steady.Unaccounted == 0, $"{steady.Unaccounted} are "
                + "not");
        }

        foreach (var ratio in RatioLimit.All)
            ratio.Check(checks);
        TextLimit.Check(checks);
        MarkedLimit.Check(checks);
        await CsvLimit.CheckAsync(checks);
        StageLimit.Check(checks);
        ContentionCommand.Neighbours(checks, NoisyNeighbourFactor);
        await DriftCommand.CheckAsync(checks, 20_000_000);
        var median = double.MaxValue;

        // Others may have the machine for some seconds.
        for (var attempt = 0; attempt < LatencyAttempts && median >= 1; attempt++)
            median = OpenLoop.Measure(100_000, TimeSpan.FromSeconds(2)).GetValueAtPercentile(50) / 1e6;
        checks.Check(
            "median latency below 1 ms",
            median < 1,
            string.Create(CultureInfo.InvariantCulture, $"{median:F4} ms at 100 k events/s"));
        return checks.Conclude();
    }

    private static async Task<RunOutcome> MedianAsync(Scenario scenario, ExecutionMode mode, long events)
    {
        var outcomes = new List<RunOutcome>();
        for (var run = 0; run < 3; run++)
            outcomes.Add(await Run.MeasureAsync(scenario, mode, events));
        return outcomes.OrderBy(outcome => outcome.Elapsed).ElementAt(1);
    }

    private static string Describe(RunOutcome outcome) => string.Create(
        CultureInfo.InvariantCulture,
        $"{outcome.MillionPerSecond:F1} M events/s, {outcome.Panes / outcome.Elapsed.TotalSeconds:N0} panes/s");
}
