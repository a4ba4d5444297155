using DisruptorStream.Crash.Sinks;
using DisruptorStream.Durability;
using DisruptorStream.Rings;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Crash.Workloads;

/// <summary>What a process does: a processor, and numbered events for it. All of it comes from the seed.</summary>
internal sealed record Workload
{
    private static readonly ExecutionMode[] Modes =
        [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Size = TimeSpan.FromTicks(1_000);

    /// <param name="seed">Chooses all that is not said.</param>
    public Workload(int seed)
    {
        Seed = seed;
        Mode = Modes[seed % Modes.Length];
        Durability = seed / 3 % 2 == 0 ? DurabilityMode.Async : DurabilityMode.Sync;
        IsStream = seed / 6 % 2 == 1;
        Retires = seed / 2 % 2 == 1;

        // There each event waits for a sync of its own.
        Events = this is { Mode: ExecutionMode.Inline, Durability: DurabilityMode.Sync } ? 1_500 : 12_000;
    }

    /// <summary>One whose results have an order that does not depend on the clock, for one query.</summary>
    /// <param name="seed">Chooses the rest.</param>
    public static Workload ForSink(int seed) => new(seed) { IsStream = false, Retires = false };

    public int Seed { get; }

    public ExecutionMode Mode { get; init; }

    public DurabilityMode Durability { get; init; }

    /// <summary>Whether there are several queries.</summary>
    public bool IsStream { get; init; }

    /// <summary>
    /// Whether keys go while it runs. When they go depends on the clock, and so do their ids, which results of one
    /// window are ordered by: two runs may give them in another order.
    /// </summary>
    public bool Retires { get; init; }

    public int Events { get; init; }

    /// <summary>How often the publisher pauses, so that a run is not over at once: after so many events.</summary>
    public int EventsPerPause { get; init; } = 100;

    public override string ToString() =>
        $"{Mode}, {Durability}, {(IsStream ? "a stream" : "one query")}, {(Retires ? "keys go" : "keys stay")}";

    /// <summary>Builds the processor: new, or where the one before it was when it ended.</summary>
    /// <param name="directory">Where its journal is; null for none.</param>
    /// <param name="results">Where its results go.</param>
    /// <param name="target">Where they go in their place; null for nowhere else. Only with one query.</param>
    public RunningWorkload Build(string? directory, IResultLines results, SinkTarget? target = null) => IsStream
        ? BuildStream(directory, results)
        : BuildProcessor(directory, results, target);

    private RunningWorkload BuildProcessor(string? directory, IResultLines results, SinkTarget? target)
    {
        var windows = StreamProcessorBuilder.ForKeys<string>();
        var windowed = (Seed % 3) switch
        {
            0 => windows.SlidingWindows(Size, Size / 4),
            1 => windows.SessionWindows(Size / 2),
            _ => windows.TumblingWindows(Size),
        };
        var step = windowed
            .AllowedLateness(TimeSpan.FromTicks(500))
            .Aggregate(a => a.Count("count").Sum("sum").Last("last"))
            .WithName("crash")
            .WithWatermarks(Watermarks())
            .WithOptions(Options());
        step = target is null
            ? step.To(new LineSink<string>("all", results))
            : step.To(target.NewSink(), SinkTarget.Options(Seed));
        if (Retires)
            step = step.WithTimeProvider(new FastClock());
        if (directory is not null)
            step = step.DurableIn(directory, DurabilityOptions());
        var processor = step.Build();
        return new RunningWorkload(processor, () =>
        {
            var publisher = processor.CreatePublisher("one");
            return reading => publisher.Publish(reading.User, reading.Ticks, reading.Value);
        });
    }

    private RunningWorkload BuildStream(string? directory, IResultLines results)
    {
        var step = StreamProcessorBuilder.For<Reading>()
            .EventTime(reading => reading.Ticks)
            .Measure("value", reading => reading.Value)
            .Key("user", reading => reading.User)
            .Key("device", reading => reading.Device)
            .Query("users", query => query.By("user").TumblingWindows(Size)
                .Aggregate(a => a.Count("count").Sum("value")).To(new LineSink<string>("users", results)))
            .Query("some", query => query.Where(reading => reading.Value > 500).By("user").SessionWindows(Size / 2)
                .Aggregate(a => a.Count("count").Max("value")).To(new LineSink<string>("some", results)))
            .Query("pairs", query => query.By<string, int>("user", "device").TumblingWindows(Size)
                .Aggregate(a => a.Count("count")).To(new LineSink<(string, int)>("pairs", results)))
            .Query("again", query => query.From("pairs").By("user").TumblingWindows(Size)
                .Aggregate(a => a.Sum("count")).To(new LineSink<string>("again", results)))
            .WithName("crash")
            .Watermarks(Watermarks())
            .WithOptions(Options() with { AllowLateEvents = false });
        if (Retires)
            step = step.WithTimeProvider(new FastClock());
        if (directory is not null)
            step = step.DurableIn(directory, DurabilityOptions());
        var stream = step.Build();
        return new RunningWorkload(stream, () =>
        {
            var publisher = stream.CreateEventPublisher("one");
            return reading => publisher.Publish(reading);
        });
    }

    public static WatermarkOptions Watermarks() => new() { MaxOutOfOrderness = TimeSpan.FromTicks(200) };

    public StreamProcessorOptions Options() => new()
    {
        Mode = Mode,
        FutureSkewLimit = null,
        LateEventThreshold = TimeSpan.Zero,
        WaitStrategy = WaitStrategyKind.Blocking,
        RingCapacity = 1 << 12,
        WatermarkInterval = TimeSpan.FromMilliseconds(2),
        WindowRetention = Retires ? TimeSpan.FromSeconds(1) : TimeSpan.FromHours(1),
    };

    public DurabilityOptions DurabilityOptions() => new()
    {
        Mode = Durability,
        SegmentBytes = 1 << 14,
        SnapshotInterval = Interval,
        SyncInterval = Interval,
        SnapshotsKept = 2,
    };
}
