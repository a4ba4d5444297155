using System.Globalization;
using DisruptorStream.PostgreSql.Sources;
using DisruptorStream.Sources;
using Npgsql;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>Each row is given once and in one order, whenever it becomes visible.</summary>
public sealed class PostgreSqlSourceTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly SharedServer _server;

    public PostgreSqlSourceTests(SharedServer server) => _server = server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 1_000)]
    [InlineData(true, 3)]
    [InlineData(true, 1_000)]
    public async Task OpenAsync_AtAPosition_GoesOnBehindIt(bool hasTransactions, int batchEvents)
    {
        var table = await EventTable.NewAsync(_server);
        await using var writer = await table.ConnectAsync();
        await table.RunAsync(writer, "INSERT INTO events (text) SELECT 'x' FROM generate_series(1, 50)");
        var source = table.Source(hasTransactions, new PostgreSqlSourceOptions { Follows = false, PageRows = 7 });
        var expected = Enumerable.Range(1, 50).Select(number => $"{number} x").ToList();

        var (all, end) = await EventTable.ReadAsync(source, SourcePosition.Start, batchEvents, Token);
        Assert.Equal(expected, all);
        await using (var reader = await source.OpenAsync(SourcePosition.Start, Token))
        {
            var batch = new SourceBatch<string>(20);
            Assert.True(await reader.ReadAsync(batch, Token));
            var (rest, _) = await EventTable.ReadAsync(source, reader.Position, batchEvents, Token);
            Assert.Equal(expected, [.. batch.Events.ToArray(), .. rest]);
        }

        await table.AddAsync(writer, "y");
        Assert.Equal(["51 y"], (await EventTable.ReadAsync(source, end, batchEvents, Token)).Rows);
        Assert.Empty((await EventTable.ReadAsync(
            source, (await EventTable.ReadAsync(source, end, batchEvents, Token)).Position, 1, Token)).Rows);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task ReadAsync_TransactionThatCommitsLate_IsWaitedFor(bool hasTransactions, bool isCommitted)
    {
        var table = await EventTable.NewAsync(_server);
        await using var late = await table.ConnectAsync();
        await using var early = await table.ConnectAsync();
        await table.AddAsync(early, "first");
        await table.RunAsync(late, "BEGIN");
        await table.AddAsync(late, "late");
        await table.AddAsync(early, "early");

        var reading = EventTable.ReadAsync(table.Source(hasTransactions), SourcePosition.Start, 10, Token);
        await using (var reader = await table.Source(hasTransactions, Following).OpenAsync(SourcePosition.Start, Token))
        {
            // What is before the transaction may be given; what is behind it is not.
            for (var round = 0; round < 20; round++)
            {
                var batch = new SourceBatch<string>(10);
                Assert.True(await reader.ReadAsync(batch, Token));
                Assert.DoesNotContain("3 early", batch.Events.ToArray());
            }
        }

        Assert.False(reading.IsCompleted);
        await table.RunAsync(late, isCommitted ? "COMMIT" : "ROLLBACK");

        string[] expected = isCommitted ? ["1 first", "2 late", "3 early"] : ["1 first", "3 early"];
        Assert.Equal(expected, (await reading.WaitAsync(Bound, Token)).Rows);
    }

    /// <summary>The transaction has another name behind the preparation, and its locks still.</summary>
    [Fact]
    public async Task ReadAsync_TransactionThatIsPrepared_IsWaitedFor()
    {
        var table = await EventTable.NewAsync(_server);
        var name = $"'{Guid.NewGuid():N}'";
        await using var late = await table.ConnectAsync();
        await using var early = await table.ConnectAsync();
        await table.RunAsync(late, "BEGIN");
        await table.AddAsync(late, "late");
        await table.AddAsync(early, "early");
        await using var reader = await table.Source(false, Following).OpenAsync(SourcePosition.Start, Token);
        var batch = new SourceBatch<string>(10);
        Assert.True(await reader.ReadAsync(batch, Token));
        await table.RunAsync(late, $"PREPARE TRANSACTION {name}");
        for (var round = 0; round < 20; round++)
            Assert.True(await reader.ReadAsync(batch, Token));
        Assert.Equal(0, batch.Count);

        await table.RunAsync(early, $"COMMIT PREPARED {name}");
        for (var round = 0; round < 1_000 && batch.Count == 0; round++)
            Assert.True(await reader.ReadAsync(batch, Token));

        Assert.Equal(["1 late", "2 early"], batch.Events.ToArray());
    }

    /// <summary>With the column of transactions no key can come too late, wherever it was drawn.</summary>
    [Fact]
    public async Task ReadAsync_KeyThatWasDrawnLongBefore_IsGivenWithItsTransaction()
    {
        var table = await EventTable.NewAsync(_server);
        var source = table.Source(hasTransactions: true);
        await using var writer = await table.ConnectAsync();
        var key = await table.RunAsync(writer, "SELECT nextval('events_id_seq')");
        await table.AddAsync(writer, "early");
        var (rows, position) = await EventTable.ReadAsync(source, SourcePosition.Start, 10, Token);
        Assert.Equal(["2 early"], rows);

        await table.RunAsync(writer, $"INSERT INTO events (id, text) VALUES ({key}, 'late')");

        Assert.Equal(["1 late"], (await EventTable.ReadAsync(source, position, 10, Token)).Rows);
        Assert.Equal(
            ["2 early", "1 late"], (await EventTable.ReadAsync(source, SourcePosition.Start, 10, Token)).Rows);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadAsync_ManyWritersAtOnce_GivesEachRowOnceInItsOrder(bool hasTransactions)
    {
        const int writers = 6;
        const int rows = 1_500;
        var table = await EventTable.NewAsync(_server);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(
            writer => Task.Run(() => WriteAsync(table, writer, rows / writers), Token)));
        var read = new List<string>();
        await using (var reader = await table.Source(hasTransactions, Following).OpenAsync(SourcePosition.Start, Token))
        {
            var batch = new SourceBatch<string>(100);
            while (read.Count < rows)
            {
                batch = new SourceBatch<string>(100);
                Assert.True(await reader.ReadAsync(batch, Token).AsTask().WaitAsync(Bound, Token));
                read.AddRange(batch.Events.ToArray());
            }
        }

        await writing;
        Assert.Equal(rows, read.Distinct(StringComparer.Ordinal).Count());
        var (again, _) = await EventTable.ReadAsync(table.Source(hasTransactions), SourcePosition.Start, 999, Token);
        Assert.Equal(again, read);
        if (!hasTransactions)
            Assert.Equal(read.OrderBy(KeyOf), read);
    }

    [Theory]
    [InlineData(BadRecordPolicy.Stop)]
    [InlineData(BadRecordPolicy.Skip)]
    public async Task ReadAsync_RowThatIsNoEvent_IsRejected(BadRecordPolicy policy)
    {
        var table = await EventTable.NewAsync(_server);
        await using var writer = await table.ConnectAsync();
        foreach (var text in (string[])["1", "two", "3"])
            await table.AddAsync(writer, text);
        var source = new PostgreSqlSource<int>(
            await _server.ConnectionStringAsync(),
            "events",
            row => int.Parse(row.GetString(row.GetOrdinal("text")), CultureInfo.InvariantCulture),
            new PostgreSqlSourceOptions { Schema = table.Schema, Follows = false });
        await using var reader = await source.OpenAsync(SourcePosition.Start, Token);
        var batch = new SourceBatch<int>(10, policy);

        if (policy == BadRecordPolicy.Skip)
        {
            Assert.True(await reader.ReadAsync(batch, Token));
            Assert.Equal([1, 3], batch.Events.ToArray());
            Assert.Contains("The row 2 of the table", batch.FirstRejected, StringComparison.Ordinal);
            Assert.Equal(3, reader.Position.ToInt64());
        }
        else
        {
            var refused = await Assert.ThrowsAsync<SourceRecordException>(
                async () => await reader.ReadAsync(batch, Token));
            Assert.Contains("The row 2 of the table", refused.Message, StringComparison.Ordinal);
            Assert.Equal([1], batch.Events.ToArray());
            Assert.Equal(1, reader.Position.ToInt64());
        }
    }

    [Fact]
    public async Task OpenAsync_PositionOfAnotherKind_IsRefused()
    {
        var table = await EventTable.NewAsync(_server);
        await Assert.ThrowsAsync<SourcePositionException>(
            async () => await table.Source(true).OpenAsync(SourcePosition.FromInt64(1), Token));
        await Assert.ThrowsAsync<SourcePositionException>(
            async () => await table.Source(false).OpenAsync(new SourcePosition([1, 2, 3]), Token));
    }

    [Fact]
    public async Task ReadAsync_NoTable_ThrowsWhatTheServerSays()
    {
        var source = new PostgreSqlSource<int>(
            await _server.ConnectionStringAsync(), "not_there", row => row.GetInt32(0));
        await using var reader = await source.OpenAsync(SourcePosition.Start, Token);
        await Assert.ThrowsAnyAsync<NpgsqlException>(
            async () => await reader.ReadAsync(new SourceBatch<int>(1), Token));
    }

    private static PostgreSqlSourceOptions Following { get; } =
        new() { PollInterval = TimeSpan.FromMilliseconds(1), PageRows = 64 };

    private static long KeyOf(string row) => long.Parse(row[..row.IndexOf(' ', StringComparison.Ordinal)], null);

    /// <summary>Transactions of some rows each, which end when they like; each fifth is rolled back.</summary>
    private static async Task WriteAsync(EventTable table, int writer, int count)
    {
        await using var connection = await table.ConnectAsync();
        var random = new Random(writer);
        for (var (added, round) = (0, 0); added < count; round++)
        {
            var rows = Math.Min(random.Next(1, 5), count - added);
            await table.RunAsync(connection, "BEGIN");
            for (var row = 0; row < rows; row++)
                await table.AddAsync(connection, $"{writer}.{round}.{row}");
            await Task.Delay(random.Next(0, 3), Token);
            var isKept = round % 5 != 4;
            await table.RunAsync(connection, isKept ? "COMMIT" : "ROLLBACK");
            added += isKept ? rows : 0;
        }
    }
}
