using System.Globalization;
using DisruptorStream.Durability.Recording;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;
using DisruptorStream.Topology.Durable.Recording;

namespace DisruptorStream.LoadTests.Durable.Recording;

/// <summary>
/// How fast events go through with a flight recorder in memory, beside the same processor without one; in turns.
/// </summary>
internal static class RecorderCheck
{
    private const int WarmUps = 2;
    private const double MostNanoseconds = 25;

    public static void Run(Checklist checks, string directory, int events, int rounds)
    {
        using var scratch = new ScratchDirectory(directory);
        var load = new JournalLoad(events);
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused })
            Run(checks, load, new RecorderSettings(scratch.Path, new FlightRecorderOptions()), mode, rounds);
    }

    private static void Run(
        Checklist checks, JournalLoad load, RecorderSettings settings, ExecutionMode mode, int rounds)
    {
        var (plains, recorded) = (new List<Lap>(), new List<Lap>());
        var (ratios, added) = (new List<double>(), new List<double>());
        for (var round = -WarmUps; round < rounds; round++)
        {
            var plain = load.Run(durable: null, mode: mode).Lap;
            var record = load.Run(durable: null, settings, mode).Lap;
            if (round < 0)
                continue;
            plains.Add(plain);
            recorded.Add(record);
            ratios.Add(record.MillionPerSecond / plain.MillionPerSecond);
            added.Add((1e3 / record.MillionPerSecond) - (1e3 / plain.MillionPerSecond));
        }

        Describe(mode, "without", plains);
        Describe(mode, "recorded", recorded);
        var (ratio, time) = (MedianInterval.Of(ratios), MedianInterval.Of(added));
        checks.Check($"recorder, {mode}: time", time.Median <= MostNanoseconds, string.Create(
            CultureInfo.InvariantCulture,
            $"{time.Median:F1} ns more for an event ({time.Low:F1} to {time.High:F1}), at most {MostNanoseconds}; "
            + $"{ratio.Median:F3} ({ratio.Low:F3} to {ratio.High:F3}) of the rate without"));
        var (results, digest) = (plains[0].Results, plains[0].Digest);
        checks.Check(
            $"recorder, {mode}: results",
            plains.TrueForAll(lap => (lap.Results, lap.Digest) == (results, digest))
                && recorded.TrueForAll(lap => (lap.Results, lap.Digest) == (results, digest)),
            string.Create(CultureInfo.InvariantCulture, $"{results:N0}, the same from all"));
    }

    private static void Describe(ExecutionMode mode, string what, List<Lap> laps)
    {
        var rate = MedianInterval.Of(laps.ConvertAll(lap => lap.MillionPerSecond));
        var bytes = MedianInterval.MedianOf(laps.ConvertAll(lap => (double)lap.AllocatedBytes / lap.Events));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"        {mode,-6} {what,-8} {rate.Median,7:F1} M events/s ({rate.Low:F1} to {rate.High:F1}), "
            + $"{bytes:F2} B allocated/event"));
    }
}
