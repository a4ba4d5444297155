using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Ingest;

/// <summary>Many typed events at a time do what one after the other does.</summary>
public sealed class TypedBatchTests
{
    public static TheoryData<ExecutionMode, int> ModesAndSizes()
    {
        var data = new TheoryData<ExecutionMode, int>();
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged })
        {
            foreach (var size in new[] { 0, 1, 2, 255, 256, 257, 1000 })
                data.Add(mode, size);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ModesAndSizes))]
    public async Task Publish_Many_IsAsOneByOne(ExecutionMode mode, int size)
    {
        var orders = Enumerable.Range(0, size)
            .Select(at => new Order($"key {at % 7}", at / 10, at % 50 == 49 ? double.NaN : at, at))
            .ToArray();
        var (all, oneByOne) = (new CollectingSink<string>(), new CollectingSink<string>());

        var dropped = await Run(mode, all, processor => processor.Publish(orders));
        var expected = await Run(mode, oneByOne, processor =>
        {
            foreach (var order in orders)
                processor.Publish(order);
        });

        Assert.Equal(expected, dropped);
        Assert.Equal(oneByOne.Texts(), all.Texts());
        Assert.Equal(size / 50, dropped.Dropped);
        Assert.Equal(size, dropped.Published);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(258)]
    public async Task Publish_SelectorThrows_TheEventsBeforeAreInAndTheErrorIsTheSelectors(int at)
    {
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused })
        {
            var orders = Enumerable.Range(0, 400).Select(i => new Order("a", 1, 1, i == at ? -1 : 1)).ToArray();
            var outcome = await Run(
                mode,
                new CollectingSink<string>(),
                processor => Assert.Equal(
                    "no volume", Assert.Throws<FormatException>(() => processor.Publish(orders)).Message));

            Assert.Equal((at, 0L), outcome);
        }
    }

    [Fact]
    public async Task Publish_NullKey_TheEventsBeforeAreIn()
    {
        Order[] orders = [new("a", 1, 1, 1), new("a", 1, 1, 1), new(null!, 1, 1, 1), new("a", 1, 1, 1)];

        var outcome = await Run(
            ExecutionMode.Inline,
            new CollectingSink<string>(),
            processor => Assert.Throws<ArgumentException>(() => processor.Publish(orders)));

        Assert.Equal((2L, 0L), outcome);
    }

    [Fact]
    public async Task Publish_HashCodeThrows_TheEventsBeforeAreInAndTheNextCallGoesOn()
    {
        var collector = new CollectingSink<ThrowingKey>();
        await using var processor = StreamProcessorBuilder.For<ThrowingKey>()
            .KeyBy(key => key)
            .EventTime(_ => 1L)
            .Measure("one", _ => 1.0)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .Build();

        Assert.Throws<NotSupportedException>(() => processor.Publish([new(1), new(1), new(-1), new(1)]));
        processor.Publish([new(1), new(1)]);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(["1 [0, 10) OnTime 4"], collector.Texts());
        Assert.Equal(4, processor.GetStats().EventsPublished);
    }

    [Fact]
    public async Task Publish_SelectorPublishesItself_IsTakenInline()
    {
        StreamProcessor<int, int>? processor = null;
        var collector = new CollectingSink<int>();
        processor = StreamProcessorBuilder.For<int>()
            .KeyBy(number => number)
            .EventTime(_ => 1L)
            .Measure("one", number =>
            {
                if (number == 2)
                    processor!.Publish([3, 3, 3]);
                return 1.0;
            })
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .Build();
        await using (processor)
        {
            processor.Publish([1, 2, 1]);
            await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            ["1 [0, 10) OnTime 2", "2 [0, 10) OnTime 1", "3 [0, 10) OnTime 3"],
            collector.Texts().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Publish_Many_AllocatesNothing()
    {
        await using var processor = Build(ExecutionMode.Inline, new CollectingSink<string>());
        var orders = Enumerable.Range(0, 300).Select(_ => new Order("a", 1, 1, 1)).ToArray();
        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            processor.Publish(orders);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    /// <summary>Selectors run before anything is claimed, so the room that they run for may be gone by then.</summary>
    [Fact]
    public async Task TryPublish_RoomGoesWhileSelectorsRun_EventThatFailsIsNotReached()
    {
        KeyedPublisher<int>? other = null;
        await using var processor = StreamProcessorBuilder.For<int>()
            .KeyBy(number => number)
            .EventTime(_ => 1L)
            .Measure("one", number =>
            {
                while (other!.TryPublish(9, 1, 1))
                {
                }

                return number < 0 ? throw new FormatException("broken") : 1.0;
            })
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { RingCapacity = 64 })
            .Build();
        using var publisher = processor.CreateEventPublisher("typed");
        other = processor.CreatePublisher("other");

        Assert.Equal(0, publisher.TryPublish([1, 2, -1]));
        other.Dispose();
    }

    /// <summary>Its number may be another source's by then.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Publish_SelectorDisposesThePublisher_ThrowsAndNothingIsIn(int events)
    {
        EventPublisher<int>? publisher = null;
        await using var processor = StreamProcessorBuilder.For<int>()
            .KeyBy(number => number)
            .EventTime(_ =>
            {
                publisher!.Dispose();
                return 1L;
            })
            .Measure("one", _ => 1.0)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(new CollectingSink<int>())
            .Build();
        processor.Start();
        publisher = processor.CreateEventPublisher("short-lived");

        Assert.Throws<ObjectDisposedException>(() => publisher.Publish(new int[events]));

        Assert.Equal(0, processor.GetStats().EventsPublished);
    }

    private static async Task<(long Published, long Dropped)> Run(
        ExecutionMode mode, CollectingSink<string> collector, Action<StreamProcessor<Order, string>> publish)
    {
        await using var processor = Build(mode, collector);
        processor.Start();
        publish(processor);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        var stats = processor.GetStats();
        return (stats.EventsPublished, stats.DroppedBy(DropReason.NotFinite));
    }

    private static StreamProcessor<Order, string> Build(ExecutionMode mode, CollectingSink<string> collector) =>
        StreamProcessorBuilder.For<Order>()
            .KeyBy(order => order.Key)
            .EventTime(order => order.Ticks)
            .Measure("price", order => order.Price)
            .Measure("volume", order => order.Volume < 0 ? throw new FormatException("no volume") : order.Volume)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count").Sum("volume", "volume").Max("price", "price"))
            .WithOptions(Processors.Options(mode) with { RingCapacity = 64 })
            .To(collector)
            .Build();

    private sealed record Order(string Key, long Ticks, double Price, long Volume);

    private readonly record struct ThrowingKey(int Number)
    {
        public override int GetHashCode() => Number < 0 ? throw new NotSupportedException("broken") : Number;

        public override string ToString() => $"{Number}";
    }
}
