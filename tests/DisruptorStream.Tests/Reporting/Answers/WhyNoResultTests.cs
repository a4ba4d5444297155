using DisruptorStream.Emission;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Reporting.Answers;

public sealed class WhyNoResultTests
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 29, 20, 32, 40, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Evening);

    /// <summary>No source holds what each key has for itself.</summary>
    [Fact]
    public void WhyNoResult_TimeOfEachKey_NamesNoHolder()
    {
        using var driver = StreamTestDriver.Create(StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(10))
            .WatermarksPerKey(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("count")));
        driver.Publish("a", 0, 1);
        driver.Publish("a", 11 * TimeSpan.TicksPerSecond, 1);

        var summary = driver.Processor.WhyNoResult().Summary;

        Assert.Contains("each key has a watermark of its own", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("held by", summary, StringComparison.Ordinal);
    }

    /// <summary>The first thing that a new user sees: three events, and silence.</summary>
    [Fact]
    public void WhyNoResult_ThreeEventsAndSilence_NamesTheWindowTheWatermarkAndItsHolder()
    {
        using var driver = StreamTestDriver.CreateAt(
            Evening, StreamProcessorBuilder.ForKeys<string>()
                .TumblingWindows(TimeSpan.FromSeconds(10))
                .Aggregate(a => a.Count("count")));
        var wire = driver.Source("wire");
        foreach (var second in (int[])[1, 2, 3])
            wire.Publish("a", Evening.AddSeconds(second - 4), 1);
        driver.AdvanceTime(TimeSpan.FromSeconds(5));
        var answer = driver.Processor.WhyNoResult();
        Assert.Equal(NoResultReason.WaitsForWatermark, answer.Reason);
        Assert.Equal(
            "1 window is open until 20:32:40, and the watermark is 20:32:39, held by 'wire'; no event for 5 s",
            answer.Summary);
        Assert.Equal(1, answer.OpenWindowCount);
        Assert.Equal(Ticks(Evening), answer.NextEndTicks);
        Assert.Equal(Ticks(Evening), answer.NeededTimestampTicks);
        Assert.Equal("wire", answer.Holder?.Name);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.QuietFor);
        Assert.Equal(AdvanceCause.Event, answer.LastAdvance?.Cause);
        Assert.Null(answer.Culprit);
        Assert.Contains(answer.Advice, advice => advice.Contains("AdvanceWhenQuiet", StringComparison.Ordinal));
        Assert.Contains("'wire': newest event 20:32:39", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhyNoResult_ASourceIsSilent_NamesItAndWhatToDo()
    {
        using var driver = StreamTestDriver.CreateAt(
            Evening, StreamProcessorBuilder.ForKeys<string>()
                .TumblingWindows(TimeSpan.FromSeconds(10))
                .Aggregate(a => a.Count("count")));
        var (east, west) = (driver.Source("east"), driver.Source("west"));
        east.Publish("a", Evening.AddSeconds(-39), 1);
        west.Publish("a", Evening.AddSeconds(-39), 1);
        for (var second = -38; second < 0; second++)
            east.Publish("a", Evening.AddSeconds(second), 1);
        var answer = driver.Processor.WhyNoResult();
        Assert.Equal(4, answer.OpenWindowCount);
        Assert.Equal("west", answer.Holder?.Name);
        Assert.Contains(
            "Source 'west' holds the others, which are at 20:32:39", answer.Advice[0], StringComparison.Ordinal);
    }

    /// <summary>One clock an hour ahead, in a replay: the ledger names the event, and proposes a guard.</summary>
    [Fact]
    public void WhyNoResult_OneEventRanAhead_NamesItAndProposesTheGuard()
    {
        using var driver = StreamTestDriver.CreateAt(
            Evening, StreamProcessorBuilder.ForKeys<int>()
                .TumblingWindows(TimeSpan.FromSeconds(10))
                .AllowedLateness(TimeSpan.Zero)
                .Aggregate(a => a.Count("count"))
                .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null }));
        var start = Evening.AddDays(-1);
        var sensors = driver.Source("sensors");
        for (var second = 0; second < 60; second++)
        {
            sensors.Publish(second % 7, start.AddSeconds(second), 1);
            if (second == 30)
                sensors.Publish(7, start.AddHours(1), 1);
        }

        var answer = driver.Processor.WhyNoResult();
        Assert.Equal(29, answer.Stats.LateDropped);
        var culprit = Assert.NotNull(answer.Culprit);
        Assert.Equal((AdvanceCause.Event, "sensors"), (culprit.Cause, culprit.Source));
        Assert.Equal(Ticks(start.AddHours(1)), culprit.TimestampTicks);
        Assert.Equal(Ticks(start.AddSeconds(30)), culprit.FromTicks);
        Assert.Equal(29, culprit.EventsLate);

        // The first of them were in the window that ends at second 40.
        Assert.Equal(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(40) + TimeSpan.FromTicks(1), answer.LatenessNeeded);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.ProposedGuard?.Jump);
        Assert.Contains("29 events came too late after the event of", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhyNoResult_TheProposedGuardIsSet_NothingIsLost()
    {
        using var driver = StreamTestDriver.CreateAt(
            Evening, StreamProcessorBuilder.ForKeys<int>()
                .TumblingWindows(TimeSpan.FromSeconds(10))
                .AllowedLateness(TimeSpan.Zero)
                .Watermarks(new WatermarkOptions { JumpGuard = new JumpGuardOptions(TimeSpan.FromMinutes(2)) })
                .Aggregate(a => a.Count("count"))
                .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null }));
        driver.Publish(7, Evening.AddHours(1), 1);
        var held = driver.Processor.WhyNoResult();
        Assert.Equal(NoResultReason.HeldByJumpGuard, held.Reason);
        Assert.Equal("the jump guard holds 1 events until others confirm their time", held.Summary);
        Assert.StartsWith("Publish more events", Assert.Single(held.Advice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhyNoResult_EachState_SaysWhatItIs()
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithTimeProvider(_time).Build();
        Assert.Equal(NoResultReason.NotStarted, processor.WhyNoResult().Reason);
        processor.Publish("a", 3, 1);
        Assert.Equal("it has not been started; 1 events wait", processor.WhyNoResult().Summary);
        processor.Start();
        await processor.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(NoResultReason.WaitsForWatermark, processor.WhyNoResult().Reason);
        processor.Publish("a", 12, 1);
        await processor.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1 results wait in the buffer for a reader", processor.WhyNoResult().Summary);
        Assert.True(processor.TryReadResult(out _));
        await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
        var stopped = processor.WhyNoResult();
        Assert.Equal(NoResultReason.Stopped, stopped.Reason);
        Assert.Contains("StopMode.Complete", stopped.Advice[0], StringComparison.Ordinal);
        await processor.DisposeAsync();
        Assert.Equal(NoResultReason.Stopped, processor.WhyNoResult().Reason);
    }

    [Fact]
    public async Task WhyNoResult_AllIsHandled_NothingIsMissing()
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).To(new CollectingSink<string>()).Build();
        Assert.Equal(NoResultReason.NoEvents, processor.WhyNoResult().Reason);
        processor.Publish("a", 3, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        var answer = processor.WhyNoResult();
        Assert.Equal(NoResultReason.None, answer.Reason);
        Assert.Equal("all windows that are due have fired, 1 results; the input has ended", answer.Summary);
        Assert.Empty(answer.Advice);
    }

    [Fact]
    public void WhyNoResult_OnlyExplicitWatermarks_SaysSo()
    {
        var processor = Processors.Tumbling(10)
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = null }).Counting(ExecutionMode.Inline).Build();
        processor.Publish("a", 3, 1);
        processor.Publish("a", 33, 1);
        var answer = processor.WhyNoResult();
        Assert.Contains("there is no watermark yet, held by 'default'", answer.Summary, StringComparison.Ordinal);
        Assert.Contains("AdvanceWatermark", answer.Advice[0], StringComparison.Ordinal);
        Assert.Null(answer.NeededTimestampTicks);
    }

    [Fact]
    public void WhyNoResult_EverythingIsDropped_SaysForWhat()
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).Build();
        processor.Publish("a", 3, double.NaN);
        var answer = processor.WhyNoResult();
        Assert.Equal(NoResultReason.AllDropped, answer.Reason);
        Assert.Equal("all of 1 events were dropped: 1 NotFinite", answer.Summary);
    }

    [Fact]
    public void WhyNoResult_Sessions_SaysBeyondWhatNoneReaches()
    {
        var processor = StreamProcessorBuilder.ForKeys<string>().SessionWindows(TimeSpan.FromSeconds(30))
            .Counting(ExecutionMode.Inline).Build();
        processor.Publish("a", Evening, 1);
        processor.Publish("b", Evening.AddSeconds(1), 1);
        var answer = processor.WhyNoResult();
        Assert.Null(answer.OpenWindowCount);
        Assert.StartsWith("2 sessions are open, none beyond ", answer.Summary, StringComparison.Ordinal);
        Assert.Equal(Ticks(Evening.AddSeconds(31)), answer.LastEndTicks);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task WhyNoResult_ASinkAsks_ItIsAnswered(ExecutionMode mode)
    {
        var sink = new AskingSink();
        await using var processor = Processors.Tumbling(10).Counting(mode).To(sink).Build();
        sink.Ask = processor.WhyNoResult;
        if (mode != ExecutionMode.Inline)
            processor.Start();
        processor.Publish("a", 3, 1);
        processor.Publish("a", 12, 1);
        await processor.FlushAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(sink.Answer);
    }

    [Fact]
    public void Why_AWindow_SaysHowFarItHasCome()
    {
        var processor = Processors.Tumbling(10).AllowedLateness(TimeSpan.FromTicks(5))
            .Counting(ExecutionMode.Inline).Build();
        var window = new TimeWindow(10, 20);
        Assert.Equal(WindowStage.Empty, processor.Why("a", window).Stage);
        Assert.False(processor.Why("a", window).IsKeyKnown);
        processor.Publish("a", 12, 1);
        processor.Publish("a", 13, 1);
        var open = processor.Why("a", window);
        Assert.Equal((WindowStage.Open, true), (open.Stage, open.IsKeyKnown));
        Assert.Equal(1, open.LastSequence - open.FirstSequence);
        processor.Publish("b", 21, 1);
        var complete = processor.Why("a", window);
        Assert.Equal((WindowStage.Complete, 21L), (complete.Stage, complete.CompletedBy?.TimestampTicks));
        processor.Publish("b", 25, 1);
        Assert.Equal(WindowStage.Expired, processor.Why("a", window).Stage);
        Assert.Equal(WindowStage.NoSuchWindow, processor.Why("a", new TimeWindow(11, 21)).Stage);
        Assert.Contains(
            "was completed with the event of", processor.Why("a", window).Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Why_AWindow_SaysHowManyPanesItHasHad(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(10).AllowedLateness(TimeSpan.FromTicks(5))
            .Counting(mode).Build();
        if (mode != ExecutionMode.Inline)
            processor.Start();
        var window = new TimeWindow(10, 20);
        processor.Publish("a", 12, 1);
        processor.Publish("b", 13, 1);
        await processor.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, processor.Why("a", window).Panes);
        processor.Publish("b", 21, 1);
        processor.Publish("b", 14, 1);
        await processor.FlushAsync(TestContext.Current.CancellationToken);

        var answer = processor.Why("a", window);

        Assert.Equal(3, answer.Panes);
        Assert.EndsWith(
            " 3 panes of it have been emitted so far, of all keys.", answer.Summary, StringComparison.Ordinal);
        Assert.Null(processor.Why("a", new TimeWindow(11, 21)).Panes);
    }

    private static long Ticks(DateTimeOffset time) => time.UtcTicks - DateTime.UnixEpoch.Ticks;

    private sealed class AskingSink : IResultSink<string>
    {
        public Func<NoResultAnswer>? Ask { get; set; }

        public NoResultAnswer? Answer { get; private set; }

        public void OnResults(ResultBatch<string> batch) => Answer = Ask!();
    }
}
