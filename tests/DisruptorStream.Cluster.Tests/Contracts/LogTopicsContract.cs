using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.Contracts;

/// <summary>How topics are made and found: derive from it for a kind of store.</summary>
public abstract class LogTopicsContract
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens a store; where there is a server, all tests may share it.</summary>
    protected abstract ValueTask<IPartitionLogStore> OpenStoreAsync();

    [Fact]
    public async Task CreateTopicAsync_AgainWithTheSameCount_FindsIt()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        Assert.Equal(0, await store.CountPartitionsAsync(topic, Token));

        await store.CreateTopicAsync(topic, 3, Token);
        var log = await store.OpenAsync(topic, 2, Token);
        await log.AppendAsync(new LogRecord(new byte[1], []), 0, Token);
        await store.CreateTopicAsync(topic, 3, Token);

        Assert.Equal(3, await store.CountPartitionsAsync(topic, Token));
        Assert.NotNull(await log.ReadLastAsync(Token));
    }

    [Fact]
    public async Task CreateTopicAsync_AnotherCount_IsRefused()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        await store.CreateTopicAsync(topic, 3, Token);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.CreateTopicAsync(topic, 4, Token));

        Assert.Equal(TopicNames.OtherCount(topic, 3, 4).Message, refused.Message);
        Assert.Equal(3, await store.CountPartitionsAsync(topic, Token));
    }

    [Fact]
    public async Task CreateTopicAsync_SeveralAtOnceWithOtherCounts_OneCountWins()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();

        var failures = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            async number => (Count: number % 3 + 1, Failure: await Xunit.Record.ExceptionAsync(
                async () => await store.CreateTopicAsync(topic, number % 3 + 1, Token)))));

        var won = await store.CountPartitionsAsync(topic, Token);
        Assert.InRange(won, 1, 3);
        foreach (var (count, failure) in failures)
        {
            if (count == won)
                Assert.Null(failure);
            else
                Assert.Equal(TopicNames.OtherCount(topic, won, count).Message, failure?.Message);
        }

        for (var partition = 0; partition < won; partition++)
            Assert.Null(await (await store.OpenAsync(topic, partition, Token)).ReadLastAsync(Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a*")]
    [InlineData(">")]
    [InlineData("ü")]
    [InlineData("a'b")]
    public async Task Names_ThatCannotBe_AreRefused(string name)
    {
        await using var store = await OpenStoreAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.CreateTopicAsync(name, 1, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.CountPartitionsAsync(name, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.OpenAsync(name, 0, Token));
    }

    [Fact]
    public async Task Names_OfTheLongest_AndOneLonger()
    {
        await using var store = await OpenStoreAsync();
        var name = NewName().PadRight(IPartitionLogStore.MaxNameLength, 'x');

        await store.CreateTopicAsync(name, 1, Token);

        Assert.Equal(1, await store.CountPartitionsAsync(name, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await store.CreateTopicAsync($"{name}x", 1, Token));
    }

    [Fact]
    public async Task Names_ThatDifferInLetters_AreOthers()
    {
        await using var store = await OpenStoreAsync();
        var name = NewName();
        await store.CreateTopicAsync($"{name}_A-1", 2, Token);
        await store.CreateTopicAsync($"{name}_a-1", 3, Token);

        Assert.Equal(2, await store.CountPartitionsAsync($"{name}_A-1", Token));
        Assert.Equal(3, await store.CountPartitionsAsync($"{name}_a-1", Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(IPartitionLogStore.MaxPartitions + 1)]
    public async Task Counts_ThatCannotBe_AreRefused(int count)
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.CreateTopicAsync(topic, count, Token));

        Assert.Equal(0, await store.CountPartitionsAsync(topic, Token));
    }

    [Fact]
    public async Task OpenAsync_NoSuchTopicOrPartition_SaysWhatIsThere()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        var none = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.OpenAsync(topic, 0, Token));
        await store.CreateTopicAsync(topic, 2, Token);
        var behind = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.OpenAsync(topic, 2, Token));

        Assert.Equal(TopicNames.NotThere(topic, 0, 0).Message, none.Message);
        Assert.Equal(TopicNames.NotThere(topic, 2, 2).Message, behind.Message);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.OpenAsync(topic, -1, Token));
    }

    /// <summary>A name that no other test has.</summary>
    protected static string NewName() => $"t-{Guid.NewGuid():N}";
}
