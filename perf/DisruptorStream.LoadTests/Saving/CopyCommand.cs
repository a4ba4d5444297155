using System.CommandLine;
using System.Globalization;
using DisruptorStream.Plans;
using DisruptorStream.Windows;

namespace DisruptorStream.LoadTests.Saving;

/// <summary>
/// How long a snapshot by copy holds the thread that handles events: at its slot, with each piece that is copied
/// between two batches, and with each batch that changes pages first.
/// </summary>
/// <remarks>
/// Each round does the same pieces, so the least time of a piece over all rounds is its own, without what other
/// processes take.
/// </remarks>
internal static class CopyCommand
{
    private const int Rounds = 15;
    private const int Keys = 100_000;
    private const int Slices = 10;
    private const double LimitMicroseconds = 100;
    private const double NanosecondsPerMicrosecond = 1e3;

    public static Command Create()
    {
        var command = new Command(
            "copy", "How long a snapshot by copy holds the thread that handles events, 100 k keys in 10 slices.");
        command.SetAction(static _ => Run() ? 0 : 1);
        return command;
    }

    private static bool Run()
    {
        var isWithin = true;
        foreach (var (name, keysApart) in new[] { ("keys in a row", 1), ("every 4th id", 4), ("every 64th id", 64) })
        {
            using var bench = new StateBench(
                new SharedSlicePlan(FixedWindows.Tumbling(StateBench.SliceTicks), int.MaxValue, processingTime: false),
                static a => a.Count("count").Sum("sum", "x").Average("average", "x"),
                Keys,
                keysApart,
                slices: Slices,
                shards: 1);
            isWithin &= Measure(name, bench, keysApart);
        }

        return isWithin;
    }

    private static bool Measure(string name, StateBench bench, int keysApart)
    {
        var least = new Dictionary<string, List<double>>();
        var (beside, allocated) = (0L, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (piece, times) in bench.CopyWhile(Keys, keysApart, Slices - 1, out beside, out allocated))
            {
                var known = least.TryGetValue(piece, out var before) ? before : least[piece] = [.. times];
                for (var index = 0; index < Math.Min(known.Count, times.Count); index++)
                    known[index] = Math.Min(known[index], times[index]);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {bench.LiveBytes / 1e6:0.0} MB of records; {beside / 1e6:0.0} MB in a file, "
            + $"{allocated / 1e6:0.00} MB allocated by the thread of the events"));
        var longest = 0.0;
        foreach (var (piece, times) in least)
        {
            var worst = times.Max() / NanosecondsPerMicrosecond;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {piece}: {times.Count} pieces, longest {worst:0.0} us, sum {times.Sum() / 1e6:0.0} ms"));
            if (!piece.StartsWith("batches", StringComparison.Ordinal))
                longest = Math.Max(longest, worst);
        }

        return longest <= LimitMicroseconds;
    }
}
