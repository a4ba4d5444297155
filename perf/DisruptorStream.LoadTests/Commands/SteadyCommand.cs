using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>
/// Shows that nothing is allocated per event, however long it runs, with windows opening and closing.
/// </summary>
internal static class SteadyCommand
{
    /// <summary>A few buffers of the runtime's own threads; per event it is nothing.</summary>
    private const long NoiseBytes = 1_000_000;

    public static Command Create()
    {
        var events = SizeOption.One("--events", "Events of each run.", 100_000_000L);
        var mode = new Option<ExecutionMode>("--mode")
        {
            Description = "On which threads the stages run.",
            DefaultValueFactory = _ => ExecutionMode.Fused,
        };
        var command = new Command(
            "steady", "Runs each kind of window for long, with 5 % late events: no allocation, no collection.")
        {
            events,
            mode,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(events), parsed.GetValue(mode)));
        return command;
    }

    private static async Task<int> RunAsync(long events, ExecutionMode mode)
    {
        var checks = new Checklist();
        foreach (var scenario in Scenario.Steady)
        {
            var run = await Run.MeasureAsync(scenario, mode, events);
            var figures = string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Events:N0} events, {run.MillionPerSecond:F1} M/s, {run.Panes:N0} panes, {run.Late:N0} late");
            checks.Check(
                $"{scenario.Name}, all accounted for", run.Unaccounted == 0, $"{figures}, {run.Unaccounted} missing");
            checks.Check(
                $"{scenario.Name}, allocation",
                run.AllocatedBytes < Math.Min(NoiseBytes, events / 100),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{run.AllocatedBytes:N0} bytes in all, {(double)run.AllocatedBytes / run.Events:F4} per event"));
            checks.Check($"{scenario.Name}, collections", run.Collections == 0, $"{run.Collections}");
            checks.Check(
                $"{scenario.Name}, windows closed",
                run.Panes >= Math.Min(100_000, events / 1000),
                string.Create(CultureInfo.InvariantCulture, $"{run.Panes:N0} panes"));
        }

        return checks.Conclude();
    }
}
