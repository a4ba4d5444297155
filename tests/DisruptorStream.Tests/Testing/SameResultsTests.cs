using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Scripts;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Testing;

public sealed class SameResultsTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    private static int _calls;

    [Fact]
    public async Task VerifyAsync_KeyedEvents_GivesThePanes()
    {
        var dropped = new CollectingDroppedEventSink<string>();
        var script = new TestScript<TestEvent<string>>();
        for (var i = 0; i < 300; i++)
        {
            var source = i % 5 == 0 ? "west" : StreamTestDriver.MainSource;
            script.Publish(new($"k{i % 7}", i * Second / 20, i / 3.0), source);
        }

        script.Publish(new("k0", 0, 1));

        var panes = await new SameResults { Seed = 7 }.VerifyAsync(
            StreamTestDriverTests.Summing().DroppedEventsTo(dropped), script);

        Assert.Equal(15 * 7, panes.Count);
        Assert.All(dropped.Dropped, one => Assert.Equal(DropReason.Late, one.Reason));

        // Inline, Fused and Staged with three shard counts, each one at a time, at once and in three random ways;
        // and twice with the state saved and loaded in between.
        Assert.Equal((5 * 5) + 2, dropped.Count);
    }

    [Fact]
    public async Task VerifyAsync_TypedEvents_GivesThePanes()
    {
        var script = new TestScript<StreamTestDriverTests.Sale>()
            .PublishAll([new("a", 0, 1), new("b", 1, 2), new("a", Second, 3)]);

        var panes = await new SameResults { RandomRuns = 1, ShardCounts = [2] }.VerifyAsync(
            StreamTestDriverTests.Typed(), script);

        Assert.Equal([1L, 2L, 3L], panes.Select(pane => pane.GetInt64("sum")));
    }

    [Fact]
    public async Task VerifyAsync_EveryKindOfStep_IsDone()
    {
        var script = new TestScript<TestEvent<string>>()
            .Begin("quiet")
            .Publish(new("a", 0, 1))
            .MarkIdle("quiet")
            .AdvanceWatermark(2 * Second)
            .MarkActive("quiet")
            .Publish(new("b", 3 * Second, 1), "quiet")
            .Complete("quiet")
            .AdvanceTime(TimeSpan.FromMinutes(2))
            .Publish(new("c", 4 * Second, 1))
            .AdvanceTime(TimeSpan.FromMinutes(2));

        var panes = await new SameResults().VerifyAsync(
            Processors.Tumbling(Second).AllowedLateness(TimeSpan.Zero)
                .Watermarks(new WatermarkOptions
                {
                    MaxOutOfOrderness = null,
                    IdleTimeout = TimeSpan.FromMinutes(1),
                })
                .Early(delay: TimeSpan.FromMinutes(1)).Aggregate(a => a.Count("count")),
            script);

        Assert.Equal(["a", "b", "c", "b", "c"], panes.Select(pane => pane.Key));
    }

    [Fact]
    public async Task VerifyAsync_SeveralMeasures_GivesThePanes()
    {
        var script = new TestScript<TestEvent<int>>().PublishAll([new(1, 0, 2, 3), new(1, 1, 4, 5)]);

        var panes = await new SameResults { RandomRuns = 0, ShardCounts = [] }.VerifyAsync(
            StreamProcessorBuilder.ForKeys<int>().Measure("x").Measure("y")
                .TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Sum("x", "x").Sum("y", "y")),
            script);

        Assert.Equal(6, panes[0]["x"]);
        Assert.Equal(8, panes[0]["y"]);
    }

    [Fact]
    public async Task VerifyAsync_StartTime_GuardsAsBuilt()
    {
        var dropped = new CollectingDroppedEventSink<string>();
        var script = new TestScript<TestEvent<string>>().Publish(new("a", TimeSpan.TicksPerDay, 1));

        await new SameResults { StartTime = DateTimeOffset.UnixEpoch, RandomRuns = 0, ShardCounts = [1] }
            .VerifyAsync(StreamTestDriverTests.Summing().DroppedEventsTo(dropped), script);

        Assert.Equal(8, dropped.Count);
        Assert.Equal(DropReason.FutureSkew, dropped.Dropped[0].Reason);
    }

    [Fact]
    public async Task VerifyAsync_AggregateWithStateOutside_ShowsTheFirstDifference()
    {
        var script = new TestScript<TestEvent<string>>().PublishAll([new("a", 0, 1), new("b", 0, 1)]);

        var error = await Assert.ThrowsAsync<StreamTestException>(() => new SameResults().VerifyAsync(
            Processors.Tumbling(Second).Aggregate(a => a.Custom<CallCount, double>("calls")), script));

        Assert.Contains("they differ from line 1 on", error.Message, StringComparison.Ordinal);
        Assert.Contains("Inline, one event at a time, 2 lines:", error.Message, StringComparison.Ordinal);
        Assert.Contains("Inline, all events at once, 2 lines:", error.Message, StringComparison.Ordinal);
        Assert.Contains("calls=1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SameResults { RandomRuns = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SameResults { RandomRuns = 1001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TestScript<int>().AdvanceTime(TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new TestScript<int>().MarkIdle(""));
    }

    private readonly struct CallCount : IAggregate<double>
    {
        public static double Initial => 0;

        public static void Accumulate(ref double state, in Measurement measurement) =>
            state = Interlocked.Increment(ref _calls);

        public static void Merge(ref double state, in double later) => state += later;

        public static double Result(in double state) => state;
    }
}
