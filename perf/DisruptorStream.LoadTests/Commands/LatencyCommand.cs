using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>Latency at a fixed rate, open loop.</summary>
internal static class LatencyCommand
{
    private static readonly double[] Percentiles = [50, 90, 99, 99.9, 99.99, 100];

    public static Command Create()
    {
        var rate = new Option<int>("--rate")
        {
            Description = "Events per second.",
            DefaultValueFactory = _ => 1_000_000,
        };
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 10 };
        var command = new Command(
            "latency", "From the due time of the event that closes a window to its result in the sink.")
        {
            rate,
            seconds,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(rate), parsed.GetValue(seconds)));
        return command;
    }

    private static async Task<int> RunAsync(int rate, int seconds)
    {
        var latencies = await OpenLoop.MeasureAsync(rate, TimeSpan.FromSeconds(seconds));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{rate:N0} events/s for {seconds} s, {latencies.TotalCount:N0} results"));
        foreach (var percentile in Percentiles)
        {
            var microseconds = latencies.GetValueAtPercentile(percentile) / 1e3;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p{percentile,-6} {microseconds,12:F2} µs"));
        }

        return latencies.TotalCount > 0 ? 0 : 1;
    }
}
