using System.Text;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.Contracts;

/// <summary>What every log must give: derive from it for a kind of log.</summary>
/// <remarks>Each test has a topic of its own, so that all can share a server.</remarks>
public abstract class PartitionLogContract
{
    private static readonly KeyValuePair<string, string>[] NoHeaders = [];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A body that every log takes, in bytes.</summary>
    protected virtual int LargeBodyBytes => 700_000;

    /// <summary>Opens a store; where there is a server, all tests may share it.</summary>
    protected abstract ValueTask<IPartitionLogStore> OpenStoreAsync();

    /// <summary>Lets the server forget the first records of a partition, up to a position.</summary>
    protected abstract ValueTask TruncateAsync(IPartitionLogStore store, string topic, int partition, long through);

    [Fact]
    public async Task ReadLastAsync_EmptyLog_IsNull()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);

        Assert.Null(await log.ReadLastAsync(Token));
        Assert.Empty(await ReadAllAsync(log, 0));
    }

    [Fact]
    public async Task AppendAsync_BehindTheLast_GrowsAndIsSeenAtOnce()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var last = 0L;
        for (var number = 1; number <= 20; number++)
        {
            var position = await log.AppendAsync(Record($"body {number}"), last, Token);
            Assert.True(position > last);
            var read = await log.ReadLastAsync(Token);
            Assert.Equal((position, $"body {number}"), (read!.Value.Position, Text(read.Value)));
            last = position;
        }

        var entries = await ReadAllAsync(log, 0);
        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"body {number}"), entries.Select(Text));
        Assert.Equal(last, entries[^1].Position);
    }

    [Fact]
    public async Task AppendAsync_StalePosition_IsFencedAndChangesNothing()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var first = await log.AppendAsync(Record("1"), 0, Token);
        var second = await log.AppendAsync(Record("2"), first, Token);

        foreach (var stale in (long[])[0, first, second + 1])
        {
            await Assert.ThrowsAsync<PartitionFencedException>(
                async () => await log.AppendAsync(Record("not there"), stale, Token));
        }

        Assert.Equal(["1", "2"], (await ReadAllAsync(log, 0)).Select(Text));
        await log.AppendAsync(Record("3"), second, Token);
        Assert.Equal(["1", "2", "3"], (await ReadAllAsync(log, 0)).Select(Text));
    }

    [Fact]
    public async Task AppendAsync_TwoOwnersRace_OneGetsEachPlace()
    {
        await using var store = await OpenStoreAsync();
        await using var otherStore = await OpenStoreAsync();
        var topic = await NewTopicAsync(store, 1);
        var mine = await store.OpenAsync(topic, 0, Token);
        var others = ReferenceEquals(store, otherStore) ? mine : await TryOpenAsync(otherStore, topic) ?? mine;

        var won = (await Task.WhenAll(RaceAsync(mine, "a", 40), RaceAsync(others, "b", 40))).SelectMany(x => x);

        var entries = await ReadAllAsync(mine, 0);
        Assert.Equal(40, entries.Count);
        Assert.Equal(won.Order(StringComparer.Ordinal), entries.Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(entries.Count, entries.Select(entry => entry.Position).Distinct().Count());
    }

    [Fact]
    public async Task AppendAsync_SameId_IsThereOnce()
    {
        await using var store = await OpenStoreAsync();
        var topic = await NewTopicAsync(store, 2);
        var log = await store.OpenAsync(topic, 0, Token);
        var other = await store.OpenAsync(topic, 1, Token);

        var first = await log.AppendAsync(Record("1"), "id 1", Token);
        var second = await log.AppendAsync(Record("2"), "id 2", Token);
        Assert.Equal(first, await log.AppendAsync(Record("1"), "id 1", Token));
        Assert.Equal(second, await log.AppendAsync(Record("2"), "id 2", Token));
        await other.AppendAsync(Record("other"), "id 1", Token);

        Assert.Equal(["1", "2"], (await ReadAllAsync(log, 0)).Select(Text));
        Assert.Equal(["other"], (await ReadAllAsync(other, 0)).Select(Text));
        await log.AppendAsync(Record("3"), second, Token);
        Assert.Equal(3, (await ReadAllAsync(log, 0)).Count);
    }

    [Fact]
    public async Task AppendAsync_ManyIdsAtOnce_AllAreThereOnce()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);

        var positions = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            number => log.AppendAsync(Record($"{number / 2}"), $"{number / 2}", Token).AsTask()));

        Assert.Equal(100, positions.Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, 100).Select(number => $"{number}").Order(StringComparer.Ordinal),
            (await ReadAllAsync(log, 0)).Select(Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AppendAsync_BytesAreTheCallersAgain_LogKeepsWhatTheyWere()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var bytes = new byte[] { 1, 2, 3 };
        var position = await log.AppendAsync(new LogRecord(bytes, NoHeaders), 0, Token);
        bytes[0] = 9;
        await log.AppendAsync(new LogRecord(bytes, NoHeaders), position, Token);
        bytes[0] = 8;

        var entries = await ReadAllAsync(log, 0);
        Assert.Equal([1, 9], entries.Select(entry => entry.Record.Body.Span[0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task AppendAsync_BodyOfAnySize_IsTheSame(int length)
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var body = new byte[length < 0 ? LargeBodyBytes : length];
        new Random(7).NextBytes(body);

        var position = await log.AppendAsync(new LogRecord(body, null!), 0, Token);
        await log.AppendAsync(new LogRecord(body, [new("kind", "b")]), position, Token);

        var entries = await ReadAllAsync(log, 0);
        Assert.All(entries, entry => Assert.Equal(body, entry.Record.Body.ToArray()));
        Assert.Equal(body, (await log.ReadLastAsync(Token))!.Value.Record.Body.ToArray());
        Assert.Empty(entries[0].Record.Headers);
        Assert.Equal("b", entries[1].Record.Header("kind"));
    }

    [Fact]
    public async Task AppendAsync_Headers_AreKeptInTheirOrder()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        KeyValuePair<string, string>[] headers =
        [
            new("z", "1"), new("Epoch", ""), new("a-b_C9", "a: b, \"c\"; = {x}  y~!"), new("b", "9223372036854775807"),
        ];

        await log.AppendAsync(new LogRecord(new byte[3], headers), 0, Token);
        await log.AppendAsync(new LogRecord(default, headers), "with an id", Token);

        foreach (var entry in await ReadAllAsync(log, 0))
            Assert.Equal(headers, entry.Record.Headers);
        Assert.Equal(headers, (await log.ReadLastAsync(Token))!.Value.Record.Headers);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("a:b", "x")]
    [InlineData("a b", "x")]
    [InlineData("Nats-Msg-Id", "x")]
    [InlineData("a", "line\nfeed")]
    [InlineData("a", "ü")]
    [InlineData("a", " padded")]
    [InlineData("twice", "x")]
    public async Task AppendAsync_HeaderThatCannotBe_IsRefused(string name, string value)
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var record = new LogRecord(default, [new("Twice", "1"), new(name, value)]);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await log.AppendAsync(record, 0, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await log.AppendAsync(record, "id", Token));
        Assert.Null(await log.ReadLastAsync(Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("line\nfeed")]
    [InlineData(" padded")]
    public async Task AppendAsync_IdThatCannotBe_IsRefused(string id)
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await log.AppendAsync(Record("x"), id, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await log.AppendAsync(Record("x"), new string('x', LogRecords.MaxIdLength + 1), Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await log.AppendAsync(Record("x"), -1, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAllAsync(log, -1));
        Assert.Null(await log.ReadLastAsync(Token));
    }

    [Fact]
    public async Task Partitions_OfOneTopicAndOfTwo_AreApart()
    {
        await using var store = await OpenStoreAsync();
        var (one, two) = (await NewTopicAsync(store, 2), await NewTopicAsync(store, 1));
        (string Topic, int Partition)[] places = [(one, 0), (one, 1), (two, 0)];
        foreach (var (topic, partition) in places)
        {
            var log = await store.OpenAsync(topic, partition, Token);
            Assert.Equal($"{topic}/{partition}", log.Name);
            await log.AppendAsync(Record(log.Name), 0, Token);
        }

        foreach (var (topic, partition) in places)
        {
            var log = await store.OpenAsync(topic, partition, Token);
            Assert.Equal([log.Name], (await ReadAllAsync(log, 0)).Select(Text));
            Assert.Equal(log.Name, Text((await log.ReadLastAsync(Token))!.Value));
        }
    }

    /// <summary>A topic that no other test has.</summary>
    protected static async Task<string> NewTopicAsync(IPartitionLogStore store, int partitions)
    {
        var topic = $"t-{Guid.NewGuid():N}";
        await store.CreateTopicAsync(topic, partitions, Token);
        return topic;
    }

    protected static async Task<IPartitionLog> NewLogAsync(IPartitionLogStore store) =>
        await store.OpenAsync(await NewTopicAsync(store, 1), 0, Token);

    protected static LogRecord Record(string text) => new(Encoding.UTF8.GetBytes(text), NoHeaders);

    protected static string Text(LogEntry entry) => Encoding.UTF8.GetString(entry.Record.Body.Span);

    protected static async Task<List<LogEntry>> ReadAllAsync(IPartitionLog log, long after)
    {
        var entries = new List<LogEntry>();
        await foreach (var entry in log.ReadAsync(after, follow: false, Token))
            entries.Add(entry);
        return entries;
    }

    /// <summary>Appends behind whatever is there until the log has so many; gives what it has appended.</summary>
    private static async Task<List<string>> RaceAsync(IPartitionLog log, string owner, int count)
    {
        var won = new List<string>();
        while (true)
        {
            var there = await ReadAllAsync(log, 0);
            if (there.Count >= count)
                return won;
            try
            {
                var text = $"{owner} {there.Count}";
                await log.AppendAsync(Record(text), there.Count == 0 ? 0 : there[^1].Position, Token);
                won.Add(text);
            }
            catch (PartitionFencedException)
            {
                // The other one was there first.
            }
        }
    }

    /// <summary>Null where the other store has memory of its own.</summary>
    private static async Task<IPartitionLog?> TryOpenAsync(IPartitionLogStore store, string topic) =>
        await store.CountPartitionsAsync(topic, Token) > 0 ? await store.OpenAsync(topic, 0, Token) : null;
}
