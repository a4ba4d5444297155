using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Ingest;

/// <summary>
/// However events are published, and whatever lies among them that needs a closer look, they come to the same.
/// </summary>
public sealed class WaysOfPublishingTests
{
    private const int Keys = 6;
    private const int FewKeys = 3;

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);

    private static readonly Gen<long> AnyTime = Gen.Frequency(
        (30, Gen.Long[0, 40]),
        (1, Gen.Const(long.MinValue)),
        (1, Gen.Const(long.MaxValue)),
        (1, Gen.Const((Now.AddHours(2) - DateTimeOffset.UnixEpoch).Ticks)));

    private static readonly Gen<double> AnyValue = Gen.Frequency(
        (30, Gen.Int[-9, 9].Select(value => (double)value)),
        (1, Gen.Const(double.NaN)),
        (1, Gen.Const(double.NegativeInfinity)),
        (1, Gen.Const(-0.0)));

    // Some keys are in each other's way where they are found directly.
    private static readonly Gen<Item[]> AnyItems = Gen.Select(
        Gen.Int[0, Keys - 1].Select(number => (number % 3 * 1024) + (number / 3)),
        AnyTime,
        AnyValue,
        AnyValue,
        Gen.Frequency((9, Gen.Long[-3, 3]), (1, Gen.OneOf(Gen.Const(long.MinValue), Gen.Const(long.MaxValue)))),
        (key, ticks, first, second, whole) => new Item(key, ticks, first, second, whole)).Array[0, 700];

    private static readonly Gen<Shape> AnyShape = Gen.Select(
        Gen.Enum<Values>(), Gen.Bool, Gen.Enum<NonFinitePolicy>(), Gen.Bool, Gen.Bool,
        (values, isLimited, nonFinite, hasSkew, processingTime) =>
            new Shape(values, isLimited, nonFinite, hasSkew, processingTime));

    private enum Values
    {
        One,
        Three,
        Whole,
    }

    [Theory]
    [InlineData(ExecutionMode.Inline, 300)]
    [InlineData(ExecutionMode.Fused, 60)]
    public void Publish_AnyWay_ComesToTheSame(ExecutionMode mode, int iterations)
    {
        var dropped = 0;
        Gen.Select(AnyShape, AnyItems, Gen.Int[1, 300]).Sample(
            (shape, items, cut) =>
            {
                var expected = Run(mode, shape, (_, keyed, _) => Array.ForEach(items, item => One(keyed, shape, item)));
                dropped += expected.Dropped.Count;

                Assert.Equal(expected, Run(mode, shape, (_, _, typed) =>
                {
                    foreach (var part in items.Chunk(cut))
                        typed.Publish(part);
                }));
                Assert.Equal(
                    expected,
                    Run(mode, shape, (_, _, typed) => TryAll(items, part => typed.TryPublish(part))));
                Assert.Equal(expected, Run(mode, shape, (_, _, typed) =>
                {
                    foreach (var part in items.Chunk(cut))
                        typed.PublishAsync(part).AsTask().GetAwaiter().GetResult();
                }));
                Assert.Equal(
                    expected, Run(mode, shape, (_, keyed, _) => Claims(keyed, shape, items, cut, handles: null)));
                if (!shape.IsLimited)
                {
                    Assert.Equal(expected, Run(mode, shape, (processor, keyed, _) =>
                    {
                        var keys = items.Select(item => item.Key).Distinct();
                        var handles = keys.ToDictionary(key => key, processor.GetKey);
                        Claims(keyed, shape, items, cut, handles);
                    }));
                }

                for (var verb = 0; verb < 3 && shape is { Values: Values.One, IsLimited: false }; verb++)
                {
                    Assert.Equal(
                        expected,
                        Run(mode, shape, (processor, keyed, _) => Ready(processor, keyed, items, verb)));
                }
            },
            iter: iterations,
            threads: 1);
        Assert.True(dropped > iterations, $"Only {dropped} events dropped.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Add_ClaimThatIsFullOrDone_Throws(bool publishes)
    {
        var shape = new Shape(Values.One, false, NonFinitePolicy.RejectEvent, false, false);
        await using var processor = Build(ExecutionMode.Inline, shape, new CollectingSink<int>());
        processor.Start();
        using var publisher = processor.CreatePublisher("claims");
        using var handle = processor.GetKey(1);
        for (var kind = 0; kind < 4; kind++)
        {
            using (var full = publisher.Claim(1))
            {
                full.Add(1, 1, 1);
                ThrowsOnAdd(full, kind, handle, "full");
            }

            using var claim = publisher.Claim(2);
            claim.Add(1, 1, 1);
            if (publishes)
                claim.Publish();
            else
                claim.Dispose();
            ThrowsOnAdd(claim, kind, handle, "published or disposed");
            ThrowsOnAdd(default, kind, handle, "published or disposed");
        }

        Assert.Equal(publishes ? 4 : 0, processor.GetStats().EventsPublished);
    }

    [Fact]
    public async Task Add_OneValueWhereThereAreThree_Throws()
    {
        var shape = new Shape(Values.Three, false, NonFinitePolicy.RejectEvent, false, false);
        await using var processor = Build(ExecutionMode.Inline, shape, new CollectingSink<int>());
        processor.Start();
        using var publisher = processor.CreatePublisher("claims");
        using var handle = processor.GetKey(1);
        var thrown = 0;
        for (var kind = 0; kind < 2; kind++)
        {
            using var claim = publisher.Claim(1);
            try
            {
                if (kind == 0)
                    claim.Add(1, 1, 1);
                else
                    claim.Add(handle, 1, 1);
            }
            catch (ArgumentException)
            {
                thrown++;
            }
        }

        Assert.Equal(2, thrown);
        Assert.Equal(0, processor.GetStats().EventsPublished);
    }

    /// <summary>What the clock said last counts until it can be read again: it refuses the event far ahead.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, false)]
    [InlineData(ExecutionMode.Inline, true)]
    [InlineData(ExecutionMode.Fused, false)]
    public async Task Publish_ClockThrowsInTheMiddle_ItsLastReadingCounts(ExecutionMode mode, bool three)
    {
        var clock = new BrokenClock();
        var collector = new CollectingSink<int>();
        var shape = new Shape(three ? Values.Three : Values.One, false, NonFinitePolicy.RejectEvent, true, false);
        await using (var processor = Build(mode, shape, collector, clock))
        {
            processor.Start();
            processor.Publish(Enumerable.Repeat(new Item(1, 5, 1, 1, 0), 640).ToArray());
            var items = Enumerable.Repeat(new Item(2, 5, 1, 1, 0), 20).ToArray();
            items[3] = items[3] with { Ticks = (Now.AddHours(2) - DateTimeOffset.UnixEpoch).Ticks };
            clock.IsBroken = true;
            processor.Publish(items);
            clock.IsBroken = false;
            await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

            var stats = processor.GetStats();
            Assert.Equal((660, 1), (stats.EventsPublished, stats.DroppedBy(DropReason.FutureSkew)));
            Assert.NotEqual(0, stats.HostFailures);
        }

        var counts = collector.Texts().Select(line => line.Split(' ')).Select(part => (part[0], part[^1]));
        Assert.Equal([("1", "640"), ("2", "19")], counts.Order());
    }

    /// <summary>When an event was published is for figures alone: it goes in without.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    public async Task Publish_ClockThrowsAtTheStamp_TheEventIsIn(ExecutionMode mode)
    {
        var clock = new BrokenClock();
        var shape = new Shape(Values.One, false, NonFinitePolicy.RejectEvent, false, false);
        await using var processor = Build(mode, shape, new CollectingSink<int>(), clock);
        processor.Start();
        using var publisher = processor.CreatePublisher("stamped");
        using var handle = processor.GetKey(1);
        publisher.Publish(1, 1, 1);

        clock.HasTimestamps = false;
        publisher.AdvanceWatermark(2);
        publisher.Publish(1, 3, 1);
        publisher.Publish([new KeyedEvent(handle, 4, 1)]);
        clock.HasTimestamps = true;
        publisher.Publish(1, 5, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken)
            .WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(4, processor.GetStats().EventsProcessed);
    }

    private static void ThrowsOnAdd(EventClaim<int> claim, int kind, KeyHandle handle, string why)
    {
        InvalidOperationException? thrown = null;
        try
        {
            if (kind == 0)
                claim.Add(1, 1, 1);
            else if (kind == 1)
                claim.Add(handle, 1, 1);
            else if (kind == 2)
                claim.AddBits(1, 1, [0]);
            else
                claim.AddBits(handle, 1, [0]);
        }
        catch (InvalidOperationException failure)
        {
            thrown = failure;
        }

        Assert.Contains(why, thrown?.Message, StringComparison.Ordinal);
    }

    private static void One(KeyedPublisher<int> publisher, Shape shape, Item item)
    {
        if (shape.Values == Values.One)
            publisher.Publish(item.Key, item.Ticks, item.First);
        else
            publisher.PublishBits(item.Key, item.Ticks, shape.BitsOf(item));
    }

    private static void Ready(
        StreamProcessor<Item, int> processor, KeyedPublisher<int> publisher, Item[] items, int verb)
    {
        var keys = items.Select(item => item.Key).Distinct();
        var handles = keys.ToDictionary(key => key, processor.GetKey);
        var events = items.Select(item => new KeyedEvent(handles[item.Key], item.Ticks, item.First)).ToArray();
        if (verb == 0)
            publisher.Publish(events);
        else if (verb == 1)
            TryAll(events, part => publisher.TryPublish(part));
        else
            publisher.PublishAsync(events).AsTask().GetAwaiter().GetResult();
    }

    private static void TryAll<T>(T[] items, Func<ReadOnlySpan<T>, int> tryPublish)
    {
        for (var done = 0; done < items.Length;)
        {
            var taken = tryPublish(items.AsSpan(done));
            done += taken;
            if (taken == 0)
                Thread.Yield();
        }
    }

    private static void Claims(
        KeyedPublisher<int> publisher, Shape shape, Item[] items, int cut, Dictionary<int, KeyHandle>? handles)
    {
        for (var done = 0; done < items.Length;)
        {
            using var claim = publisher.Claim(Math.Min(cut, items.Length - done));
            foreach (var item in items.AsSpan(done, claim.Capacity))
            {
                if (shape.Values == Values.One && handles is null)
                    claim.Add(item.Key, item.Ticks, item.First);
                else if (shape.Values == Values.One)
                    claim.Add(handles![item.Key], item.Ticks, item.First);
                else if (handles is null)
                    claim.AddBits(item.Key, item.Ticks, shape.BitsOf(item));
                else
                    claim.AddBits(handles[item.Key], item.Ticks, shape.BitsOf(item));
            }

            claim.Publish();
            done += claim.Count;
        }
    }

    private static Outcome Run(
        ExecutionMode mode,
        Shape shape,
        Action<StreamProcessor<Item, int>, KeyedPublisher<int>, EventPublisher<Item>> publish)
    {
        var collector = new CollectingSink<int>();
        var dropped = new CollectingDroppedEventSink<int>();
        var processor = Build(mode, shape, collector, new FakeTimeProvider(Now), dropped);
        processor.Start();
        using (var keyed = processor.CreatePublisher("keyed"))
        using (var typed = processor.CreateEventPublisher("typed"))
            publish(processor, keyed, typed);
        processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        var stats = processor.GetStats();
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return new Outcome
        {
            Results = collector.Texts(),
            Dropped = dropped.Reasons(),
            Published = stats.EventsPublished,
        };
    }

    private static StreamProcessor<Item, int> Build(
        ExecutionMode mode,
        Shape shape,
        CollectingSink<int> collector,
        TimeProvider? clock = null,
        CollectingDroppedEventSink<int>? dropped = null)
    {
        var timed = StreamProcessorBuilder.For<Item>().KeyBy(item => item.Key).EventTime(item => item.Ticks);
        var measured = shape.Values == Values.Whole
            ? timed.Measure("first", item => item.Whole)
            : timed.Measure("first", item => item.First);
        if (shape.Values == Values.Three)
            measured = measured.Measure("second", item => item.Second).Measure("third", item => item.Second + 1);
        var windows = measured.TumblingWindows(TimeSpan.FromTicks(10));
        if (shape.ProcessingTime)
            windows = windows.InProcessingTime();
        var (middle, last) = shape.Values == Values.Three ? ("second", "third") : ("first", "first");
        return windows
            .Aggregate(a => a.Min("least", "first").Min("min", middle).Max("max", last).Count("count"))
            .WithOptions(Processors.Options(mode) with
            {
                RingCapacity = 64,
                MaxKeys = shape.IsLimited ? FewKeys : 100,
                NonFinite = shape.NonFinite,
                FutureSkewLimit = shape.HasSkew ? TimeSpan.FromHours(1) : null,
            })
            .WithTimeProvider(clock ?? TimeProvider.System)
            .To(collector)
            .DroppedEventsTo(dropped ?? new CollectingDroppedEventSink<int>())
            .Build();
    }

    private sealed record Item(int Key, long Ticks, double First, double Second, long Whole);

    private sealed record Shape(
        Values Values, bool IsLimited, NonFinitePolicy NonFinite, bool HasSkew, bool ProcessingTime)
    {
        public long[] BitsOf(Item item) => Values switch
        {
            Values.Whole => [item.Whole],
            Values.Three => [Bits(item.First), Bits(item.Second), Bits(item.Second + 1)],
            _ => [Bits(item.First)],
        };

        private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
    }

    private sealed class Outcome : IEquatable<Outcome>
    {
        public required IReadOnlyList<string> Results { get; init; }

        public required IReadOnlyList<(int Key, DropReason Reason)> Dropped { get; init; }

        public required long Published { get; init; }

        public bool Equals(Outcome? other) => other is not null && Published == other.Published
            && Results.SequenceEqual(other.Results) && Dropped.SequenceEqual(other.Dropped);

        public override bool Equals(object? obj) => Equals(obj as Outcome);

        public override int GetHashCode() => Results.Count;

        public override string ToString() =>
            $"{Published} published\n{string.Join('\n', Results)}\n{string.Join('\n', Dropped)}";
    }

    private sealed class BrokenClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public bool HasTimestamps { get; set; } = true;

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new TimeoutException() : Now;

        public override long GetTimestamp() => HasTimestamps ? base.GetTimestamp() : throw new TimeoutException();

        // The tests break the clock under publishers alone.
        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
