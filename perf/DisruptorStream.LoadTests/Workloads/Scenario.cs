using DisruptorStream.Building;
using DisruptorStream.Windows;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>A processor with its events, and how to account for every one of them at the end.</summary>
internal sealed record Scenario
{
    /// <summary>
    /// The workloads that run for long: each with 5 % late events, and windows that open and close all the time.
    /// </summary>
    public static IReadOnlyList<Scenario> Steady { get; } =
    [
        new()
        {
            Name = "tumbling 1 s, 100 keys",
            Keys = 100,
            EventsPerMillisecond = 1,
            LatePerThousand = 50,
            LateRange = TimeSpan.FromSeconds(4),
            Configure = events => events.TumblingWindows(TimeSpan.FromSeconds(1))
                .AllowedLateness(TimeSpan.FromSeconds(1)),
            Expected = events => events,
            Accounted = (sink, stats) => sink.OnTimeEvents + sink.OtherPanes + stats.LateDropped,
        },
        new()
        {
            Name = "sliding 10 s / 1 s, 10 keys",
            Keys = 10,
            EventsPerMillisecond = 1,
            LatePerThousand = 50,
            LateRange = TimeSpan.FromSeconds(40),
            Configure = events => events.SlidingWindows(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1))
                .AllowedLateness(TimeSpan.FromSeconds(1)),
            Expected = events => 10 * events,
            Accounted = (sink, stats) => sink.OnTimeEvents + sink.OtherPanes + stats.LateDroppedAssignments,
        },
        new()
        {
            Name = "sessions of 0.2 s, 200 keys",
            Keys = 200,
            EventsPerMillisecond = 1,
            LatePerThousand = 50,
            LateRange = TimeSpan.FromSeconds(2),
            Configure = events => events.SessionWindows(TimeSpan.FromMilliseconds(200)).AllowedLateness(TimeSpan.Zero),
            Expected = events => events,
            Accounted = (sink, stats) => sink.OnTimeEvents + stats.LateDropped,
        },
        new()
        {
            Name = "tumbling 1 s, early every 100, discarding, 100 keys",
            Keys = 100,
            EventsPerMillisecond = 10,
            LatePerThousand = 50,
            LateRange = TimeSpan.FromSeconds(4),
            Configure = events => events.TumblingWindows(TimeSpan.FromSeconds(1))
                .AllowedLateness(TimeSpan.FromSeconds(1))
                .Early(count: 100)
                .Accumulation(AccumulationMode.Discarding),
            Expected = events => events,
            Accounted = (sink, stats) => sink.OnTimeEvents + sink.OtherEvents + stats.LateDropped,
        },
    ];

    /// <summary>Tumbling windows of 1 s, five metrics, events in order: the workload of most comparisons.</summary>
    public static Scenario Tumbling(int keys) => new()
    {
        Name = $"tumbling 1 s, {keys} keys",
        Keys = keys,
        EventsPerMillisecond = 1000,
        Configure = events => events.TumblingWindows(TimeSpan.FromSeconds(1)).AllowedLateness(TimeSpan.Zero),
        Expected = events => events,
        Accounted = (sink, stats) => sink.OnTimeEvents + stats.LateDropped,
    };

    public required string Name { get; init; }

    public required int Keys { get; init; }

    public required int EventsPerMillisecond { get; init; }

    public int LatePerThousand { get; init; }

    public TimeSpan LateRange { get; init; }

    public required Func<KeyedEventsStep<int>, WindowedStep<int>> Configure { get; init; }

    /// <summary>What has to come out for a number of events.</summary>
    public required Func<long, long> Expected { get; init; }

    /// <summary>What did come out.</summary>
    public required Func<TallySink, ProcessorStats, long> Accounted { get; init; }

    public EventSource NewSource() => new(Keys, EventsPerMillisecond, LatePerThousand, LateRange);

    public StreamProcessor<int> NewProcessor(TallySink sink, ExecutionMode mode, int ringCapacity = 65_536) =>
        Configure(StreamProcessorBuilder.ForKeys<int>())
            .Aggregate(a => a.Count("count").Sum("sum").Min("min").Max("max").Average("average"))
            .WithOptions(
                new StreamProcessorOptions { Mode = mode, FutureSkewLimit = null, RingCapacity = ringCapacity })
            .To(sink)
            .Build();
}
