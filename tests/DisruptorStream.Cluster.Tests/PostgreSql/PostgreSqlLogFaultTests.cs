using System.Globalization;
using System.Text;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.PostgreSql.Logs;
using Npgsql;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>Servers that are killed and connections that are cut lose, double and mix up nothing.</summary>
public sealed class PostgreSqlLogFaultTests
{
    private const int Count = 600;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private static readonly PostgreSqlLogOptions Options = new()
    {
        CreateTables = true,
        PollInterval = TimeSpan.FromMilliseconds(20),
        Timeout = TimeSpan.FromSeconds(10),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_KilledAndStartedAgain_EachRecordIsThereOnceInOrder()
    {
        await using var server = await TestServer.StartAsync();
        await RunAsync(server, async () =>
        {
            await server.KillAsync();
            await server.StartAgainAsync();
        });
    }

    [Fact]
    public async Task Connections_AllCut_EachRecordIsThereOnceInOrder()
    {
        await using var server = await TestServer.StartAsync();
        await RunAsync(server, () => RunAsync(
            server,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                + "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"));
    }

    /// <summary>The append waits for the row of its partition when its connection is cut.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AppendAsync_CutInTheMiddle_IsNotFenced(bool isCut)
    {
        await using var server = await TestServer.StartAsync();
        await using var store = new PostgreSqlLogStore(
            server.ConnectionString, Options with { Timeout = TimeSpan.FromSeconds(isCut ? 30 : 1) });
        await store.CreateTopicAsync("calls", 1, Token);
        var log = await store.OpenAsync("calls", 0, Token);
        await log.AppendAsync(Record(0), 0, Token);
        await using (var holder = new NpgsqlConnection(server.ConnectionString))
        {
            await holder.OpenAsync(Token);
            await using var transaction = await holder.BeginTransactionAsync(Token);
            await using var hold = new NpgsqlCommand("SELECT FROM disruptorstream_partitions FOR UPDATE", holder);
            await hold.ExecuteNonQueryAsync(Token);
            var append = log.AppendAsync(Record(1), 1, Token).AsTask();
            while (isCut && !append.IsCompleted)
            {
                await RunAsync(
                    server, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
            }

            var failure = await Assert.ThrowsAsync<IOException>(() => append.WaitAsync(Bound, Token));
            Assert.Contains("not known whether the record behind 1", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, (await log.ReadLastAsync(Token))!.Value.Position);
        Assert.Equal(2, await log.AppendAsync(Record(1), 1, Token));
    }

    /// <summary>Appends to two partitions, in both ways, while they are followed and the server is hurt.</summary>
    private static async Task RunAsync(TestServer server, Func<Task> hurt)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(Bound);
        await using var store = new PostgreSqlLogStore(server.ConnectionString, Options);
        await using var other = new PostgreSqlLogStore(server.ConnectionString, Options);
        await store.CreateTopicAsync("calls", 2, Token);
        var logs = new[] { await store.OpenAsync("calls", 0, Token), await store.OpenAsync("calls", 1, Token) };
        var followers = new[]
        {
            FollowAsync(await other.OpenAsync("calls", 0, Token), bound.Token),
            FollowAsync(await other.OpenAsync("calls", 1, Token), bound.Token),
        };
        var appended = 0;
        var owner = Task.Run(() => OwnAsync(logs[0], () => Interlocked.Increment(ref appended), bound.Token), Token);
        var writer = Task.Run(() => WriteAsync(logs[1], bound.Token), Token);
        for (var round = 1; round <= 3; round++)
        {
            while (Volatile.Read(ref appended) < round * Count / 4 && !owner.IsCompleted)
                await Task.Delay(1, bound.Token);
            await hurt();
        }

        await Task.WhenAll(owner, writer);
        foreach (var read in await Task.WhenAll(followers))
            Assert.Equal(Enumerable.Range(0, Count), read);
        foreach (var log in logs)
            Assert.Equal(Enumerable.Range(0, Count), await ReadAsync(log));
    }

    /// <summary>As the owner of a partition does: behind the last record; where that is not known, it looks.</summary>
    private static async Task OwnAsync(IPartitionLog log, Action appended, CancellationToken cancellationToken)
    {
        var last = 0L;
        for (var number = 0; number < Count; number++)
        {
            while (true)
            {
                try
                {
                    last = await log.AppendAsync(Record(number), last, cancellationToken);
                    break;
                }
                catch (IOException)
                {
                    if (await LastAsync(log, cancellationToken) is { } there && NumberOf(there) == number)
                    {
                        last = there.Position;
                        break;
                    }
                }
            }

            appended();
        }
    }

    private static async Task<LogEntry?> LastAsync(IPartitionLog log, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await log.ReadLastAsync(cancellationToken);
            }
            catch (IOException)
            {
                await Task.Delay(5, cancellationToken);
            }
        }
    }

    private static async Task WriteAsync(IPartitionLog log, CancellationToken cancellationToken)
    {
        for (var number = 0; number < Count; number++)
        {
            while (true)
            {
                try
                {
                    await log.AppendAsync(Record(number), $"id-{number}", cancellationToken);
                    break;
                }
                catch (IOException)
                {
                    await Task.Delay(5, cancellationToken);
                }
            }
        }
    }

    private static async Task<List<int>> FollowAsync(IPartitionLog log, CancellationToken cancellationToken)
    {
        var read = new List<int>();
        await foreach (var entry in log.ReadAsync(0, follow: true, cancellationToken))
        {
            read.Add(NumberOf(entry));
            if (read.Count == Count)
                break;
        }

        return read;
    }

    private static async Task<List<int>> ReadAsync(IPartitionLog log)
    {
        var read = new List<int>();
        await foreach (var entry in log.ReadAsync(0, follow: false, Token))
            read.Add(NumberOf(entry));
        return read;
    }

    private static async Task RunAsync(TestServer server, string text)
    {
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static LogRecord Record(int number) =>
        new(Encoding.UTF8.GetBytes($"{number}".PadLeft(3_000)), [new("number", $"{number}")]);

    private static int NumberOf(LogEntry entry) =>
        int.Parse(Encoding.UTF8.GetString(entry.Record.Body.Span), CultureInfo.InvariantCulture);
}
