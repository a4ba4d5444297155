using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.Contracts;

/// <summary>How every log is read: derive from it for a kind of log.</summary>
public abstract class LogReadingContract : PartitionLogContract
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task ReadAsync_FromTheMiddle_BeginsBehindThePosition()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var positions = await FillAsync(log, 10);

        Assert.Equal(["5", "6", "7", "8", "9"], (await ReadAllAsync(log, positions[4])).Select(Text));
        Assert.Empty(await ReadAllAsync(log, positions[^1]));
    }

    [Fact]
    public async Task ReadAsync_NoFollow_EndsBehindWhatWasThereAtFirst()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var positions = await FillAsync(log, 3);
        var read = new List<string>();
        await foreach (var entry in log.ReadAsync(0, follow: false, Token))
        {
            // Nothing that comes meanwhile is read.
            read.Add(Text(entry));
            positions.Add(await log.AppendAsync(Record("later"), positions[^1], Token));
        }

        Assert.Equal(["0", "1", "2"], read);
    }

    [Fact]
    public async Task ReadAsync_Follow_SeesWhatComes()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var reader = log.ReadAsync(0, follow: true, stop.Token).GetAsyncEnumerator(Token);
        var last = 0L;
        for (var number = 0; number < 20; number++)
        {
            var next = reader.MoveNextAsync().AsTask();
            last = await log.AppendAsync(Record($"{number}"), last, Token);
            Assert.True(await next.WaitAsync(Bound, Token));
            Assert.Equal((last, $"{number}"), (reader.Current.Position, Text(reader.Current)));
        }

        var waiting = reader.MoveNextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Bound, Token));
    }

    [Fact]
    public async Task ReadAsync_FollowFromTheMiddleWhileOthersAppend_GivesEachOnceInOrder()
    {
        const int count = 2_000;
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var positions = await FillAsync(log, 10);
        var appending = Task.Run(
            async () =>
            {
                for (var number = 10; number < count; number += 50)
                {
                    await Task.WhenAll(Enumerable.Range(number, Math.Min(50, count - number)).Select(
                        one => log.AppendAsync(Record($"{one}"), $"id-{one}", Token).AsTask()));
                }
            },
            Token);

        var read = new List<LogEntry>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        stop.CancelAfter(Bound);
        await foreach (var entry in log.ReadAsync(positions[4], follow: true, stop.Token))
        {
            read.Add(entry);
            if (read.Count == count - 5)
                break;
        }

        await appending;
        Assert.Equal((await ReadAllAsync(log, positions[4])).Select(Told), read.Select(Told));
        Assert.Equal(count - 5, read.Select(Text).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(read.Select(entry => entry.Position).Order(), read.Select(entry => entry.Position));
    }

    [Fact]
    public async Task ReadAsync_SeveralReaders_EachSeesAll()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        await FillAsync(log, 300);

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAllAsync(log, 0)));

        Assert.All(all, one => Assert.Equal(300, one.Count));
        Assert.All(all, one => Assert.Equal(all[0].Select(Told), one.Select(Told)));
    }

    [Fact]
    public async Task ReadAsync_BodiesStayValid()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        var last = 0L;
        for (var number = 0; number < 40; number++)
        {
            var body = new byte[20_000];
            Array.Fill(body, (byte)number);
            last = await log.AppendAsync(new LogRecord(body, []), last, Token);
        }

        var entries = await ReadAllAsync(log, 0);
        await ReadAllAsync(log, 0);
        for (var number = 0; number < 40; number++)
            Assert.False(entries[number].Record.Body.Span.ContainsAnyExcept((byte)number));
    }

    [Fact]
    public async Task ReadAsync_RecordsAreGone_SaysSo()
    {
        await using var store = await OpenStoreAsync();
        var topic = await NewTopicAsync(store, 1);
        var log = await store.OpenAsync(topic, 0, Token);
        var positions = await FillAsync(log, 10);
        await TruncateAsync(store, topic, 0, positions[5]);

        Assert.Equal(["6", "7", "8", "9"], (await ReadAllAsync(log, 0)).Select(Text));
        Assert.Equal(["6", "7", "8", "9"], (await ReadAllAsync(log, positions[5])).Select(Text));
        Assert.Equal(["8", "9"], (await ReadAllAsync(log, positions[7])).Select(Text));
        await Assert.ThrowsAsync<LogTruncatedException>(() => ReadAllAsync(log, positions[4]));
        await Assert.ThrowsAsync<LogTruncatedException>(() => FirstAsync(log, positions[0]));
        Assert.Equal("9", Text((await log.ReadLastAsync(Token))!.Value));
    }

    [Fact]
    public async Task ReadAsync_AllRecordsAreGone_GoesOnBehindThem()
    {
        await using var store = await OpenStoreAsync();
        var topic = await NewTopicAsync(store, 1);
        var log = await store.OpenAsync(topic, 0, Token);
        var positions = await FillAsync(log, 4);
        await TruncateAsync(store, topic, 0, positions[^1]);

        Assert.Null(await log.ReadLastAsync(Token));
        Assert.Empty(await ReadAllAsync(log, 0));
        Assert.Empty(await ReadAllAsync(log, positions[^1]));
        await Assert.ThrowsAsync<LogTruncatedException>(() => ReadAllAsync(log, positions[0]));
        var next = await log.AppendAsync(Record("next"), 0, Token);
        Assert.True(next > positions[^1]);
        Assert.Equal(["next"], (await ReadAllAsync(log, positions[^1])).Select(Text));
    }

    [Fact]
    public async Task ReadAsync_PositionBehindTheEnd_SaysThatTheLogWasSetBack()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        await Assert.ThrowsAsync<LogTruncatedException>(() => ReadAllAsync(log, 1));
        var positions = await FillAsync(log, 3);

        await Assert.ThrowsAsync<LogTruncatedException>(() => ReadAllAsync(log, positions[^1] + 1));
        await Assert.ThrowsAsync<LogTruncatedException>(() => FirstAsync(log, positions[^1] + 1));
    }

    [Fact]
    public async Task Calls_TokenIsCancelled_End()
    {
        await using var store = await OpenStoreAsync();
        var topic = await NewTopicAsync(store, 1);
        var log = await store.OpenAsync(topic, 0, Token);
        var cancelled = new CancellationToken(canceled: true);
        Func<Task>[] calls =
        [
            async () => await store.CreateTopicAsync(topic, 1, cancelled),
            async () => await store.CountPartitionsAsync(topic, cancelled),
            async () => await store.OpenAsync(topic, 0, cancelled),
            async () => await log.ReadLastAsync(cancelled),
            async () => await log.AppendAsync(Record("x"), 0, cancelled),
            async () => await log.AppendAsync(Record("x"), "id", cancelled),
            async () => await log.ReadAsync(0, follow: false, cancelled).GetAsyncEnumerator(Token).MoveNextAsync(),
        ];

        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call().WaitAsync(Bound, Token));
        Assert.Null(await log.ReadLastAsync(Token));
    }

    [Fact]
    public async Task ReadAsync_GivenUpInTheMiddle_EndsAtOnce()
    {
        await using var store = await OpenStoreAsync();
        var log = await NewLogAsync(store);
        await FillAsync(log, 500);
        for (var round = 0; round < 20; round++)
            Assert.Equal("0", Text(await FirstAsync(log, 0).WaitAsync(Bound, Token)));
    }

    /// <summary>Appends "0", "1" and so on; gives the positions.</summary>
    protected static async Task<List<long>> FillAsync(IPartitionLog log, int count)
    {
        var positions = new List<long>(count);
        for (var number = 0; number < count; number++)
            positions.Add(await log.AppendAsync(Record($"{number}"), number == 0 ? 0 : positions[^1], Token));
        return positions;
    }

    protected static async Task<LogEntry> FirstAsync(IPartitionLog log, long after)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(Bound);
        await foreach (var entry in log.ReadAsync(after, follow: true, bound.Token))
            return entry;
        throw new InvalidOperationException("A reader that follows has ended.");
    }

    private static (long Position, string Text) Told(LogEntry entry) => (entry.Position, Text(entry));
}
