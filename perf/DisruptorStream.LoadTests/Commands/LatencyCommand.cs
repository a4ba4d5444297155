using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DisruptorStream.LoadTests.Latencies;
using DisruptorStream.LoadTests.Plots;
using DisruptorStream.Rings;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>Latency at a fixed rate, open loop.</summary>
internal static class LatencyCommand
{
    public static Command Create()
    {
        var rate = new Option<int>("--rate")
        {
            Description = "Events per second.",
            DefaultValueFactory = _ => 1_000_000,
        };
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 30 };
        var spin = new Option<bool>("--spin") { Description = "Workers that spin instead of adapting." };
        var keys = new Option<int>("--keys")
        {
            Description = "Fire windows of this many keys, and tell how long that holds the ring.",
            DefaultValueFactory = _ => 1,
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var plot = new Option<string?>("--plot") { Description = "A PNG file for the percentile curves." };
        var command = new Command(
            "latency", "From the due time of the event that closes a window to its result, beside a bare probe.")
        {
            rate,
            seconds,
            spin,
            keys,
            json,
            plot,
        };
        command.SetAction(parsed =>
        {
            var wait = parsed.GetValue(spin) ? WaitStrategyKind.BusySpin : WaitStrategyKind.Adaptive;
            var duration = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            return parsed.GetValue(keys) > 1
                ? RunFiring(parsed.GetValue(rate), parsed.GetValue(keys), duration, wait, parsed.GetValue(json))
                : Run(parsed.GetValue(rate), duration, wait, parsed.GetValue(json), parsed.GetValue(plot));
        });
        return command;
    }

    public static string Describe(LatencyReport.Row row) => string.Create(
        CultureInfo.InvariantCulture,
        $"p{row.Percentile,-7} {row.EngineMicroseconds,10:F2} µs   (publisher late by "
        + $"{row.PublisherMicroseconds,10:F2} µs)   bare probe {row.ProbeMicroseconds,10:F2} µs");

    private static int Run(int rate, TimeSpan duration, WaitStrategyKind wait, bool json, string? plot)
    {
        var (report, engine, bare) = LatencyReport.Measure(rate, duration, wait);
        if (plot is not null)
            Charts.Latency(plot, engine, bare);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ReportFormat.Indented));
            return 0;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rate:N0} events/s for {duration.TotalSeconds} s, {wait}, {report.Results:N0} results"));
        foreach (var row in report.Rows)
            Console.WriteLine(Describe(row));
        return report.Results > 0 ? 0 : 1;
    }

    private static int RunFiring(int rate, int keys, TimeSpan duration, WaitStrategyKind wait, bool json)
    {
        var report = FiringReport.Measure(rate, keys, duration, wait);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ReportFormat.Indented));
            return 0;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rate:N0} events/s, {wait}, {report.Firings:N0} firings of {keys:N0} keys"));
        foreach (var row in report.Rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"p{row.Percentile,-4} first result {row.FirstResultMicroseconds,9:F1} µs   last result "
                + $"{row.LastResultMicroseconds,9:F1} µs   ring held {row.LongestHoldMicroseconds,9:F1} µs"));
        }

        return report.Firings > 0 ? 0 : 1;
    }
}
