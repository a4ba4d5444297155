using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>
/// A large input of <c>dstream run</c>: its rate, also beside a bare scan, and that memory does not grow with it.
/// </summary>
internal static class CsvCommand
{
    private const double LeastMegabytesPerSecond = 100;
    private const long MostMemoryBytes = 256 << 20;

    public static Command Create()
    {
        var megabytes = new Option<int>("--megabytes")
        {
            Description = "How much is read.",
            DefaultValueFactory = _ => 1000,
        };
        var command = new Command("csv", "Reads comma-separated values through the engine, as dstream run does.")
        {
            megabytes,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(megabytes), cancellationToken));
        return command;
    }

    /// <summary>The job over what <see cref="GeneratedCsv"/> makes.</summary>
    public static JobSettings Job()
    {
        var aggregates = AggregateList.Parse("count, avg(latency), max(latency)");
        return new JobSettings
        {
            Layout = new EventLayout(
                InputFormat.Csv, "time", TimeFormat.UnixMilliseconds, "unix-ms", ["host"], aggregates.Measures),
            Queries = [new QuerySettings { Window = WindowSpec.Parse("tumbling:10s"), Aggregates = aggregates }],
        };
    }

    private static async Task<int> RunAsync(int megabytes, CancellationToken cancellationToken)
    {
        var settings = Job();
        var input = new GeneratedCsv(megabytes * 1_000_000L);
        var begin = Stopwatch.GetTimestamp();
        var summary = await StreamJob.RunAsync(
            settings,
            [new JobInput("generated", input)],
            Stream.Null,
            null,
            Console.Error,
            new JobProgress(),
            cancellationToken);
        var rate = megabytes / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var memory = Process.GetCurrentProcess().PeakWorkingSet64;

        var checks = new Checklist();
        checks.Check(
            "rate",
            rate >= LeastMegabytesPerSecond,
            string.Create(CultureInfo.InvariantCulture, $"{megabytes} MB of {input.Rows:N0} rows at {rate:F0} MB/s"));
        checks.Check(
            "memory",
            memory <= MostMemoryBytes,
            string.Create(CultureInfo.InvariantCulture, $"{memory >> 20} MB at most"));
        checks.Check(
            "rows",
            summary.Stats.EventsProcessed == input.Rows && summary.BadLines == 0,
            string.Create(CultureInfo.InvariantCulture, $"{summary.Stats.EventsProcessed:N0} events"));
        await CsvLimit.CheckAsync(checks);
        return checks.Conclude();
    }
}
