using System.CommandLine;
using System.Globalization;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Live;
using DisruptorStream.Cli.Terminal;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Commands;

/// <summary><c>dstream demo</c>: the job on the calls of a made-up LLM gateway.</summary>
internal static class DemoCommand
{
    private const string Equivalent =
        "dstream run CALLS.csv --time time --key model --window tumbling:5m --out-of-orderness 2s --lateness 30s "
        + "--aggregate \"count, avg(latency_ms) as avg_latency_ms, max(latency_ms) as max_latency_ms, sum(tokens) "
        + "as tokens\"";

    private const int CallsPerSecond = 500;

    public static Command Create()
    {
        var live = new Option<bool>("--live")
        {
            Description = "A simulated gateway as it goes: latencies, rates and anomalies of each model, as a table "
                + "that redraws itself; as plain lines where there is no terminal.",
        };
        var seconds = WholeNumber(
            "--seconds", "How long --live goes on: 1 or more. Without it, until Ctrl+C.", int.MaxValue);
        var rate = WholeNumber("--rate", "How many calls come in each second of --live: 1 to 100000. 500.", 100_000);
        var command = new Command(
            "demo", "Shows the engine at work on the generated calls of an LLM gateway; the same every time.")
        {
            live, seconds, rate,
        };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(live) && result.GetResult(seconds) is not null)
                result.AddError("'--seconds' belongs to --live.");
            if (!result.GetValue(live) && result.GetResult(rate) is not null)
                result.AddError("'--rate' belongs to --live.");
        });
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(live)
            ? RunLiveAsync(parsed, parsed.GetValue(rate) ?? CallsPerSecond, parsed.GetValue(seconds), cancellationToken)
            : RunAsync(cancellationToken));
        return command;
    }

    private static Option<int?> WholeNumber(string name, string description, int most) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value >= 1 && value <= most)
            {
                return value;
            }

            result.AddError($"'{text}' is no number for {name}; it takes 1 to {most}.");
            return null;
        },
    };

    private static async Task<int> RunLiveAsync(
        ParseResult parsed, int callsPerSecond, int? seconds, CancellationToken cancellationToken)
    {
        var output = parsed.InvocationConfiguration.Output;
        await using var standardOutput = new StandardOutput();
        using var watch = new ReaderWatch([standardOutput], cancellationToken);
        return await watch.RunAsync(async end =>
        {
            await LiveRun.RunAsync(
                TerminalState.OutputIsDrawable
                    ? TerminalState.ConsoleOn(Console.Out, Console.IsOutputRedirected)
                    : null,
                output,
                callsPerSecond,
                seconds is { } length ? TimeSpan.FromSeconds(length) : null,
                TimeProvider.System,
                end);
            return ExitCode.Success;
        });
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var aggregates = AggregateList.Parse(
            "count, avg(latency_ms) as avg_latency_ms, max(latency_ms) as max_latency_ms, sum(tokens) as tokens");
        var settings = new JobSettings
        {
            Layout = new EventLayout(InputFormat.Csv, "time", TimeFormat.Iso, "iso", ["model"], aggregates.Measures),
            Queries = [new QuerySettings { Window = WindowSpec.Parse("tumbling:5m"), Aggregates = aggregates }],
            OutOfOrderness = TimeSpan.FromSeconds(2),
            Lateness = TimeSpan.FromSeconds(30),
        };
        Console.WriteLine("Half an hour of calls to an LLM gateway, some disordered, some late. The same as");
        Console.WriteLine($"  {Equivalent}");
        Console.WriteLine();
        await using var output = new StandardOutput();
        using var watch = new ReaderWatch([output], cancellationToken);
        var calls = new GatewayCalls();
        JobInput[] inputs = [new JobInput("calls", calls.ToStream())];
        var summary = await watch.RunAsync(
            end => StreamJob.RunAsync(settings, inputs, output, null, Console.Error, new JobProgress(), end));
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
