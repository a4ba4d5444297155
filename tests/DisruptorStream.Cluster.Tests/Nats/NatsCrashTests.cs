using System.Buffers.Binary;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Nats.Logs;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>The broker is killed and the network is cut: nothing is lost, doubled, or out of order.</summary>
public sealed class NatsCrashTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_BrokerIsKilledAgainAndAgain_EachRecordIsThereOnce()
    {
        await using var server = await NatsServer.StartAsync();
        await using var store = NewStore(server.Url);
        var topic = await NewTopicAsync(server.Url);
        using var stop = new CancellationTokenSource(Bound);
        var followed = FollowAsync(server.Url, topic, 0, stop);
        var appending = AppendAllAsync(await OpenAsync(store, topic), stop.Token);
        var kills = 0;
        while (!appending.IsCompleted && kills < 4)
        {
            await Task.Delay(150 + (kills * 40), Token);
            await server.CrashAsync();
            kills++;
        }

        var count = await appending;

        // On a busy machine a kill takes longer than the appends.
        Assert.InRange(kills, 1, 4);
        await EndAsync(await OpenAsync(store, topic), count, stop.Token);
        Assert.Equal(Enumerable.Range(0, count), await followed);
        Assert.Equal(Enumerable.Range(0, count), await AllAsync(server.Url, topic, 0));
    }

    [Fact]
    public async Task AppendWithIds_BrokerIsKilledAgainAndAgain_EachRecordIsThereOnce()
    {
        const int count = 3_000;
        await using var server = await NatsServer.StartAsync();
        await using var store = NewStore(server.Url);
        var topic = await NewTopicAsync(server.Url);
        using var stop = new CancellationTokenSource(Bound);
        var followed = FollowAsync(server.Url, topic, 0, stop);
        var log = await OpenAsync(store, topic);
        var next = -1;
        var appending = Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () =>
            {
                int number;
                while ((number = Interlocked.Increment(ref next)) < count)
                    await AppendUntilAsync(log, number, stop.Token);
            },
            Token)));
        for (var kill = 0; kill < 4 && !appending.IsCompleted; kill++)
        {
            await Task.Delay(60, Token);
            await server.CrashAsync();
        }

        await appending;
        await EndAsync(log, count, stop.Token);
        var read = await followed;
        Assert.Equal(Enumerable.Range(0, count), read.Order());
        Assert.Equal(read, await AllAsync(server.Url, topic, 0));
    }

    [Fact]
    public async Task Follow_ConnectionIsCutAgainAndAgain_GivesEachOnceInOrder()
    {
        await using var server = await NatsServer.StartAsync();
        await using var pipe = new Pipe(server.Url);
        await using var store = NewStore(server.Url);
        var topic = await NewTopicAsync(server.Url);
        using var stop = new CancellationTokenSource(Bound);
        var followed = FollowAsync(pipe.Url, topic, 0, stop);
        await using var cut = NewStore(pipe.Url);
        var appending = AppendAllAsync(await OpenAsync(cut, topic), stop.Token);
        var cuts = 0;
        while (!appending.IsCompleted && cuts < 8)
        {
            await Task.Delay(100, Token);
            pipe.Cut();
            cuts++;
        }

        var count = await appending;
        await EndAsync(await OpenAsync(store, topic), count, stop.Token);
        Assert.Equal(Enumerable.Range(0, count), await followed);
        Assert.Equal(Enumerable.Range(0, count), await AllAsync(server.Url, topic, 0));
    }

    [Fact]
    public async Task Read_ConnectionIsCutInTheMiddle_GivesEachOnceInOrder()
    {
        const int count = 1_500;
        await using var server = await NatsServer.StartAsync();
        await using var pipe = new Pipe(server.Url);
        await using var store = NewPatientStore(server.Url);
        var topic = await NewTopicAsync(server.Url);
        var log = await OpenAsync(store, topic);
        for (var number = 0; number < count; number += 50)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(
                one => log.AppendAsync(new LogRecord(new byte[20_000], []), $"{number + one}", Token).AsTask()));
        }

        await using var cut = NewStore(pipe.Url, seconds: 5);
        var positions = new List<long>();
        await foreach (var entry in (await OpenAsync(cut, topic)).ReadAsync(0, follow: false, Token))
        {
            positions.Add(entry.Position);
            if (positions.Count % 300 == 0)
                pipe.Cut();
        }

        Assert.Equal(Enumerable.Range(1, count).Select(number => (long)number), positions);
    }

    [Fact]
    public async Task Follow_ConsumerIsForgotten_IsMadeAgain()
    {
        await using var server = await NatsServer.StartAsync();
        await using var store = NewStore(server.Url);
        var topic = await NewTopicAsync(server.Url);
        using var stop = new CancellationTokenSource(Bound);
        var followed = FollowAsync(server.Url, topic, 0, stop);
        var log = await OpenAsync(store, topic);
        for (var number = 0; number < 3; number++)
        {
            await AppendUntilAsync(log, number, stop.Token);
            await Task.Delay(300, Token);
            await NatsTools.DeleteConsumersAsync(server.Url, $"ds_{topic}_0", Token);
        }

        await EndAsync(log, 3, stop.Token);
        Assert.Equal([0, 1, 2], await followed);
    }

    [Fact]
    public async Task Append_BrokerIsAway_SaysSoInTimeAndGoesOnLater()
    {
        await using var server = await NatsServer.StartAsync();
        await using var store = NewStore(server.Url);
        var topic = await NewTopicAsync(server.Url);
        var log = await OpenAsync(store, topic);
        await server.KillAsync();
        var failed = await Assert.ThrowsAsync<IOException>(
            async () => await log.AppendAsync(Record(0), 0, Token));
        Assert.Contains($"the NATS server {server.Url}", failed.Message);
        await Assert.ThrowsAsync<IOException>(
            async () => await log.ReadAsync(0, follow: false, Token).GetAsyncEnumerator(Token).MoveNextAsync());
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await log.ReadAsync(
            0, follow: true, cancelled.Token).GetAsyncEnumerator(Token).MoveNextAsync());

        await server.RestartAsync();
        using var bound = new CancellationTokenSource(Bound);
        await AppendUntilAsync(log, 0, bound.Token);
    }

    /// <summary>One whose calls fail soon, and are tried again by the tests.</summary>
    private static NatsLogStore NewStore(string url, int seconds = 1) =>
        new(new NatsLogOptions { Url = url, Timeout = TimeSpan.FromSeconds(seconds) });

    /// <summary>One whose calls are to succeed, however busy the machine is.</summary>
    private static NatsLogStore NewPatientStore(string url) =>
        new(new NatsLogOptions { Url = url, Timeout = TimeSpan.FromSeconds(30) });

    private static async Task<string> NewTopicAsync(string url)
    {
        var topic = $"t-{Guid.NewGuid():N}";
        await using var store = NewPatientStore(url);
        await store.CreateTopicAsync(topic, 1, Token);
        return topic;
    }

    private static async Task<IPartitionLog> OpenAsync(NatsLogStore store, string topic)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            try
            {
                return await store.OpenAsync(topic, 0, Token);
            }
            catch (IOException)
            {
                await Task.Delay(20, bound.Token);
            }
        }
    }

    private static LogRecord Record(int number)
    {
        var body = new byte[1_000];
        BinaryPrimitives.WriteInt32LittleEndian(body, number);
        return new LogRecord(body, [new("number", $"{number}")]);
    }

    private static int NumberOf(LogEntry entry)
    {
        var number = BinaryPrimitives.ReadInt32LittleEndian(entry.Record.Body.Span);
        Assert.Equal($"{number}", entry.Record.Header("number"));
        return number;
    }

    /// <summary>One owner appends for two seconds, each behind the last one, and asks after each failure.</summary>
    private static async Task<int> AppendAllAsync(IPartitionLog log, CancellationToken token)
    {
        var since = TimeProvider.System.GetTimestamp();
        var (last, number) = (0L, 0);
        for (; TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(2); number++)
        {
            for (var isThere = false; !isThere;)
            {
                try
                {
                    last = await log.AppendAsync(Record(number), last, token);
                    isThere = true;
                }
                catch (Exception failure) when (failure is IOException or PartitionFencedException)
                {
                    // Also fenced: an append that was given up may come after all.
                    var there = await LastAsync(log, token);
                    isThere = there is { } entry && NumberOf(entry) == number;
                    Assert.True(isThere || (there?.Position ?? 0) == last, "The log has something else.");
                    last = there?.Position ?? 0;
                }
            }
        }

        return number;
    }

    private static async Task<LogEntry?> LastAsync(IPartitionLog log, CancellationToken token)
    {
        while (true)
        {
            try
            {
                return await log.ReadLastAsync(token);
            }
            catch (IOException)
            {
                await Task.Delay(20, token);
            }
        }
    }

    private static async Task AppendUntilAsync(IPartitionLog log, int number, CancellationToken token)
    {
        while (true)
        {
            try
            {
                await log.AppendAsync(Record(number), $"id-{number}", token);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(20, token);
            }
        }
    }

    /// <summary>A last record, with which followers end.</summary>
    private static async Task EndAsync(IPartitionLog log, int count, CancellationToken token)
    {
        while (true)
        {
            try
            {
                await log.AppendAsync(new LogRecord(default, [new("end", $"{count}")]), "end", token);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(20, token);
            }
        }
    }

    /// <summary>Follows, and begins again behind the last record where it throws, until the end.</summary>
    private static async Task<List<int>> FollowAsync(
        string url, string topic, int partition, CancellationTokenSource stop)
    {
        var (read, last) = (new List<int>(), 0L);
        await using var store = NewStore(url);
        while (true)
        {
            try
            {
                var log = await store.OpenAsync(topic, partition, stop.Token);
                await foreach (var entry in log.ReadAsync(last, follow: true, stop.Token))
                {
                    Assert.True(entry.Position > last);
                    last = entry.Position;
                    if (entry.Record.Header("end") is not null)
                        return read;
                    read.Add(NumberOf(entry));
                }
            }
            catch (IOException)
            {
                await Task.Delay(20, stop.Token);
            }
        }
    }

    private static async Task<List<int>> AllAsync(string url, string topic, int partition)
    {
        var read = new List<int>();
        await using var store = NewPatientStore(url);
        await foreach (var entry in (await store.OpenAsync(topic, partition, Token)).ReadAsync(0, follow: false, Token))
        {
            if (entry.Record.Header("end") is null)
                read.Add(NumberOf(entry));
        }

        return read;
    }
}
