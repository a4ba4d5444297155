using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.State.Sessions.Clocks;

/// <summary>Each key goes by a watermark of its own.</summary>
public sealed class KeyTimeStoreTests
{
    private const int Sensors = 300;

    private static readonly long Second = TimeSpan.TicksPerSecond;

    /// <summary>Clocks lie all over a year, and no event is late.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, 1)]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Staged, 4)]
    public async Task OnEvents_ClocksOfTheirOwn_NoEventIsLost(ExecutionMode mode, int shards)
    {
        var results = new CollectingSink<int>();
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .SlidingWindows(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5))
            .WatermarksPerKey(TimeSpan.FromSeconds(1))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("readings"))
            .WithOptions(Processors.Options(mode) with { ShardCount = shards })
            .To(results)
            .Build();
        processor.Start();
        for (var round = 0; round < 40; round++)
        {
            for (var sensor = 0; sensor < Sensors; sensor++)
                processor.Publish(sensor, (sensor * 7919L % 365 * TimeSpan.TicksPerDay) + (round * Second), 1);
        }

        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(0, processor.GetStats().LateDropped);
        Assert.All(
            results.Results.GroupBy(result => result.Key),
            key => Assert.Equal([5, 10, 10, 10, 10, 10, 10, 10, 5], key.Select(pane => pane.GetInt64("readings"))));
        Assert.Equal(Sensors, results.Results.Select(result => result.Key).Distinct().Count());
    }

    [Fact]
    public void OnQuiet_KeyIsSilent_ItsWindowsFireByItsOwnTime()
    {
        using var driver = Driver(step => step.WatermarksPerKey(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        driver.Publish("a", 3 * Second, 1);
        driver.AdvanceTime(TimeSpan.FromSeconds(4));
        driver.Publish("b", 1007 * Second, 1);
        driver.AdvanceTime(TimeSpan.FromSeconds(3));
        driver.ExpectNoPanes();

        // The watermark of a was at 2, and 8 seconds have passed since then.
        driver.AdvanceTime(TimeSpan.FromSeconds(1));
        Assert.Equal("a", driver.ReadPane().Key);
        driver.ExpectNoPanes();
        Assert.Null(driver.WatermarkTicks);
        driver.Publish("a", 9 * Second, 1);
        Assert.Equal(1, driver.Stats.LateDropped);
    }

    [Fact]
    public void OnQuiet_EventBringsTheEndNearer_FiresThen()
    {
        using var driver = Driver(step => step.WatermarksPerKey(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        driver.Publish("a", 0, 1);
        driver.AdvanceTime(TimeSpan.FromMilliseconds(500));
        driver.Publish("a", 9 * Second, 1);
        driver.AdvanceTime(TimeSpan.FromMilliseconds(500));
        driver.ExpectNoPanes();
        driver.AdvanceTime(TimeSpan.FromMilliseconds(500));

        Assert.Equal(2, driver.ReadPane().GetInt64("count"));
    }

    [Fact]
    public void AdvanceWatermark_BySource_MovesNoKey()
    {
        using var driver = Driver(step => step.WatermarksPerKey(TimeSpan.Zero));
        driver.Publish("a", 3 * Second, 1);
        driver.AdvanceWatermark(1000 * Second);
        driver.ExpectNoPanes();
        driver.Publish("a", 4 * Second, 1);

        Assert.Equal(0, driver.Stats.LateDropped);
    }

    [Fact]
    public async Task ForgetKey_KeyIsRetired_BeginsAnew()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var processor = Tumbling(step => step.WatermarksPerKey(TimeSpan.Zero, TimeSpan.FromSeconds(1)))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with
            {
                WindowRetention = TimeSpan.FromMinutes(1),
                FutureSkewLimit = null,
            })
            .WithTimeProvider(clock)
            .Build();
        processor.Start();
        processor.Publish("a", 5000 * Second, 1);
        for (var round = 0; round < 20; round++)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            processor.Advance();
        }

        Assert.Equal(0, processor.GetStats().Keys);
        processor.Publish("a", 3 * Second, 1);

        Assert.Equal(0, processor.GetStats().LateDropped);
    }

    [Fact]
    public void OnEvents_TimestampWithoutWindow_IsRefusedAndMovesNothing()
    {
        using var driver = Driver(step => step.WatermarksPerKey(TimeSpan.Zero));
        driver.Publish("a", long.MaxValue - 2, 1);
        driver.Publish("a", 3 * Second, 1);

        Assert.Equal(1, driver.Stats.DroppedBy(DropReason.TimestampOutOfRange));
        Assert.Equal(0, driver.Stats.LateDropped);
    }

    [Fact]
    public async Task OnEvents_WindowsComeAndGo_AllocatesNothing()
    {
        await using var processor = Tumbling(step => step.WatermarksPerKey(TimeSpan.Zero, TimeSpan.FromSeconds(1)))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(new Ignored())
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("source");
        string[] keys = [.. Enumerable.Range(0, 50).Select(key => $"key {key}")];
        Publish(publisher, keys, 0, 2000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Publish(publisher, keys, 2000, 12_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
        Assert.True(processor.GetStats().WindowsFired > 1000);
    }

    [Fact]
    public async Task ExplainPlan_SaysWhoseTimeItIs()
    {
        await using var processor = Tumbling(
            step => step.WatermarksPerKey(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1))).Build();

        Assert.Equal(
            "one of each key: its newest event less 00:00:02; with the clock after 00:01:00 without an event of the "
                + "key",
            processor.ExplainPlan().Watermarks);
        Assert.Equal("windows of each key", processor.ExplainPlan().Store);
    }

    [Fact]
    public void Build_WithWhatNeedsOneTime_IsRefused()
    {
        Refuses("Top", step => Counted(step).Top(3, "count"));
        Refuses("FillGaps", step => Counted(step.FillGaps(3)));
        Refuses("InProcessingTime", step => Counted(step.InProcessingTime()));
        Refuses("IdleTimeout", step => Counted(step.Watermarks(new() { IdleTimeout = TimeSpan.FromSeconds(1) })));
        Refuses("JumpGuard", step => Counted(step.Watermarks(new WatermarkOptions
        {
            JumpGuard = new JumpGuardOptions(TimeSpan.FromHours(1)),
        })));
    }

    [Fact]
    public void Build_QueryThatReadsThePanes_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => StreamProcessorBuilder.For<(long Time, string Key)>()
            .EventTime(one => one.Time)
            .Key("key", one => one.Key)
            .Query("first", query => query.By("key").TumblingWindows(TimeSpan.FromSeconds(1))
                .WatermarksPerKey(TimeSpan.Zero).Aggregate(a => a.Count("count")))
            .Query("second", query => query.From("first").By("key").TumblingWindows(TimeSpan.FromSeconds(10))
                .Aggregate(a => a.Sum("count")))
            .Build());

        Assert.Contains("reads the panes of 'first'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    public void WatermarksPerKey_OutOfRange_IsRefused(int bound, int closeAfter) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .WatermarksPerKey(TimeSpan.FromSeconds(bound), TimeSpan.FromSeconds(closeAfter)));

    private static void Refuses(string word, Func<WindowedStep<string>, BuildStep<string>> change)
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(10))
            .WatermarksPerKey(TimeSpan.Zero);
        Assert.Contains(word, Assert.Throws<ArgumentException>(() => change(step).Build()).Message);
    }

    private static void Publish(KeyedPublisher<string> publisher, string[] keys, int from, int to)
    {
        for (var index = from; index < to; index++)
            publisher.Publish(keys[index % keys.Length], (index * Second / 10) + (index % 7 * 3600 * Second), 1);
    }

    private static BuildStep<string> Counted(WindowedStep<string> step) => step.Aggregate(a => a.Count("count"));

    private static BuildStep<string> Tumbling(Func<WindowedStep<string>, WindowedStep<string>> change) =>
        Counted(change(StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(10))
            .AllowedLateness(TimeSpan.Zero)));

    private static KeyedTestDriver<string> Driver(Func<WindowedStep<string>, WindowedStep<string>> change) =>
        StreamTestDriver.Create(Tumbling(change));

    private sealed class Ignored : DisruptorStream.Emission.IResultSink<string>
    {
        public void OnResults(DisruptorStream.Emission.ResultBatch<string> batch)
        {
        }
    }
}
