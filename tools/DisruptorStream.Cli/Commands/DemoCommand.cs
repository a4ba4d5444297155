using System.CommandLine;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Commands;

/// <summary><c>dstream demo</c>: the job on the calls of a made-up LLM gateway.</summary>
internal static class DemoCommand
{
    private const string Equivalent =
        "dstream run CALLS.csv --time time --key model --window tumbling:5m --out-of-orderness 2s --lateness 30s "
        + "--aggregate \"count, avg(latency_ms) as avg_latency_ms, max(latency_ms) as max_latency_ms, sum(tokens) "
        + "as tokens\"";

    public static Command Create()
    {
        var command = new Command(
            "demo", "Shows the engine at work on the generated calls of an LLM gateway; the same every time.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var aggregates = AggregateList.Parse(
            "count, avg(latency_ms) as avg_latency_ms, max(latency_ms) as max_latency_ms, sum(tokens) as tokens");
        var settings = new JobSettings
        {
            Layout = new EventLayout(InputFormat.Csv, "time", TimeFormat.Iso, "iso", ["model"], aggregates.Measures),
            Window = WindowSpec.Parse("tumbling:5m"),
            Aggregates = aggregates,
            OutOfOrderness = TimeSpan.FromSeconds(2),
            Lateness = TimeSpan.FromSeconds(30),
        };
        Console.WriteLine("Half an hour of calls to an LLM gateway, some disordered, some late. The same as");
        Console.WriteLine($"  {Equivalent}");
        Console.WriteLine();
        await using var output = Console.OpenStandardOutput();
        var calls = new GatewayCalls();
        var summary = await StreamJob.RunAsync(
            settings, [new JobInput("calls", calls.ToStream())], output, null, Console.Error, cancellationToken);
        Console.WriteLine();
        Console.WriteLine(
            $"{calls.Disordered:N0} of the calls arrived out of order, most by less than the 2 s that are waited for.");
        Console.WriteLine(
            $"{summary.Stats.ResultsEmitted - calls.WindowCount:N0} calls came after their window was complete, but "
            + "within 30 s: "
            + "each made it fire again (pane 'late').");
        Console.WriteLine(
            $"{summary.Stats.LateDropped:N0} came later still and were dropped; they are counted, and --late-output "
            + "FILE would list them.");
        SummaryText.Write(Console.Out, summary);
        return ExitCode.Success;
    }
}
