using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests;

/// <summary>What happens at the edges: one bad clock, a silent source, a sink that blocks, keys without end.</summary>
public sealed class EdgeCaseTests
{
    [Fact]
    public async Task Complete_SourceThatGoesOnPublishing_CountsUntilTheInputEndsAndMovesNothing()
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline)
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();
        using var ended = processor.CreatePublisher("ended");
        using var other = processor.CreatePublisher("other");
        other.Publish("a", 1, 1);
        ended.Complete();

        ended.Publish("a", 2, 1);
        ended.Publish("a", 50, 1);
        Assert.Equal(1, processor.WatermarkTicks);
        other.Publish("a", 10, 1);
        ended.Publish("a", 3, 1);
        other.Complete();
        ended.Publish("a", 60, 1);

        Assert.Equal(
            ["a [0, 10) OnTime 2", "a [10, 20) OnTime 1", "a [50, 60) OnTime 1"], collector.Texts());
        Assert.Equal([("a", DropReason.Late), ("a", DropReason.AfterEnd)], dropped.Reasons());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AllowedLateness_OfTheStep_WinsOverTheOptions(bool allow)
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10)
            .AllowedLateness(TimeSpan.FromTicks(5))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with
            {
                AllowLateEvents = allow,
                LateEventThreshold = TimeSpan.FromTicks(100),
            })
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();

        processor.Publish("a", 14, 1);
        processor.Publish("a", 1, 1);
        processor.Publish("a", 15, 1);
        processor.Publish("a", 2, 1);

        Assert.Equal(["a [0, 10) Late 1"], collector.Texts());
        Assert.Equal([("a", DropReason.Late)], dropped.Reasons());
    }

    [Fact]
    public async Task PoisonedTimestamp_IsRefusedAndMovesNoWatermark()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(1));
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        var now = TimeSpan.TicksPerDay;
        await using var processor = Processors.Tumbling(TimeSpan.TicksPerSecond)
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline })
            .WithTimeProvider(clock)
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();

        processor.Publish("good", now, 1);
        processor.Publish("bad", now + (10 * TimeSpan.TicksPerMinute), 1);
        processor.Publish("bad", long.MaxValue - 1, 1);
        processor.Publish("good", now + 1, 1);
        processor.Publish("edge", now + (5 * TimeSpan.TicksPerMinute), 1);

        Assert.Equal([("bad", DropReason.FutureSkew), ("bad", DropReason.FutureSkew)], dropped.Reasons());
        Assert.Equal(2, processor.GetStats().DroppedBy(DropReason.FutureSkew));
        Assert.Equal(now + (5 * TimeSpan.TicksPerMinute), processor.WatermarkTicks);
        Assert.Equal($"good [{now}, {now + TimeSpan.TicksPerSecond}) OnTime 2", Assert.Single(collector.Texts()));
    }

    [Fact]
    public async Task FutureSkew_ClockHasMovedSinceTheLastTick_IsJudgedByTheClock()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(1));
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { FutureSkewLimit = TimeSpan.Zero })
            .WithTimeProvider(clock)
            .Build();
        clock.SetUtcNow(DateTimeOffset.UnixEpoch.AddDays(2));
        processor.Start();

        processor.Publish("a", 2 * TimeSpan.TicksPerDay, 1);
        processor.Publish("a", (2 * TimeSpan.TicksPerDay) + 1, 1);
        await processor.FlushAsync();

        Assert.Equal(1, processor.GetStats().DroppedBy(DropReason.FutureSkew));
    }

    [Fact]
    public async Task SourceGoneIdle_NoLongerHoldsTheOthers_AndCountsAgainWhenItReturns()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10)
            .Watermarks(new WatermarkOptions { IdleTimeout = TimeSpan.FromSeconds(5) })
            .Counting(ExecutionMode.Inline)
            .WithTimeProvider(clock)
            .To(collector)
            .Build();
        using var quick = processor.CreatePublisher("quick");
        using var silent = processor.CreatePublisher("silent");
        silent.Publish("s", 3, 1);
        quick.Publish("q", 25, 1);
        Assert.Equal(3, processor.WatermarkTicks);

        clock.Advance(TimeSpan.FromSeconds(4));
        quick.Publish("q", 26, 1);
        clock.Advance(TimeSpan.FromSeconds(1));
        processor.Advance();

        Assert.Equal(26, processor.WatermarkTicks);
        Assert.Equal(["s [0, 10) OnTime 1"], collector.Texts());
        Assert.Equal(
            [("quick", SourceState.Active), ("silent", SourceState.Idle)],
            processor.GetSources().Select(source => (source.Name, source.State)));

        silent.Publish("s", 27, 1);
        quick.Publish("q", 99, 1);
        Assert.Equal(27, processor.WatermarkTicks);
    }

    [Fact]
    public async Task ProducerThatThrows_PublishesNothingHalf_AndTheOthersGoOn()
    {
        var collector = new CollectingSink<Exploding>();
        await using var processor = StreamProcessorBuilder.ForKeys<Exploding>()
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused))
            .To(collector)
            .Build();
        processor.Start();

        processor.Publish(new Exploding(1), 1, 1);
        Assert.Throws<InvalidOperationException>(() => processor.Publish(new Exploding(-1), 2, 1));
        Assert.Throws<InvalidOperationException>(() =>
        {
            using var publisher = processor.CreatePublisher("claims");
            using var claim = publisher.Claim(3);
            claim.Add(new Exploding(1), 3, 1);
            claim.Add(new Exploding(-1), 3, 1);
        });
        processor.Publish(new Exploding(1), 4, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken).WaitAsync(
            Processors.Patience);

        Assert.Equal("1 [0, 10) OnTime 2", Assert.Single(collector.Texts()));
        Assert.Equal(2, processor.GetStats().EventsProcessed);
    }

    [Fact]
    public async Task SinkThatBlocks_HoldsPublishersAtTheRing_AndDisposalReturnsRegardless()
    {
        using var sink = new GatedSink<string>();
        await using var processor = Processors.Tumbling(1)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with
            {
                RingCapacity = 64,
                ShutdownTimeout = TimeSpan.FromMilliseconds(50),
            })
            .To(sink)
            .Build();
        processor.Start();

        // On a busy machine the engine's thread may begin only after the ring is full, and no sink would be held.
        processor.Publish("a", 0, 1);
        processor.Publish("a", 1, 1);
        await sink.WaitForCallAsync(cancellationToken: TestContext.Current.CancellationToken);

        // The ring fills up behind the sink: from then on nothing is taken, and nothing is lost.
        var taken = 2;
        var refused = 0;
        while (refused < 1000)
        {
            if (processor.TryPublish("a", taken, 1))
                (taken, refused) = (taken + 1, 0);
            else
                refused++;
            Assert.InRange(taken, 0, 10_000);
            Thread.Yield();
        }

        await processor.DisposeAsync().AsTask().WaitAsync(Processors.Patience);
        Assert.False(processor.Completion.IsCompleted);
        Assert.Throws<ProcessorStoppedException>(() => processor.Publish("a", 0, 1));
        sink.Open();
        await processor.Completion.WaitAsync(Processors.Patience);
    }

    [Fact]
    public async Task TenMillionKeys_AreAllAggregated()
    {
        const int Keys = 10_000_000;
        var sink = new CountingSink();
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(sink)
            .Build();
        using var publisher = processor.CreatePublisher("keys");
        for (var key = 0; key < Keys;)
        {
            using var claim = publisher.Claim(Math.Min(512, Keys - key));
            for (var i = 0; i < claim.Capacity; i++, key++)
                claim.Add(key, 5, 1);
            claim.Publish();
        }

        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(Keys, sink.Results);
        Assert.Equal(Keys, processor.GetStats().Keys);
    }

    [Fact]
    public async Task MoreKeysThanAllowed_AreDroppedWithTheReason()
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { MaxKeys = 2 })
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();

        foreach (var key in new[] { "a", "b", "c", "a" })
            processor.Publish(key, 1, 1);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(["a [0, 10) OnTime 2", "b [0, 10) OnTime 1"], collector.Texts());
        Assert.Equal([(null, DropReason.KeyLimit)], dropped.Reasons());
    }

    [Fact]
    public async Task WindowOfOneTick_HoldsThatTick()
    {
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline).To(collector).Build();

        foreach (var time in new long[] { -1, 0, 0, 1 })
            processor.Publish("a", time, 1);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(["a [-1, 0) OnTime 1", "a [0, 1) OnTime 2", "a [1, 2) OnTime 1"], collector.Texts());
    }

    [Fact]
    public async Task SlideAboveTheSize_EventsInBetweenAreInNoWindow()
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(3), TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();

        foreach (var time in new long[] { 0, 2, 3, 9, 12 })
            processor.Publish("a", time, 1);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(["a [0, 3) OnTime 2", "a [10, 13) OnTime 1"], collector.Texts());
        Assert.Empty(dropped.Dropped);
        Assert.Equal(2, processor.GetStats().EventsInNoWindow);
        Assert.Equal(0, processor.GetStats().EventsDropped);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task EmptyInput_EndsWithoutAResult(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(mode).To(collector).Build();
        processor.Start();

        await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);

        Assert.Empty(collector.Texts());
        Assert.Equal(long.MaxValue, processor.WatermarkTicks);
        Assert.Equal(0, processor.GetStats().EventsProcessed);
    }

    [Theory]
    [InlineData(20, 10)]
    [InlineData(25, 10)]
    [InlineData(10, 25)]
    public async Task EndOfInput_StatedBySourceAndStop_EndsOnce(long size, long slide)
    {
        var collector = new CollectingSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(size), TimeSpan.FromTicks(slide))
            .Counting(ExecutionMode.Inline)
            .To(collector)
            .Build();
        using var publisher = processor.CreatePublisher("source");

        publisher.Publish("a", 3, 1);
        publisher.Complete();
        var results = collector.Texts().Count;
        await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);

        Assert.True(results > 0);
        Assert.Equal(results, collector.Texts().Count);
    }

    [Fact]
    public async Task TimestampsAtTheEndsOfTime_AreRefused()
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline)
            .To(collector)
            .DroppedEventsTo(dropped)
            .Build();

        foreach (var time in new[] { long.MinValue, long.MaxValue, long.MinValue + 2, long.MaxValue - 2, 5 })
            processor.Publish("a", time, 1);

        Assert.Equal(4, processor.GetStats().DroppedBy(DropReason.TimestampOutOfRange));
        Assert.Equal(4, dropped.Count);
        Assert.Equal(5, processor.WatermarkTicks);
    }

    /// <summary>A key whose hash code throws.</summary>
    private readonly record struct Exploding(int Number)
    {
        public override int GetHashCode() => Number < 0 ? throw new InvalidOperationException() : Number;

        public override string ToString() => $"{Number}";
    }

    private sealed class CountingSink : IResultSink<int>
    {
        public long Results { get; private set; }

        public void OnResults(ResultBatch<int> batch) => Results += batch.Count;
    }

    /// <summary>A window that takes events for ever has nothing that came too late for it.</summary>
    [Fact]
    public async Task AllowedLateness_WithoutEnd_CountsNoLateAssignment()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(10), TimeSpan.FromTicks(3))
            .AllowedLateness(TimeSpan.MaxValue)
            .Counting(ExecutionMode.Inline)
            .To(new CollectingSink<string>())
            .Build();
        processor.Publish("a", -100, 1);
        processor.Publish("a", 50, 1);
        processor.Publish("a", -200, 1);

        Assert.Equal(0, processor.GetStats().LateDroppedAssignments);
    }
}
