using DisruptorStream.Durability;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Crash.Workloads;

/// <summary>
/// A short run on one thread, which syncs and takes snapshots itself: it makes the same calls of the system each time.
/// It has a first start, snapshots, files that are used again, a clean end, a recovery, and the end of the input.
/// </summary>
/// <param name="Mode">What results wait for.</param>
internal sealed record HandRun(DurabilityMode Mode)
{
    private const int Seed = 1;

    private static readonly TimeSpan Size = TimeSpan.FromTicks(100);

    // So that it is written each time which results have arrived.
    private static readonly TimeSpan PerSync = TimeSpan.FromMilliseconds(200);

    private int Events => Mode == DurabilityMode.Sync ? 60 : 600;

    private int EventsPerSync => Events / 12;

    private int EventsPerSnapshot => Events / 4;

    /// <summary>Goes through all of it, or through what is left of it.</summary>
    /// <param name="directory">Where the journal is; null for none.</param>
    /// <param name="results">Where the results go.</param>
    /// <param name="note">Told what failed and ends nothing, and what is safe.</param>
    /// <param name="onBuilt">Told how many events each processor knows.</param>
    public void Run(string? directory, IResultLines results, Action<string> note, Action<int>? onBuilt = null)
    {
        onBuilt ??= static _ => { };
        if (directory is not null)
            Live(directory, results, Events / 2, StopMode.Suspend, note, onBuilt);
        Live(directory, results, Events, StopMode.Complete, note, onBuilt);
    }

    private void Live(
        string? directory, IResultLines results, int end, StopMode stop, Action<string> note, Action<int> onBuilt)
    {
        var clock = new HandClock();
        var processor = Build(directory, results, clock);
        try
        {
            var next = (int)processor.GetStats().EventsProcessed;
            onBuilt(next);
            var publisher = next < end ? processor.CreatePublisher("one") : null;
            for (; next < end; next++)
            {
                var reading = Reading.Of(Seed, next);
                publisher!.Publish(reading.User, reading.Ticks, reading.Value);
                if (processor.Parts.Durable is { } durable)
                    Follow(durable, next + 1, clock, note);
            }

            processor.StopAsync(stop).GetAwaiter().GetResult();
        }
        finally
        {
            processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void Follow(DurableSession durable, int events, HandClock clock, Action<string> note)
    {
        if (events % EventsPerSync == 0)
        {
            clock.Advance(PerSync);
            durable.SyncNow();
            note($"{HandCommand.Durable}{events}");
            durable.MakeSpare();
            while (durable.Follow())
            {
            }
        }

        if (events % EventsPerSnapshot != 0)
            return;
        try
        {
            durable.Save();
        }
        catch (IOException exception)
        {
            note($"@note No snapshot: {exception.Message}");
        }
    }

    private StreamProcessor<string> Build(string? directory, IResultLines results, HandClock clock)
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(Size)
            .AllowedLateness(Size)
            .Aggregate(a => a.Count("count").Sum("sum"))
            .To(new LineSink<string>("all", results))
            .WithName("crash")
            .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = Size })
            .WithTimeProvider(clock)
            .WithOptions(new StreamProcessorOptions
            {
                Mode = ExecutionMode.Inline,
                FutureSkewLimit = null,
                LateEventThreshold = TimeSpan.Zero,
            });
        if (directory is null)
            return step.Build();
        var options = new DurabilityOptions
        {
            Mode = Mode,
            SegmentBytes = 1 << 11,
            SnapshotsKept = 1,
            SnapshotInterval = TimeSpan.FromDays(1),
        };
        return step.DurableIn(DurableSettings.Of(directory, options) with { IsByHand = true, SaltSeed = 1 }).Build();
    }
}
