using DisruptorStream.Building;
using DisruptorStream.Crash.Workloads;
using DisruptorStream.Durability;
using DisruptorStream.Sources;
using DisruptorStream.Sources.Files;

namespace DisruptorStream.Crash.Sources;

/// <summary>A processor that reads a file by itself, and one that is given the same readings.</summary>
internal static class SourceWorkload
{
    private static readonly TimeSpan Size = TimeSpan.FromTicks(1_000);

    /// <summary>Needs threads, and results whose order does not depend on the clock.</summary>
    public static Workload Of(int seed) => Workload.ForSink(seed) with
    {
        Mode = seed % 2 == 0 ? ExecutionMode.Fused : ExecutionMode.Staged,
        Events = 12_000,
    };

    /// <summary>Reads the file that grows, and goes on where the one before it was.</summary>
    public static StreamProcessor<Reading, string> Reading(Workload workload, string directory, IResultLines results) =>
        Step(workload, results)
            .ReadFrom(
                "one",
                new FileSource<Reading>(
                    GrowingFile.PathIn(directory),
                    GrowingFile.Parse,
                    new FileSourceOptions { PollInterval = TimeSpan.FromMilliseconds(2) }),
                new SourceOptions
                {
                    BatchEvents = 1 + (workload.Seed % 7 * 100),
                    Journal = KeepsOrder(workload) ? SourceJournal.Order : SourceJournal.Events,
                })
            .DurableIn(
                Path.Combine(directory, "state"),
                KeepsOrder(workload)
                    ? workload.DurabilityOptions() with { Snapshots = SnapshotMethod.Copy }
                    : workload.DurabilityOptions())
            .Build();

    /// <summary>Whether the journal has only the order of the readings: in every other pair of rounds.</summary>
    public static bool KeepsOrder(Workload workload) => workload.Seed / 2 % 2 == 0;

    /// <summary>Gets all readings in one run.</summary>
    public static async Task WholeAsync(Workload workload, IResultLines results)
    {
        await using var processor = Step(workload, results).Build();
        processor.Start();
        var publisher = processor.CreateEventPublisher("one");
        for (var number = 0; number < workload.Events; number++)
            publisher.Publish(Workloads.Reading.Of(workload.Seed, number));
        await processor.StopAsync(StopMode.Complete);
    }

    private static BuildStep<Reading, string> Step(Workload workload, IResultLines results)
    {
        var windows = StreamProcessorBuilder.For<Reading>()
            .KeyBy(reading => reading.User)
            .EventTime(reading => reading.Ticks)
            .Measure("value", reading => reading.Value);
        var windowed = (workload.Seed % 3) switch
        {
            0 => windows.SlidingWindows(Size, Size / 4),
            1 => windows.SessionWindows(Size / 2),
            _ => windows.TumblingWindows(Size),
        };
        return windowed
            .AllowedLateness(TimeSpan.FromTicks(500))
            .Aggregate(a => a.Count("count").Sum("sum", "value").Last("last", "value"))
            .WithName("crash")
            .WithWatermarks(Workload.Watermarks())
            .WithOptions(workload.Options())
            .To(new LineSink<string>("all", results));
    }
}
