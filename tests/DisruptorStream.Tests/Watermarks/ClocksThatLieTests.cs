using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Watermarks;

/// <summary>One clock is an hour ahead among those of many sensors: no event of the others is lost.</summary>
public sealed class ClocksThatLieTests
{
    private const int Sensors = 1000;
    private const int Liar = 7;
    private const int Rounds = 20;

    private static readonly long Hour = TimeSpan.TicksPerHour;

    [Theory]
    [InlineData(ExecutionMode.Inline, 1)]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Staged, 4)]
    public async Task Replay_OneClockIsAnHourAhead_ItsEventsAloneAreRefused(ExecutionMode mode, int shards)
    {
        var results = new CollectingSink<int>();
        var refused = new CollectingDroppedEventSink<int>();
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromSeconds(10))
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = TimeSpan.FromSeconds(1),
                JumpGuard = new JumpGuardOptions(TimeSpan.FromMinutes(5)),
            })
            .Aggregate(a => a.Count("readings"))
            .WithOptions(Processors.Options(mode) with { ShardCount = shards })
            .To(results)
            .DroppedEventsTo(refused)
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("gateway");

        // The liar is the very first: nothing tells at that time whose clock is right.
        for (var round = 0; round < Rounds; round++)
        {
            var second = round * TimeSpan.TicksPerSecond;
            publisher.Publish(Liar, Hour + second, 1);
            for (var sensor = 0; sensor < Sensors; sensor++)
            {
                if (sensor != Liar)
                    publisher.Publish(sensor, second + sensor, 1);
            }
        }

        await processor.StopAsync(StopMode.Complete);

        var stats = processor.GetStats();
        Assert.Equal((0, 0), (stats.LateDropped, stats.EventsHeld));
        Assert.All(refused.Reasons(), dropped => Assert.Equal((Liar, DropReason.TimestampJump), dropped));
        var counted = results.Results.Where(result => result.Key != Liar).Sum(result => result.GetInt64("readings"));
        Assert.Equal((Sensors - 1) * Rounds, counted);
        Assert.Equal(stats.EventsProcessed, stats.EventsPublished);
        Assert.InRange(refused.Count, Rounds - 1, Rounds);
    }

    [Fact]
    public async Task Build_GuardWithoutEventsThatMoveTime_IsRefused()
    {
        var step = Processors.Tumbling(10)
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = null,
                JumpGuard = new JumpGuardOptions(TimeSpan.FromMinutes(1)),
            })
            .Counting(ExecutionMode.Inline);

        var error = Assert.Throws<ArgumentException>(() => step.Build());

        Assert.Contains("MaxOutOfOrderness is null; set it", error.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    /// <summary>Held events are in the state; who loads it without a guard gets them ahead of the next slot.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Load_EventsAreHeld_TheyGoOnBeingHeldOrAreReleased(bool isGuarded)
    {
        using var state = new MemoryStream();
        await using (var first = Guarded(new CollectingSink<string>(), isGuarded: true).Build())
        {
            first.Start();
            using var publisher = first.CreatePublisher("source");
            foreach (var (key, time) in new[] { ("a", 1L), ("b", 2L), ("a", 500L) })
                publisher.Publish(key, time, 1);
            await first.SaveStateAsync(state);
        }

        state.Position = 0;
        var results = new CollectingSink<string>();
        var refused = new CollectingDroppedEventSink<string>();
        await using var second = Guarded(results, isGuarded, refused).Load(state);
        second.Start();
        using (var publisher = second.CreatePublisher("source"))
            publisher.Publish("b", 3, 1);
        await second.StopAsync(StopMode.Complete);

        string[] guarded = ["a [0, 10) OnTime 1", "b [0, 10) OnTime 2"];
        string[] believed = ["a [0, 10) OnTime 1", "b [0, 10) OnTime 1", "a [500, 510) OnTime 1"];
        Assert.Equal(isGuarded ? guarded : believed, results.Texts());
        (string?, DropReason)[] dropped = [isGuarded ? ("a", DropReason.TimestampJump) : ("b", DropReason.Late)];
        Assert.Equal(dropped, refused.Reasons());
    }

    [Fact]
    public async Task Dispose_EventsOfTheSourceAreHeld_TheyAreReleasedAtTheEndOfTheInput()
    {
        var results = new CollectingSink<string>();
        await using var processor = Guarded(results, isGuarded: true).Build();
        processor.Start();
        using var stays = processor.CreatePublisher("stays");
        using (var leaves = processor.CreatePublisher("leaves"))
            leaves.Publish("a", 5, 1);
        Assert.Equal(1, processor.GetStats().EventsHeld);

        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(["a [0, 10) OnTime 1"], results.Texts());
        Assert.Equal((0, 0), (processor.GetStats().EventsHeld, processor.GetStats().EventsDropped));
    }

    [Fact]
    public async Task Publish_MoreThanMayBeHeld_TheOldestAreRefused()
    {
        var refused = new CollectingDroppedEventSink<string>();
        await using var processor = Guarded(new CollectingSink<string>(), isGuarded: true, refused).Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("source");
        publisher.Publish("a", 1, 1);
        publisher.Publish("b", 1, 1);
        for (var time = 1000L; time < 1000 + JumpGuardOptions.MostHeld + 3; time++)
            publisher.Publish("a", time, 1);

        Assert.Equal(JumpGuardOptions.MostHeld, processor.GetStats().EventsHeld);
        Assert.Equal(3, processor.GetStats().DroppedBy(DropReason.TimestampJump));
        await processor.StopAsync(StopMode.Complete);
        Assert.Equal(3, refused.Count);
    }

    /// <summary>
    /// Two events are released at one slot, and the first of them lies between two windows: what each of them fires
    /// comes in the order of the slot's results.
    /// </summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, 1)]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Staged, 2)]
    public async Task Release_FirstEventIsInNoWindow_ResultsOfTheSlotAreInOrder(ExecutionMode mode, int shards)
    {
        var results = new CollectingSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(12), TimeSpan.FromTicks(24))
            .AllowedLateness(TimeSpan.FromTicks(200))
            .Late(9)
            .Watermarks(new WatermarkOptions
            {
                JumpGuard = new JumpGuardOptions(TimeSpan.FromTicks(100)) { Keys = 2, Events = 9 },
            })
            .Counting(mode)
            .ChangeOptions(options => options with { ShardCount = shards })
            .To(results)
            .Build();
        processor.Start();
        using (var publisher = processor.CreatePublisher("source"))
        {
            (string Key, long Time)[] events =
                [("a", 0), ("b", 0), ("a", 20), ("a", 5), ("b", 25), ("a", 140), ("b", 220)];
            foreach (var (key, time) in events)
                publisher.Publish(key, time, 1);
            await processor.FlushAsync();
        }

        string[] expected =
        [
            "a [0, 12) OnTime 1", "b [0, 12) OnTime 1",
            "a [0, 12) Late 2", "b [24, 36) OnTime 1",
        ];
        Assert.Equal(expected, results.Texts());
        await processor.StopAsync(StopMode.Complete);
    }

    /// <summary>A key of which an event is held keeps its id, however long that takes.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, 1)]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Staged, 2)]
    public async Task Release_HeldLongerThanKeysAreKept_EventsHaveTheirKeys(ExecutionMode mode, int shards)
    {
        var clock = new VirtualClock();
        var results = new CollectingSink<string>();
        await using var processor = Guarded(results, isGuarded: true)
            .WithTimeProvider(clock)
            .ChangeOptions(options => options with
            {
                Mode = mode,
                ShardCount = shards,
                WindowRetention = TimeSpan.FromSeconds(1),
            })
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("source");
        foreach (var (key, time) in new[] { ("a", 1L), ("b", 2L), ("a", 15L), ("c", 500L) })
            publisher.Publish(key, time, 1);
        for (var second = 0; second < 8; second++)
        {
            clock.Ticks += TimeSpan.TicksPerSecond;
            processor.Advance();
            await processor.FlushAsync();
            await processor.FlushAsync();
        }

        // Of b nothing is left; a has an open window.
        Assert.Equal(2, processor.GetStats().Keys);
        publisher.Publish("d", 501, 1);
        await processor.StopAsync(StopMode.Complete);

        string[] released = ["c [500, 510) OnTime 1", "d [500, 510) OnTime 1"];
        Assert.Equal(released, results.Texts().Where(text => text.Contains("[500", StringComparison.Ordinal)).Order());
    }

    private static BuildStep<string> Guarded(
        CollectingSink<string> results, bool isGuarded, CollectingDroppedEventSink<string>? refused = null) =>
        Processors.Tumbling(10)
            .Watermarks(new WatermarkOptions
            {
                JumpGuard = isGuarded
                    ? new JumpGuardOptions(TimeSpan.FromTicks(100)) { Keys = 2, Events = 9 }
                    : null,
            })
            .Counting(ExecutionMode.Inline)
            .To(results)
            .DroppedEventsTo(refused ?? new CollectingDroppedEventSink<string>());
}
