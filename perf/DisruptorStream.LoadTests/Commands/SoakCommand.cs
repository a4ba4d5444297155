using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Latencies;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>Whether anything grows or slows down while it runs for long.</summary>
internal static class SoakCommand
{
    private const long MemoryNoiseBytes = 8_000_000;
    private const double MostDrift = 2;

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 10 };
        var rate = new Option<int>("--rate")
        {
            Description = "Events per second.",
            DefaultValueFactory = _ => 200_000,
        };
        var command = new Command("soak", "Flat memory, no collections and no drift of the latency.")
        {
            minutes,
            rate,
        };
        command.SetAction(parsed => Run(parsed.GetValue(minutes), parsed.GetValue(rate)));
        return command;
    }

    private static int Run(double minutes, int rate)
    {
        var slice = TimeSpan.FromSeconds(Math.Clamp(minutes * 60 / 12, 1, 60));
        var slices = Math.Max(3, (int)(minutes * 60 / slice.TotalSeconds));
        var histogram = Percentiles.NewHistogram();
        var medians = new List<double>();
        var memory = new List<long>();
        using var loop = new OpenLoop(rate);
        loop.Run(slice, histogram);
        GC.Collect();
        var collections = GC.CollectionCount(0);
        for (var index = 0; index < slices; index++)
        {
            histogram.Reset();
            loop.Run(slice, histogram);
            medians.Add(histogram.GetValueAtPercentile(50) / 1e3);
            memory.Add(Environment.WorkingSet);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(index + 1) * slice.TotalSeconds,6:F0} s  p50 {medians[^1]:F2} µs  "
                + $"p99 {histogram.GetValueAtPercentile(99) / 1e3:F1} µs  {memory[^1] / 1e6:F1} MB"));
        }

        var third = slices / 3;
        var early = medians.Take(third).Order().ElementAt(third / 2);
        var late = medians.TakeLast(third).Order().ElementAt(third / 2);
        var checks = new Checklist();
        checks.AtMost("median latency, last third over first", late / early, MostDrift);
        checks.AtMost("bytes grown", memory[^1] - memory[0], MemoryNoiseBytes);
        checks.AtMost("collections", GC.CollectionCount(0) - collections, 0);
        return checks.Conclude();
    }
}
