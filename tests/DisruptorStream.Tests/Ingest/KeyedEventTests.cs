using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Ingest;

/// <summary>Events published many at a time.</summary>
public sealed class KeyedEventTests
{
    private const int Keys = 300;
    private const long SlideTicks = 1000;

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    public async Task ABatchHasTheResultsOfItsEventsOneByOne(ExecutionMode mode)
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 5000)
            .Select(index => (Key: random.Next(Keys), Ticks: (long)index, Value: Odd(random, index)))
            .ToArray();

        var one = await RunAsync(mode, (processor, publisher) =>
        {
            foreach (var (key, ticks, value) in rows)
                publisher.Publish(key, ticks, value);
        });
        var batch = await RunAsync(mode, (processor, publisher) =>
        {
            var handles = Enumerable.Range(0, Keys).Select(processor.GetKey).ToArray();
            var events = rows.Select(row => new KeyedEvent(handles[row.Key], row.Ticks, row.Value)).ToArray();
            publisher.Publish(events.AsSpan(0, 1));
            publisher.Publish(events.AsSpan(1));
        });

        Assert.Equal(one.Lines, batch.Lines);
        Assert.Equal(one.Stats.EventsProcessed, batch.Stats.EventsProcessed);
        Assert.Equal(one.Stats.DroppedBy(DropReason.NotFinite), batch.Stats.DroppedBy(DropReason.NotFinite));
        Assert.True(batch.Stats.DroppedBy(DropReason.NotFinite) > 0);
    }

    [Fact]
    public async Task ProcessingTimeTakesTheClock()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromDays(1))
            .InProcessingTime()
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline })
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("test");
        using var key = processor.GetKey(1);

        publisher.Publish([new KeyedEvent(key, long.MinValue, 1), new KeyedEvent(key, long.MinValue + 1, 1)]);

        await processor.StopAsync(StopMode.Complete);
        Assert.Equal(0, processor.GetStats().EventsDropped);
        Assert.Equal(2, processor.GetStats().EventsProcessed);
    }

    [Fact]
    public async Task AnEventOfADisposedHandleIsRefusedWithItsIndex()
    {
        await using var processor = NewProcessor(ExecutionMode.Inline, new ResultLines<int>());
        processor.Start();
        using var publisher = processor.CreatePublisher("test");
        using var kept = processor.GetKey(1);
        var gone = processor.GetKey(2);
        KeyedEvent[] events = [new(kept, 1, 1), new(gone, 2, 1), new(kept, 3, 1)];
        gone.Dispose();

        var failure = Assert.Throws<ArgumentException>(() => publisher.Publish(events));

        Assert.Contains("index 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("disposed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, processor.GetStats().EventsProcessed);
        publisher.Publish(events.AsSpan(2));
        Assert.Equal(2, processor.GetStats().EventsProcessed);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    public async Task AValueThatSuitsNoIntegerThrowsAndTheEventsBeforeAreIn(ExecutionMode mode)
    {
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .Measure("whole", DisruptorStream.Aggregation.MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(SlideTicks))
            .Aggregate(a => a.Sum("sum"))
            .WithOptions(Processors.Options(mode))
            .To(new ResultLines<int>())
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("test");
        using var key = processor.GetKey(1);
        KeyedEvent[] events = [new(key, 1, 1), new(key, 2, 2), new(key, 3, 0.5), new(key, 4, 4)];

        Assert.Throws<ArgumentException>(() => publisher.Publish(events));

        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        Assert.Equal(2, processor.GetStats().EventsProcessed);
    }

    [Fact]
    public async Task AKeyThatTwoHandlesPinStaysUsableUntilBothAreDisposed()
    {
        await using var processor = NewProcessor(ExecutionMode.Inline, new ResultLines<int>());
        processor.Start();
        using var publisher = processor.CreatePublisher("test");
        var first = processor.GetKey(1);
        var second = processor.GetKey(1);
        KeyedEvent[] events = [new(first, 1, 1)];

        first.Dispose();
        publisher.Publish(events);
        second.Dispose();

        Assert.Throws<ArgumentException>(() => publisher.Publish(events));
        Assert.Throws<ObjectDisposedException>(() => new KeyedEvent(first, 1, 1));
    }

    /// <summary>The id is pinned again, by another key: an event that was kept must not count for that key.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Publish_EventWhoseIdWasReusedByAnotherKey_IsRefused(ExecutionMode mode)
    {
        var sink = new CollectingSink<int>();
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var processor = NewRetiringProcessor(mode, sink, clock);
        processor.Start();
        using var publisher = processor.CreatePublisher("test");
        var kept = new List<KeyedEvent>();
        for (var key = 1; key <= 3; key++)
        {
            using (var handle = processor.GetKey(key))
            {
                var start = (key - 1) * 3 * SlideTicks;
                var fresh = Enumerable.Range(0, 50).Select(at => new KeyedEvent(handle, start + at, key)).ToArray();
                foreach (var stale in kept)
                {
                    var failure = Assert.Throws<ArgumentException>(
                        () => publisher.Publish([.. fresh, stale, fresh[0]]));
                    Assert.Contains("index 50 ", failure.Message, StringComparison.Ordinal);
                    Assert.Contains("disposed", failure.Message, StringComparison.Ordinal);
                }

                publisher.Publish(fresh);
                kept.Add(fresh[^1]);
            }

            publisher.AdvanceWatermark(key * 3 * SlideTicks);
            await RetireAllAsync(processor, clock);
        }

        Assert.Throws<ArgumentException>(() => publisher.Publish([.. kept]));
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        Assert.Equal([(1, 50L), (2, 100L), (3, 150L)], sink.Results.Select(one => (one.Key, one.GetInt64("count"))));
    }

    [Fact]
    public async Task AnEventOfAnotherProcessorOrOfNoneIsRefused()
    {
        await using var processor = NewProcessor(ExecutionMode.Inline, new ResultLines<int>());
        await using var other = NewProcessor(ExecutionMode.Inline, new ResultLines<int>());
        processor.Start();
        using var publisher = processor.CreatePublisher("test");
        using var own = processor.GetKey(1);
        using var foreign = other.GetKey(1);

        var failure = Assert.Throws<ArgumentException>(() => publisher.Publish([new KeyedEvent(foreign, 1, 1)]));
        Assert.Contains("another processor", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => publisher.Publish([default(KeyedEvent)]));
        Assert.Equal(0, processor.GetStats().EventsProcessed);
    }

    [Fact]
    public async Task SeveralMeasuresNeedTheirOwnCall()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .Measure("a").Measure("b")
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline })
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("test");
        using var key = processor.GetKey(1);

        Assert.Throws<ArgumentException>(() => publisher.Publish([new KeyedEvent(key, 1, 1)]));
    }

    [Fact]
    public async Task EqualityGoesByAllParts()
    {
        await using var processor = NewProcessor(ExecutionMode.Inline, new ResultLines<int>());
        using var key = processor.GetKey(1);
        using var other = processor.GetKey(2);
        var one = new KeyedEvent(key, 1, 2);

        Assert.True(one == new KeyedEvent(key, 1, 2));
        Assert.Equal(one.GetHashCode(), new KeyedEvent(key, 1, 2).GetHashCode());
        Assert.True(one != new KeyedEvent(other, 1, 2));
        Assert.True(one != new KeyedEvent(key, 2, 2));
        Assert.False(one.Equals((object)"no event"));
        Assert.NotEqual(one, new KeyedEvent(key, 1, 3));
    }

    /// <summary>Now and then minus zero, and what is no number.</summary>
    private static double Odd(Random random, int index) => (index % 97) switch
    {
        0 => -0.0,
        1 => double.NaN,
        2 => double.PositiveInfinity,
        _ => random.NextDouble(),
    };

    private static async Task<(List<string> Lines, ProcessorStats Stats)> RunAsync(
        ExecutionMode mode, Action<StreamProcessor<int>, KeyedPublisher<int>> publish)
    {
        var sink = new ResultLines<int>();
        await using var processor = NewProcessor(mode, sink);
        processor.Start();
        using (var publisher = processor.CreatePublisher("test"))
            publish(processor, publisher);
        await processor.StopAsync(StopMode.Complete);
        // Keys that were looked up before come in another order, and with them the numbers of their results.
        var lines = sink.Lines.ConvertAll(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        lines.Sort(StringComparer.Ordinal);
        return (lines, processor.GetStats());
    }

    /// <summary>One key at a time, which goes after ten seconds without state.</summary>
    private static StreamProcessor<int> NewRetiringProcessor(
        ExecutionMode mode, IResultSink<int> sink, TimeProvider clock) =>
        StreamProcessorBuilder.ForKeys<int>().TumblingWindows(TimeSpan.FromTicks(SlideTicks))
            .AllowedLateness(TimeSpan.FromTicks(SlideTicks))
            .Aggregate(a => a.Count("count").Sum("sum"))
            .WithOptions(Processors.Options(mode) with
            {
                MaxKeys = 1,
                WindowRetention = TimeSpan.FromSeconds(10),
            })
            .WithTimeProvider(clock).To(sink).Build();

    private static async Task RetireAllAsync(StreamProcessor<int> processor, FakeTimeProvider clock)
    {
        for (var second = 0; second < 1000 && processor.GetStats().Keys > 0; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            processor.Advance();
            await processor.FlushAsync(TestContext.Current.CancellationToken);
        }

        // The id is free once what is behind the last row of the key has been delivered.
        processor.Advance();
        await processor.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, processor.GetStats().Keys);
    }

    private static StreamProcessor<int> NewProcessor(ExecutionMode mode, ResultLines<int> sink) =>
        StreamProcessorBuilder.ForKeys<int>()
            .SlidingWindows(TimeSpan.FromTicks(3 * SlideTicks), TimeSpan.FromTicks(SlideTicks))
            .Aggregate(a => a.Count("count").Sum("sum").Min("min").Max("max"))
            .WithOptions(new StreamProcessorOptions { Mode = mode, FutureSkewLimit = null })
            .To(sink)
            .Build();
}
