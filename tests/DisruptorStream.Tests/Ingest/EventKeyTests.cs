using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Ingest;

/// <summary>Each way to name a key is taken by each way to publish.</summary>
public sealed class EventKeyTests
{
    private const string Text = "héllo";

    private static readonly DateTimeOffset Time = DateTimeOffset.UnixEpoch.AddTicks(1);

    private delegate ValueTask Way(EventKey<string> key);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryForm_InEveryWay_IsTheSameKey()
    {
        await using var run = new Run<string>();
        var ways = Ways(run.Processor, run.Publisher);
        using var handle = run.Processor.GetKey(Text);

        foreach (var way in ways)
        {
            await way(Text);
            await way(Text.AsSpan());
            await way("héllo"u8);
            await way(handle);
        }

        Assert.Equal(42, ways.Length);
        Assert.Equal([$"{Text} {4 * ways.Length}"], await run.CountsAsync());
    }

    /// <summary>As the compiler converts them: literals too.</summary>
    [Fact]
    public async Task Publish_KeysOfManyTypes_CompileAsTheyAre()
    {
        await using var integers = new Run<long>();
        const short Short = 3;
        integers.Processor.Publish(3, 1, 1);
        integers.Processor.Publish(Short, 1, 1);
        integers.Processor.Publish(3L, Time, [1.0]);
        Assert.Equal(["3 3"], await integers.CountsAsync());

        await using var bytes = new Run<byte>();
        bytes.Processor.Publish(7, 1, 1);
        Assert.Equal(["7 1"], await bytes.CountsAsync());

        await using var days = new Run<DayOfWeek>();
        days.Processor.Publish(DayOfWeek.Friday, 1, 1);
        Assert.Equal(["Friday 1"], await days.CountsAsync());

        await using var tuples = new Run<(string, long)>();
        tuples.Processor.Publish(("a", 1), 1, 1);
        tuples.Processor.Publish(("a", 1L), 1, 1);
        Assert.Equal(["(a, 1) 2"], await tuples.CountsAsync());

        await using var records = new Run<Place>();
        records.Processor.Publish(new Place("a", 1), 1, 1);
        records.Processor.Publish(new Town("a", 1), 1, 1);
        Assert.Equal(
            ["Place { Name = a, Floor = 1 } 1", "Town { Name = a, Floor = 1 } 1"], await records.CountsAsync());
    }

    /// <summary>The language converts from no interface: the key is then named by its constructor.</summary>
    [Fact]
    public async Task Publish_KeysOfAnInterface_AreNamedByTheConstructor()
    {
        await using var run = new Run<IComparable>();

        run.Processor.Publish(new EventKey<IComparable>(5), 1, 1);
        run.Processor.Publish(new EventKey<IComparable>("five"), 1, 1);

        Assert.Equal(["5 1", "five 1"], await run.CountsAsync());
    }

    [Fact]
    public async Task Publish_NoKey_IsRefusedInEveryWay()
    {
        await using var run = new Run<string>();

        foreach (var way in Ways(run.Processor, run.Publisher))
        {
            await Assert.ThrowsAsync<ArgumentNullException>("key", async () => await way((string)null!));
            await Assert.ThrowsAsync<ArgumentNullException>("key", async () => await way((KeyHandle)null!));
            await Assert.ThrowsAsync<ArgumentNullException>("key", async () => await way(default));
        }

        Assert.Empty(await run.CountsAsync());
    }

    [Fact]
    public async Task Publish_TextWhereKeysAreNone_IsRefused()
    {
        await using var run = new Run<int>();

        var refused = Assert.Throws<InvalidOperationException>(() => run.Processor.Publish("5"u8, 1, 1));
        Assert.Equal(
            "Keys of type System.Int32 cannot be given as characters or UTF-8 bytes, which name string keys only; "
            + "pass a System.Int32 or a KeyHandle, or build the processor with keys of type string.",
            refused.Message);
        Assert.Throws<InvalidOperationException>(() => run.Processor.TryPublish("5".AsSpan(), Time, [1.0]));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await run.Processor.PublishBitsAsync("5"u8, 1, [0]));

        Assert.Empty(await run.CountsAsync());
    }

    private static Way[] Ways(StreamProcessor<string> processor, KeyedPublisher<string> publisher)
    {
        var bits = new[] { BitConverter.DoubleToInt64Bits(1) };
        return
        [
            Done(key => processor.Publish(key, 1, 1)), Done(key => publisher.Publish(key, 1, 1)),
            Done(key => processor.Publish(key, Time, 1)), Done(key => publisher.Publish(key, Time, 1)),
            Done(key => processor.Publish(key, 1, [1.0])), Done(key => publisher.Publish(key, 1, [1.0])),
            Done(key => processor.Publish(key, Time, [1.0])), Done(key => publisher.Publish(key, Time, [1.0])),
            Done(key => processor.PublishBits(key, 1, bits)), Done(key => publisher.PublishBits(key, 1, bits)),
            Done(key => processor.PublishBits(key, Time, bits)), Done(key => publisher.PublishBits(key, Time, bits)),
            True(key => processor.TryPublish(key, 1, 1)), True(key => publisher.TryPublish(key, 1, 1)),
            True(key => processor.TryPublish(key, Time, 1)), True(key => publisher.TryPublish(key, Time, 1)),
            True(key => processor.TryPublish(key, 1, [1.0])), True(key => publisher.TryPublish(key, 1, [1.0])),
            True(key => processor.TryPublish(key, Time, [1.0])), True(key => publisher.TryPublish(key, Time, [1.0])),
            True(key => processor.TryPublishBits(key, 1, bits)), True(key => publisher.TryPublishBits(key, 1, bits)),
            True(key => processor.TryPublishBits(key, Time, bits)),
            True(key => publisher.TryPublishBits(key, Time, bits)),
            key => processor.PublishAsync(key, 1, 1, Token), key => publisher.PublishAsync(key, 1, 1, Token),
            key => processor.PublishAsync(key, Time, 1, Token), key => publisher.PublishAsync(key, Time, 1, Token),
            key => processor.PublishAsync(key, 1, [1.0], Token), key => publisher.PublishAsync(key, 1, [1.0], Token),
            key => processor.PublishAsync(key, Time, [1.0], Token),
            key => publisher.PublishAsync(key, Time, [1.0], Token),
            key => processor.PublishBitsAsync(key, 1, bits, Token),
            key => publisher.PublishBitsAsync(key, 1, bits, Token),
            key => processor.PublishBitsAsync(key, Time, bits, Token),
            key => publisher.PublishBitsAsync(key, Time, bits, Token),
            .. ClaimWays(publisher, bits),
        ];
    }

    private static Way[] ClaimWays(KeyedPublisher<string> publisher, long[] bits) =>
    [
        Claimed(publisher, (ref claim, scoped key) => claim.Add(key, 1, 1)),
        Claimed(publisher, (ref claim, scoped key) => claim.Add(key, Time, 1)),
        Claimed(publisher, (ref claim, scoped key) => claim.Add(key, 1, [1.0])),
        Claimed(publisher, (ref claim, scoped key) => claim.Add(key, Time, [1.0])),
        Claimed(publisher, (ref claim, scoped key) => claim.AddBits(key, 1, bits)),
        Claimed(publisher, (ref claim, scoped key) => claim.AddBits(key, Time, bits)),
    ];

    private static Way Done(Publishing publish) => key =>
    {
        publish(key);
        return ValueTask.CompletedTask;
    };

    private static Way True(Trying publish) => key =>
    {
        Assert.True(publish(key));
        return ValueTask.CompletedTask;
    };

    private static Way Claimed(KeyedPublisher<string> publisher, Adding add) => key =>
    {
        var claim = publisher.Claim(1);
        try
        {
            add(ref claim, key);
            claim.Publish();
        }
        finally
        {
            claim.Dispose();
        }

        return ValueTask.CompletedTask;
    };

    private delegate void Publishing(EventKey<string> key);

    private delegate bool Trying(EventKey<string> key);

    private delegate void Adding(ref EventClaim<string> claim, scoped EventKey<string> key);

    private record Place(string Name, int Floor);

    private sealed record Town(string Name, int Floor) : Place(Name, Floor);

    private sealed class Run<TKey> : IAsyncDisposable
        where TKey : notnull
    {
        private readonly CollectingSink<TKey> _collector = new();

        public Run()
        {
            Processor = StreamProcessorBuilder.ForKeys<TKey>()
                .TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Sum("sum"))
                .WithOptions(Processors.Options(ExecutionMode.Inline))
                .To(_collector)
                .Build();
            Publisher = Processor.CreatePublisher("keys");
        }

        public StreamProcessor<TKey> Processor { get; }

        public KeyedPublisher<TKey> Publisher { get; }

        public async Task<List<string>> CountsAsync()
        {
            await Processor.StopAsync(StopMode.Complete, Token);
            return [.. _collector.Texts().Select(
                line => line.Replace("[0, 10) OnTime ", "", StringComparison.Ordinal))];
        }

        public ValueTask DisposeAsync() => Processor.DisposeAsync();
    }
}
