using DisruptorStream.Aggregation;
using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests;

/// <summary>The ways in which events come in.</summary>
public sealed class PublishTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public async Task TypedEvents_AreReadBySelectors()
    {
        var collector = new CollectingSink<Guid>();
        var key = Guid.NewGuid();
        await using var processor = StreamProcessorBuilder.For<Trade>()
            .KeyBy(trade => trade.Account)
            .EventTime(trade => trade.Time)
            .Measure("price", trade => trade.Price)
            .Measure("volume", trade => trade.Volume)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Sum("volume", "volume").Max("price", "price"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .Build();

        processor.Publish(new Trade(key, Start, 1.5, 3));
        processor.Publish([new Trade(key, Start.AddTicks(1), 2.5, 4), new Trade(key, Start.AddTicks(2), 0.5, 5)]);
        Assert.True(processor.TryPublish(new Trade(key, Start.AddTicks(3), 1, 6)));
        await processor.PublishAsync(new Trade(key, Start.AddTicks(4), 1, 7), TestContext.Current.CancellationToken);
        using (var second = processor.CreateEventPublisher("second"))
            second.Publish(new Trade(key, Start.AddTicks(5), 9, 8));
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal([$"{key} [0, 10) OnTime 33 9"], collector.Texts());
    }

    [Fact]
    public async Task EnumKeys_AreKeysLikeOthers()
    {
        var collector = new CollectingSink<DayOfWeek>();
        await using var processor = StreamProcessorBuilder.ForKeys<DayOfWeek>()
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .Build();

        processor.Publish(DayOfWeek.Friday, 1, 1);
        processor.Publish(DayOfWeek.Monday, 2, 1);
        processor.Publish(DayOfWeek.Friday, 3, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(["Friday [0, 10) OnTime 2", "Monday [0, 10) OnTime 1"], collector.Texts());
    }

    /// <summary>What a selector reads, equal by value, is one key.</summary>
    [Fact]
    public async Task TypedEvents_KeysOfAnyTypeThatEqualsByValue_AreKeys()
    {
        Assert.Equal(["Friday 2", "Monday 1"], await CountAsync(trade => trade.Time.DayOfWeek));
        Assert.Equal(
            ["(Friday, 1) 2", "(Monday, 2) 1"], await CountAsync(trade => (trade.Time.DayOfWeek, trade.Volume)));
        Assert.Equal(
            ["Desk { Day = Friday } 2", "Desk { Day = Monday } 1"],
            await CountAsync(trade => new Desk(trade.Time.DayOfWeek)));
        Assert.Equal(
            ["Spot { Price = 1 } 2", "Spot { Price = 2 } 1"], await CountAsync(trade => new Spot(trade.Price)));

        static async Task<List<string>> CountAsync<TKey>(Func<Trade, TKey> key)
            where TKey : notnull
        {
            var friday = new DateTimeOffset(1970, 1, 2, 0, 0, 0, TimeSpan.Zero);
            var collector = new CollectingSink<TKey>();
            await using var processor = StreamProcessorBuilder.For<Trade>()
                .KeyBy(key)
                .EventTime(trade => trade.Time)
                .TumblingWindows(TimeSpan.FromDays(7), offset: TimeSpan.FromDays(1))
                .Aggregate(a => a.Count("count"))
                .WithOptions(Processors.Options(ExecutionMode.Inline))
                .To(collector)
                .Build();
            processor.Publish(new Trade(Guid.NewGuid(), friday, 1, 1));
            processor.Publish(new Trade(Guid.NewGuid(), friday, 1, 1));
            processor.Publish([new Trade(Guid.NewGuid(), friday.AddDays(3), 2, 2)]);
            await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
            return [.. collector.Texts().Select(
                line => $"{line[..line.IndexOf(" [", StringComparison.Ordinal)]} {line[^1]}")];
        }
    }

    [Fact]
    public async Task EveryFormOfAStringKey_IsTheSameKey()
    {
        var collector = new CollectingSink<string>();
        var dropped = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).To(collector).Build();
        using var publisher = processor.CreatePublisher("forms");
        using var handle = processor.GetKey("héllo");

        publisher.Publish("héllo", 1, 1);
        publisher.Publish("héllo".AsSpan(), 1, 1);
        publisher.Publish("héllo"u8, 1, 1);
        publisher.Publish(handle, 1, 1);
        publisher.Publish("héllo", Start.AddTicks(1), 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(["héllo [0, 10) OnTime 5"], collector.Texts());
    }

    [Fact]
    public async Task Publish_WrongMeasures_SaysWhichThereAre()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .Measure("price")
            .Measure("volume", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();

        Assert.Contains(
            "price, volume",
            Assert.Throws<ArgumentException>(() => processor.Publish(1, 1, 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'volume' is a 64-bit integer",
            Assert.Throws<ArgumentException>(() => processor.Publish(1, 1, [1.0, 1.5])).Message,
            StringComparison.Ordinal);
        processor.Publish(1, 1, [1.5, 2.0]);
        Assert.Equal(1, processor.GetStats().EventsProcessed);
    }

    [Fact]
    public async Task Publish_NullKey_IsRefused()
    {
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).Build();

        Assert.Throws<ArgumentNullException>(() => processor.Publish((string)null!, 1, 1));
        Assert.Throws<ArgumentNullException>(() => processor.GetKey(null!));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task Publish_NotFinite_FollowsThePolicy(double value)
    {
        foreach (var policy in new[] { NonFinitePolicy.RejectEvent, NonFinitePolicy.IgnoreMeasure })
        {
            var collector = new CollectingSink<string>();
            var dropped = new CollectingDroppedEventSink<string>();
            await using var processor = Processors.Tumbling(10)
                .Aggregate(a => a.Count("count").Sum("sum").Min("min"))
                .WithOptions(Processors.Options(ExecutionMode.Inline) with { NonFinite = policy })
                .To(collector)
                .DroppedEventsTo(dropped)
                .Build();
            processor.Publish("a", 1, value);
            processor.Publish("a", 2, 5);
            await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

            var isRejected = policy == NonFinitePolicy.RejectEvent;
            Assert.Equal([$"a [0, 10) OnTime {(isRejected ? 1 : 2)} 5 5"], collector.Texts());
            Assert.Equal(isRejected ? 1 : 0, processor.GetStats().DroppedBy(DropReason.NotFinite));
            Assert.Equal(isRejected ? 1 : 0, dropped.Count);
        }
    }

    [Fact]
    public async Task MinusZero_IsZero()
    {
        var sink = new BitsSink();
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Min("min").First("first"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(sink)
            .Build();
        processor.Publish("a", 1, -0.0);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal([0L, 0L], sink.Bits);
    }

    [Fact]
    public async Task Claim_DisposedUnpublished_GivesUpItsEvents_AndFullOnesSaySo()
    {
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).To(collector).Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("claims");
        using (var given = publisher.Claim(3))
            given.Add("a", 1, 1);
        using (var claim = publisher.Claim(4))
        {
            claim.Add("a", 1, 1);
            claim.Add("a"u8, 2, 1);
            claim.Publish();
            AssertIsDone(claim);
        }

        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(["a [0, 10) OnTime 2"], collector.Texts());
    }

    [Fact]
    public async Task ManyProducers_LoseNothing()
    {
        const int Producers = 4;
        const int Events = 20_000;
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(long.MaxValue / 8).Counting(ExecutionMode.Fused)
            .To(collector)
            .Build();
        processor.Start();

        await Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Task.Run(async () =>
        {
            using var publisher = processor.CreatePublisher($"producer {producer}");
            for (var i = 0; i < Events; i++)
            {
                if (i % 3 == 0)
                    await publisher.PublishAsync($"key {producer}", i, 1);
                else
                    publisher.Publish($"key {producer}", i, 1);
            }
        })));
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken).WaitAsync(
            Processors.Patience);

        Assert.Equal(Producers, collector.Texts().Count);
        Assert.All(collector.Texts(), result => Assert.EndsWith($"OnTime {Events}", result, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CreatePublisher_NameInUse_SaysSo_AndIsFreeAfterDisposal()
    {
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).Build();
        var first = processor.CreatePublisher("one");

        Assert.Throws<ArgumentException>(() => processor.CreatePublisher("one"));
        first.Dispose();
        var disposed = Assert.Throws<ObjectDisposedException>(() => first.Publish("a", 1, 1));
        Assert.StartsWith("The publisher 'one' was disposed", disposed.Message, StringComparison.Ordinal);
        Assert.Contains("CreatePublisher", disposed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Version=", disposed.Message, StringComparison.Ordinal);
        processor.CreatePublisher("one").Dispose();
        Assert.Empty(processor.GetSources());
    }

    private static void AssertIsDone(EventClaim<string> claim)
    {
        var threw = false;
        try
        {
            claim.Add("a", 3, 1);
        }
        catch (InvalidOperationException)
        {
            threw = true;
        }

        Assert.True(threw);
    }

    private sealed record Desk(DayOfWeek Day);

    private readonly record struct Spot(double Price);

    private sealed record Trade(Guid Account, DateTimeOffset Time, double Price, long Volume);

    private sealed class BitsSink : IResultSink<string>
    {
        public List<long> Bits { get; } = [];

        public void OnResults(ResultBatch<string> batch) => Bits.AddRange(batch[0].RawValues);
    }
}
