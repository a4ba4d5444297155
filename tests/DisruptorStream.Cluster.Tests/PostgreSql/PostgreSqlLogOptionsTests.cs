using DisruptorStream.Cluster.Logs;
using DisruptorStream.PostgreSql.Logs;
using Npgsql;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>What the options of a log in tables say holds, and what cannot be is refused.</summary>
public sealed class PostgreSqlLogOptionsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly SharedServer _server;

    public PostgreSqlLogOptionsTests(SharedServer server) => _server = server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateTables_False_SaysHowToMakeThem()
    {
        var schema = await _server.NewSchemaAsync();
        await using var store = await NewStoreAsync(new PostgreSqlLogOptions { Schema = schema });

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.CreateTopicAsync("calls", 1, Token));
        await _server.RunAsync(refused.Message[refused.Message.IndexOf("CREATE", StringComparison.Ordinal)..]);

        await store.CreateTopicAsync("calls", 1, Token);
        var log = await store.OpenAsync("calls", 0, Token);
        Assert.Equal(1, await log.AppendAsync(Record(1), 0, Token));
    }

    [Fact]
    public async Task CreateTables_SeveralStoresAtOnce_AllGoWell()
    {
        var options = new PostgreSqlLogOptions { Schema = await _server.NewSchemaAsync(), CreateTables = true };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var store = await NewStoreAsync(options);
            await store.CreateTopicAsync("calls", 3, Token);
        }));
    }

    [Fact]
    public async Task AllowsAsynchronousCommit_False_RefusesServerThatAnswersTooEarly()
    {
        var options = new PostgreSqlLogOptions { Schema = await _server.NewSchemaAsync(), CreateTables = true };
        var early = $"{await _server.ConnectionStringAsync()};Options=-c synchronous_commit=off";
        await using var store = new PostgreSqlLogStore(early, options);
        await using var allowing = new PostgreSqlLogStore(early, options with { AllowsAsynchronousCommit = true });

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.CountPartitionsAsync("calls", Token));

        Assert.Contains("synchronous_commit", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await allowing.CountPartitionsAsync("calls", Token));
    }

    /// <summary>The readers would look by themselves a minute later.</summary>
    [Fact]
    public async Task Notifies_True_WakesReadersOfOtherStores() => await FollowAsync(
        new PostgreSqlLogOptions { CreateTables = true, PollInterval = TimeSpan.FromMinutes(1) });

    [Fact]
    public async Task Notifies_False_ReadersLookByThemselves() => await FollowAsync(
        new PostgreSqlLogOptions
        {
            CreateTables = true,
            Notifies = false,
            PollInterval = TimeSpan.FromMilliseconds(5),
        });

    [Fact]
    public async Task DataSource_Given_StaysOpenAndIsEnough()
    {
        await using var source = NpgsqlDataSource.Create(
            $"{await _server.ConnectionStringAsync()};Maximum Pool Size=2");
        var store = new PostgreSqlLogStore(source, new PostgreSqlLogOptions { CreateTables = true });
        var topic = $"t-{Guid.NewGuid():N}";
        await store.CreateTopicAsync(topic, 1, Token);
        var log = await store.OpenAsync(topic, 0, Token);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(
            number => log.AppendAsync(Record(number), $"{number}", Token).AsTask()));
        await using var reader = log.ReadAsync(0, follow: true, Token).GetAsyncEnumerator(Token);
        for (var read = 0; read < 50; read++)
            Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(Bound, Token));
        var waiting = reader.MoveNextAsync().AsTask();

        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Bound, Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.AppendAsync(Record(1), 50, Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await store.CountPartitionsAsync(topic, Token));
        await using var connection = await source.OpenConnectionAsync(Token);
    }

    [Fact]
    public async Task TruncateAsync_IdsThatMayBeAskedForStill_Stay()
    {
        await using var store = await NewStoreAsync(new PostgreSqlLogOptions { CreateTables = true });
        var topic = $"t-{Guid.NewGuid():N}";
        await store.CreateTopicAsync(topic, 1, Token);
        var log = await store.OpenAsync(topic, 0, Token);
        await log.AppendAsync(Record(1), 0, Token);
        await log.AppendAsync(Record(2), "two", Token);
        await log.AppendAsync(Record(3), 2, Token);

        Assert.Equal(1, await store.TruncateAsync(topic, 0, 3, Token));
        Assert.Equal(2, await log.AppendAsync(Record(2), "two", Token));
        Assert.Equal(1, await store.TruncateAsync(topic, 0, 0, Token));
    }

    [Fact]
    public async Task TruncateAsync_ThousandsOfRecords_TheirRowsAreGone()
    {
        var schema = await _server.NewSchemaAsync();
        await using var store = await NewStoreAsync(
            new PostgreSqlLogOptions { CreateTables = true, Schema = schema });
        await store.CreateTopicAsync("calls", 1, Token);
        await _server.RunAsync(
            $"INSERT INTO {schema}.disruptorstream_records (topic, partition, position, headers, body) "
            + "SELECT 1, 0, n, '', '' FROM generate_series(1, 5000) n; "
            + $"UPDATE {schema}.disruptorstream_partitions SET last = 5000");

        Assert.Equal(4_999, await store.TruncateAsync("calls", 0, 4_999, Token));
        Assert.Equal(1L, await _server.RunAsync($"SELECT count(*) FROM {schema}.disruptorstream_records"));
        Assert.Equal(5_000, await store.TruncateAsync("calls", 0, long.MaxValue, Token));
        Assert.Equal(0L, await _server.RunAsync($"SELECT count(*) FROM {schema}.disruptorstream_records"));
    }

    [Fact]
    public async Task AppendAsync_LargerThanALogTakes_IsRefused()
    {
        await using var store = await NewStoreAsync(new PostgreSqlLogOptions { CreateTables = true });
        var topic = $"t-{Guid.NewGuid():N}";
        await store.CreateTopicAsync(topic, 1, Token);
        var log = await store.OpenAsync(topic, 0, Token);

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await log.AppendAsync(new LogRecord(new byte[(64 << 20) + 1], []), 0, Token));
        Assert.Null(await log.ReadLastAsync(Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_001)]
    public void MaxConnections_OutOfRange_IsRefused(int value) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new PostgreSqlLogOptions { MaxConnections = value });

    private static LogRecord Record(int number) => new(BitConverter.GetBytes(number), []);

    private async Task<PostgreSqlLogStore> NewStoreAsync(PostgreSqlLogOptions options) =>
        new(await _server.ConnectionStringAsync(), options);

    private async Task FollowAsync(PostgreSqlLogOptions options)
    {
        await using var store = await NewStoreAsync(options);
        await using var other = await NewStoreAsync(options);
        var topic = $"t-{Guid.NewGuid():N}";
        await store.CreateTopicAsync(topic, 1, Token);
        var (log, others) = (await store.OpenAsync(topic, 0, Token), await other.OpenAsync(topic, 0, Token));
        await using var reader = log.ReadAsync(0, follow: true, Token).GetAsyncEnumerator(Token);
        for (var number = 0; number < 5; number++)
        {
            var next = reader.MoveNextAsync().AsTask();
            await others.AppendAsync(Record(number), number, Token);
            Assert.True(await next.WaitAsync(Bound, Token));
            Assert.Equal(number + 1, reader.Current.Position);
        }
    }
}
