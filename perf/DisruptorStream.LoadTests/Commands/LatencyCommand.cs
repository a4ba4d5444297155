using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Plots;

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
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var plot = new Option<string?>("--plot") { Description = "A PNG file for the percentile curves." };
        var command = new Command(
            "latency", "From the due time of the event that closes a window to its result, beside a bare probe.")
        {
            rate,
            seconds,
            json,
            plot,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(rate), parsed.GetValue(seconds), parsed.GetValue(json), parsed.GetValue(plot)));
        return command;
    }

    public static string Describe(LatencyReport.Row row) => string.Create(
        CultureInfo.InvariantCulture,
        $"p{row.Percentile,-7} {row.EngineMicroseconds,12:F2} µs   bare probe {row.ProbeMicroseconds,12:F2} µs");

    private static async Task<int> RunAsync(int rate, int seconds, bool json, string? plot)
    {
        var (report, engine, bare) = await LatencyReport.MeasureAsync(rate, TimeSpan.FromSeconds(seconds));
        if (plot is not null)
            Charts.Latency(plot, engine, bare);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ReportFormat.Indented));
            return 0;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{rate:N0} events/s for {seconds} s, {report.Results:N0} results"));
        foreach (var row in report.Rows)
            Console.WriteLine(Describe(row));
        return report.Results > 0 ? 0 : 1;
    }
}
