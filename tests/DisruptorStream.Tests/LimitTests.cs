using DisruptorStream.Events;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests;

/// <summary>What happens at the limits on windows, and what the plan says about them.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MaxWindowsPerKey_WindowGivenUp_ShowsWhatItHasNotShown(bool isComplete)
    {
        using var driver = StreamTestDriver.Create(Processors.Tumbling(10)
            .Watermarks(new() { MaxOutOfOrderness = null })
            .AllowedLateness(TimeSpan.FromTicks(1000))
            .Late(count: 2)
            .Accumulation(AccumulationMode.Discarding)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { MaxWindowsPerKey = 1 }));
        driver.Publish("pending", 0, 1);
        driver.Publish("shown", 0, 1);
        if (isComplete)
        {
            driver.AdvanceWatermark(10);
            driver.Publish("pending", 1, 1);
            _ = driver.ReadPanes();
        }

        driver.Publish("pending", 20, 1);
        driver.Publish("shown", 20, 1);

        var panes = driver.ReadPanes();
        Assert.Equal(isComplete ? ["pending"] : ["pending", "shown"], panes.Select(pane => pane.Key));
        Assert.All(panes, pane => Assert.Equal(
            (isComplete ? PaneTiming.Late : PaneTiming.Early, true, true, 1.0),
            (pane.Timing, pane.IsLast, pane.IsEvicted, pane["count"])));
        Assert.Equal(2, driver.Stats.WindowsEvicted);
    }

    [Theory]
    [InlineData(WindowOverflowPolicy.EvictOldest)]
    [InlineData(WindowOverflowPolicy.RejectEvent)]
    public async Task MaxWindowsPerKey_Sessions_FollowThePolicy(WindowOverflowPolicy policy)
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SessionWindows(TimeSpan.FromTicks(5))
            .Watermarks(new() { MaxOutOfOrderness = null })
            .Aggregate(a => a.Count("count"))
            .WithOptions(Limited(policy))
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();

        await CheckAsync(processor, collector, dropped, policy, ["a [0, 5)", "a [20, 25)", "a [40, 45)"]);
    }

    [Theory]
    [InlineData(WindowOverflowPolicy.EvictOldest)]
    [InlineData(WindowOverflowPolicy.RejectEvent)]
    public async Task MaxWindowsPerKey_WindowsOfTheirOwn_FollowThePolicy(WindowOverflowPolicy policy)
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(5)
            .Watermarks(new() { MaxOutOfOrderness = null })
            .Accumulation(AccumulationMode.Discarding)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Limited(policy))
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();

        await CheckAsync(processor, collector, dropped, policy, ["a [0, 5)", "a [20, 25)", "a [40, 45)"]);
    }

    /// <summary>
    /// What the watermark has passed is no window of the key any more, however far the firing has come.
    /// </summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, WindowOverflowPolicy.EvictOldest)]
    [InlineData(ExecutionMode.Fused, WindowOverflowPolicy.EvictOldest)]
    [InlineData(ExecutionMode.Staged, WindowOverflowPolicy.EvictOldest)]
    [InlineData(ExecutionMode.Inline, WindowOverflowPolicy.RejectEvent)]
    [InlineData(ExecutionMode.Fused, WindowOverflowPolicy.RejectEvent)]
    public async Task MaxWindowsPerKey_WindowsExpireInsideOneClaim_NoneIsGivenUp(
        ExecutionMode mode, WindowOverflowPolicy policy)
    {
        const int Windows = 50;
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(5)
            .Watermarks(new() { MaxOutOfOrderness = TimeSpan.Zero })
            .Accumulation(AccumulationMode.Discarding)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { MaxWindowsPerKey = 2, WindowOverflow = policy })
            .To(collector)
            .Build();
        processor.Start();
        using (var publisher = processor.CreatePublisher("source"))
        {
            using var claim = publisher.Claim(Windows);
            for (var window = 0; window < Windows; window++)
                claim.Add("a", window * 5, 1);
            claim.Publish();
        }

        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(
            Enumerable.Range(0, Windows).Select(w => $"a [{5 * w}, {5 * (w + 1)}) OnTime 1"), collector.Texts());
        Assert.Equal(0, processor.GetStats().WindowsEvicted);
        Assert.Equal(0, processor.GetStats().EventsDropped);
    }

    [Fact]
    public async Task MaxWindowsPerKey_SomeWindowsOfAnEventAreRefused_AreCountedAndTouchNoOtherEvent()
    {
        var collector = new CollectingSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(10), TimeSpan.FromTicks(5))
            .Watermarks(new() { MaxOutOfOrderness = null })
            .Accumulation(AccumulationMode.Discarding)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Limited(WindowOverflowPolicy.RejectEvent))
            .To(collector)
            .Build();
        using (var publisher = processor.CreatePublisher("source"))
        {
            publisher.Publish("a", 0, 1);
            using var claim = publisher.Claim(4);
            claim.Add("a", 5, 1);
            claim.Add("b", 6, 1);
            claim.Add("a", 7, 1);
            claim.Add("a", 10, 1);
            claim.Publish();
        }

        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["a [-5, 5) OnTime 1", "a [0, 10) OnTime 3", "b [0, 10) OnTime 1", "b [5, 15) OnTime 1"],
            collector.Texts());
        var stats = processor.GetStats();
        Assert.Equal(4, stats.WindowLimitDroppedAssignments);
        Assert.Equal(1, stats.DroppedBy(DropReason.WindowLimit));
    }

    [Fact]
    public async Task MaxSlices_OneMore_IsDroppedWithTheReason()
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10)
            .Watermarks(new() { MaxOutOfOrderness = null })
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { MaxSlices = 2 })
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();
        using var publisher = processor.CreatePublisher("source");
        foreach (var time in new long[] { 1, 11, 21, 12 })
            publisher.Publish("a", time, 1);
        publisher.AdvanceWatermark(10);
        publisher.Publish("a", 22, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(["a [0, 10) OnTime 1", "a [10, 20) OnTime 2", "a [20, 30) OnTime 1"], collector.Texts());
        Assert.Equal([("a", DropReason.SliceLimit)], dropped.Reasons());
    }

    [Fact]
    public async Task ExplainPlan_NamesStoreKernelsAndBytes()
    {
        await using var shared = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("n").Sum("s").Average("a").Min("lo").Max("hi"))
            .Build();
        await using var own = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1))
            .Early(count: 10)
            .Aggregate(a => a.Count("n"))
            .Build();

        var plan = shared.ExplainPlan();
        Assert.Equal("shared slices", plan.Store);
        Assert.Equal("windows of their own", own.ExplainPlan().Store);
        Assert.Contains("n, s, a, lo, hi", Assert.Single(plan.Accumulators), StringComparison.Ordinal);
        Assert.Equal(32, plan.BytesPerKeyAndWindow);
        Assert.True(plan.RingBytes > 65_536 * 24);
        Assert.Contains("sliding 00:01:00 every 00:00:01, event time", plan.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainPlan_StateLimit_SaysWhatBoundsItOrThatNothingDoes()
    {
        var step = Processors.Tumbling(10).Aggregate(a => a.Count("n").Sum("s").Min("lo"));
        await using var open = step.Build();
        await using var bounded = step.WithOptions(new() { MaxKeys = 1000, MaxSlices = 100 }).Build();

        Assert.EndsWith(
            "state limit   none: MaxKeys (16,777,216) and MaxSlices (65,536) allow more than a machine has",
            open.ExplainPlan().ToString(),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "state limit   3,200,000 bytes, by MaxKeys (1,000) and MaxSlices (100)",
            bounded.ExplainPlan().ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_SettingsThatDoNotGoTogether_SaySo()
    {
        var step = Processors.Tumbling(10).Aggregate(a => a.Count("count"))
            .WithOptions(new() { Mode = ExecutionMode.Fused, ShardCount = 2 });

        Assert.Contains(
            "more than one shard",
            Assert.Throws<ArgumentException>(step.Build).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StreamProcessorBuilder.ForKeys<int>()
            .SlidingWindows(TimeSpan.FromDays(1), TimeSpan.FromTicks(1))
            .Early(count: 1)
            .Aggregate(a => a.Count("count"))
            .Build());
        var tooMany = Assert.Throws<ArgumentException>(() => StreamProcessorBuilder.ForKeys<int>()
            .SlidingWindows(TimeSpan.FromDays(1), TimeSpan.FromMinutes(1))
            .Early(count: 1)
            .Aggregate(a => a.Count("count"))
            .Build());
        Assert.Contains("1440 windows", tooMany.Message, StringComparison.Ordinal);
        Assert.Contains("MaxWindowsPerKey is 1000: set it to 1440", tooMany.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Processors.Tumbling(0));
        Assert.Throws<ArgumentException>(() => Processors.Tumbling(10).Early());
        Assert.Throws<ArgumentException>(() => Processors.Tumbling(10).Aggregate(_ => { }));
    }

    private static StreamProcessorOptions Limited(WindowOverflowPolicy policy) =>
        Processors.Options(ExecutionMode.Inline) with { MaxWindowsPerKey = 2, WindowOverflow = policy };

    private static async Task CheckAsync(
        StreamProcessor<string> processor,
        CollectingSink<string> collector,
        CollectingDroppedEventSink<string> dropped,
        WindowOverflowPolicy policy,
        string[] windows)
    {
        foreach (var time in new long[] { 0, 20, 40, 41 })
            processor.Publish("a", time, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        if (policy == WindowOverflowPolicy.EvictOldest)
        {
            Assert.Equal([$"{windows[0]} Early 1", $"{windows[1]} OnTime 1"], collector.Texts().Take(2));
            Assert.Equal(3, collector.Texts().Count);
            Assert.Empty(dropped.Dropped);
            Assert.Equal(1, processor.GetStats().WindowsEvicted);
        }
        else
        {
            Assert.Equal([$"{windows[0]} OnTime 1", $"{windows[1]} OnTime 1"], collector.Texts());
            Assert.Equal([("a", DropReason.WindowLimit), ("a", DropReason.WindowLimit)], dropped.Reasons());
        }
    }
}
