using System.Globalization;
using DisruptorStream.Building;
using DisruptorStream.Building.Replays;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>A processor that is recorded, and what a dump of it gives.</summary>
internal static class Recordings
{
    public static BuildStep<string> Step(ExecutionMode mode) =>
        StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(100), TimeSpan.FromTicks(25))
            .AllowedLateness(TimeSpan.FromTicks(50))
            .Aggregate(a => a.Count("count").Sum("sum").Last("last"))
            .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) })
            .WithOptions(Processors.Options(mode));

    /// <summary>Events from one on to another, of keys that come and go.</summary>
    public static void Publish(StreamProcessor<string> processor, int first, int end)
    {
        for (var at = first; at < end; at++)
        {
            var random = new Random(at);
            var key = string.Create(CultureInfo.InvariantCulture, $"customer-{(at / 200) + random.Next(12)}");
            processor.Publish(key, at + random.Next(-15, 16), random.Next(100) / 7.0);
        }
    }

    /// <summary>Number and text of each result, with the bits of its values.</summary>
    public static List<string> LinesOf(CollectingSink<string> sink, bool hasKeys = true) =>
        [.. sink.Results.Select(result => LineOf(result, hasKeys))];

    /// <summary>A dump, handled again, gives the results of the run behind its base, and no others.</summary>
    public static ReplayReport AssertReplays(
        FlightDump dump, CollectingSink<string> whole, BuildStep<string> step, bool hasKeys = true)
    {
        var again = new CollectingSink<string>();
        var report = Replay.Run(dump.Directory, step.To(again));
        var query = Assert.Single(report.Queries);
        var expected = LinesOf(whole, hasKeys);
        Assert.Equal(
            expected[(int)(query.FirstNumber - 1)..(int)query.LastNumber],
            LinesOf(again, hasKeys));
        Assert.Equal((dump.BaseSequence, dump.LastSequence), (report.SnapshotSequence, report.LastSequence));
        Assert.Empty(report.Remarks);
        return report;
    }

    private static string LineOf(WindowResult<string> result, bool hasKeys)
    {
        var bits = Enumerable.Range(0, result.ValueCount)
            .Select(at => BitConverter.DoubleToInt64Bits(result.GetDouble(at)));
        var key = hasKeys ? result.Key : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Number} {key} {result.Window} {result.Timing} {string.Join(' ', bits)}");
    }
}
