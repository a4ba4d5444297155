using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.Contracts;

/// <summary>What every store of checkpoints must give: derive from it for a kind of store.</summary>
public abstract class CheckpointStoreContract
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens a store; where there is a server, all tests may share it.</summary>
    protected abstract ValueTask<ICheckpointStore> OpenStoreAsync();

    [Fact]
    public async Task ReadAsync_NothingWritten_IsNull()
    {
        await using var store = await OpenStoreAsync();
        Assert.Null(await store.ReadAsync(NewName(), 0, Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_500_001)]
    public async Task WriteAsync_StateOfAnySize_IsReadAgain(int length)
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        var state = new byte[length];
        new Random(length).NextBytes(state);
        var before = DateTimeOffset.UtcNow;

        var first = await store.WriteAsync(topic, 3, At(7, 5, state), 0, Token);
        await EqualAsync(store, topic, 3, first, At(7, 5, state));
        Array.Reverse(state);
        var second = await store.WriteAsync(topic, 3, At(8, long.MaxValue, state), first, Token);

        await EqualAsync(store, topic, 3, second, At(8, long.MaxValue, state));
        Assert.True(first > 0 && second > first);
        var read = await store.ReadAsync(topic, 3, Token);
        Assert.InRange(read!.WrittenAt, before.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task FindAsync_AfterEachWrite_SaysWhichIsTheNewest()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        Assert.Null(await store.FindAsync(topic, 2, Token));
        var revision = 0L;
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            revision = await store.WriteAsync(topic, 2, At(epoch, epoch * 10, new byte[100_000]), revision, Token);
            var found = await store.FindAsync(topic, 2, Token);
            var read = await store.ReadAsync(topic, 2, Token);
            Assert.Equal(new CheckpointPlace(revision, read!.WrittenAt, epoch, epoch * 10), found);
        }

        Assert.Null(await store.FindAsync(topic, 1, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.FindAsync("a.b", 0, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.FindAsync(topic, -1, Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.FindAsync(topic, 0, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task WriteAsync_OtherRevision_IsFencedAndChangesNothing()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        await Assert.ThrowsAsync<PartitionFencedException>(
            async () => await store.WriteAsync(topic, 0, At(1, 1, [1]), 1, Token));
        Assert.Null(await store.ReadAsync(topic, 0, Token));

        var first = await store.WriteAsync(topic, 0, At(1, 1, [1]), 0, Token);
        await Assert.ThrowsAsync<PartitionFencedException>(
            async () => await store.WriteAsync(topic, 0, At(2, 2, [2]), 0, Token));
        var second = await store.WriteAsync(topic, 0, At(1, 3, [3]), first, Token);
        foreach (var stale in (long[])[0, first, second + 1])
        {
            await Assert.ThrowsAsync<PartitionFencedException>(
                async () => await store.WriteAsync(topic, 0, At(2, 4, [4]), stale, Token));
        }

        await EqualAsync(store, topic, 0, second, At(1, 3, [3]));
    }

    [Fact]
    public async Task WriteAsync_SeveralWithTheSameRevision_OneWins()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        var revision = 0L;
        for (var round = 0; round < 5; round++)
        {
            var replaced = revision;
            var written = await Task.WhenAll(Enumerable.Range(1, 4).Select(async writer =>
            {
                try
                {
                    return await store.WriteAsync(topic, 0, At(writer, round, [(byte)writer]), replaced, Token);
                }
                catch (PartitionFencedException)
                {
                    return 0;
                }
            }));

            revision = Assert.Single(written, one => one > 0);
            Assert.True(revision > replaced);
            var winner = Array.IndexOf(written, revision) + 1;
            await EqualAsync(store, topic, 0, revision, At(winner, round, [(byte)winner]));
        }
    }

    [Fact]
    public async Task WriteAsync_WhileOthersRead_TheySeeOneOrTheOtherWhole()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        var revision = await store.WriteAsync(topic, 0, Filled(0), 0, Token);
        var writing = Task.Run(
            async () =>
            {
                for (var number = 1; number <= 20; number++)
                    revision = await store.WriteAsync(topic, 0, Filled(number), revision, Token);
            },
            Token);

        var last = 0L;
        while (!writing.IsCompleted)
        {
            var read = (await store.ReadAsync(topic, 0, Token))!;
            Assert.False(read.Checkpoint.State.Span.ContainsAnyExcept((byte)read.Checkpoint.Position));
            Assert.True(read.Revision >= last);
            last = read.Revision;
        }

        await writing;
        Assert.Equal(20, (await store.ReadAsync(topic, 0, Token))!.Checkpoint.Position);

        static Checkpoint Filled(int number)
        {
            var state = new byte[300_000];
            Array.Fill(state, (byte)number);
            return At(1, number, state);
        }
    }

    [Fact]
    public async Task Places_OfOneTopicAndOfTwo_AreApart()
    {
        await using var store = await OpenStoreAsync();
        (string Topic, int Partition)[] places = [(NewName(), 0), (NewName(), 0)];
        places = [.. places, (places[0].Topic, 1)];
        var revisions = new List<long>();
        foreach (var (topic, partition) in places)
            revisions.Add(await store.WriteAsync(topic, partition, At(1, revisions.Count, [1]), 0, Token));
        for (var place = 0; place < places.Length; place++)
            await EqualAsync(store, places[place].Topic, places[place].Partition, revisions[place], At(1, place, [1]));
    }

    [Fact]
    public async Task WriteAsync_BytesAreTheCallersAgain_StoreKeepsWhatTheyWere()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        var bytes = new byte[] { 1, 2 };
        var revision = await store.WriteAsync(topic, 0, At(1, 1, bytes), 0, Token);
        bytes[0] = 9;
        await EqualAsync(store, topic, 0, revision, At(1, 1, [1, 2]));
    }

    [Fact]
    public async Task Calls_ThatCannotBe_AreRefused()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.ReadAsync("a.b", 0, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.ReadAsync(topic, -1, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await store.WriteAsync("a b", 0, At(1, 1, [1]), 0, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await store.WriteAsync(topic, -1, At(1, 1, [1]), 0, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await store.WriteAsync(topic, 0, At(1, 1, [1]), -1, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.WriteAsync(topic, 0, null!, 0, Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.ReadAsync(topic, 0, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.WriteAsync(topic, 0, At(1, 1, [1]), 0, cancelled));
        Assert.Null(await store.ReadAsync(topic, 0, Token));
    }

    protected static string NewName() => $"t-{Guid.NewGuid():N}";

    protected static Checkpoint At(long epoch, long position, byte[] state) =>
        new() { Epoch = epoch, Position = position, State = state };

    protected static async Task EqualAsync(
        ICheckpointStore store, string topic, int partition, long revision, Checkpoint expected)
    {
        var read = await store.ReadAsync(topic, partition, Token);
        Assert.NotNull(read);
        Assert.Equal(
            (revision, expected.Epoch, expected.Position),
            (read.Revision, read.Checkpoint.Epoch, read.Checkpoint.Position));
        Assert.True(expected.State.Span.SequenceEqual(read.Checkpoint.State.Span));
    }
}
