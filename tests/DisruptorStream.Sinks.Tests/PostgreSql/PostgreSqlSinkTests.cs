using DisruptorStream.Emission.Tables;
using DisruptorStream.PostgreSql;

namespace DisruptorStream.Sinks.Tests.PostgreSql;

/// <summary>Rows of a real server.</summary>
public sealed class PostgreSqlSinkTests
{
    private readonly PostgreSqlServer _server;

    public PostgreSqlSinkTests(PostgreSqlServer server) => _server = server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TableWriteMode.Append)]
    [InlineData(TableWriteMode.Upsert)]
    public async Task Contract_RealServer_IsKept(TableWriteMode mode) =>
        await new PostgreSqlSinkContract(await NewDatabaseAsync(), mode).CheckAllAsync(Token);

    [Fact]
    public async Task Append_DurableProcessor_HasEachResult()
    {
        var (database, directory) = (await NewDatabaseAsync(), Directory.CreateTempSubdirectory("pg-sink-").FullName);
        await Owners.RunAsync(
            new PostgreSqlSink<string>(database.ConnectionString, "calls", Creating(database)), directory);

        Assert.Equal(
            [
                "calls|1|a|1970-01-01T00:00:00.0000000Z|1970-01-01T00:00:01.0000000Z|0|on time|False|||1|1",
                "calls|2|b|1970-01-01T00:00:00.0000000Z|1970-01-01T00:00:01.0000000Z|0|on time|False|||1|2",
            ],
            (await database.RowsAsync($"SELECT * FROM {database.Schema}.calls ORDER BY number")).Take(2));
        Assert.Equal(
            await database.RowsAsync($"SELECT max(number) FROM {database.Schema}.calls"),
            await database.RowsAsync($"SELECT number FROM {database.Schema}.disruptorstream_positions"));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Upsert_SeveralPanes_KeepsTheNewest()
    {
        var database = await NewDatabaseAsync();
        await Owners.RunAsync(new PostgreSqlSink<string>(
            database.ConnectionString,
            "calls",
            Creating(database) with { Mode = TableWriteMode.Upsert, Times = WindowTimes.Ticks }));

        Assert.Equal(
            ["a|0|2|2", "a|10000000|1|4", "b|0|1|2"],
            await database.RowsAsync(
                $"SELECT key, window_start, calls, mean FROM {database.Schema}.calls WHERE length(key) = 1 "
                + "ORDER BY key, window_start"));
    }

    [Fact]
    public async Task Append_KeysOfSeveralParts_HaveColumnsOfTheirNames()
    {
        var database = await NewDatabaseAsync();
        await Owners.RunPairsAsync(
            new PostgreSqlSink<(string, int)>(database.ConnectionString, "pairs", Creating(database)));

        Assert.Equal(["pairs|acme|7|1", "pairs|acme|8|1"], await database.RowsAsync(
            $"SELECT query, tenant, \"user\", calls FROM {database.Schema}.pairs ORDER BY 3"));
    }

    [Fact]
    public async Task Open_NoTables_SaysHowToMakeThem()
    {
        var database = await NewDatabaseAsync();
        var options = Creating(database) with { CreateTables = false };
        var sink = new PostgreSqlSink<string>(database.ConnectionString, "calls", options);

        var missing = await Assert.ThrowsAsync<InvalidOperationException>(
            () => sink.OpenAsync(Owners.Of(1), Token).AsTask());

        Assert.Contains($"CREATE TABLE IF NOT EXISTS \"{database.Schema}\".disruptorstream_positions", missing.Message);
        Assert.Contains("63 bytes", Assert.Throws<ArgumentException>(
            () => new PostgreSqlSink<string>(database.ConnectionString, new string('x', 64))).Message);
    }

    [Fact]
    public async Task Write_RowThatTheTableRefuses_IsNamed()
    {
        var database = await NewDatabaseAsync();
        await Owners.RunAsync(new PostgreSqlSink<string>(database.ConnectionString, "calls", Creating(database)));
        await database.RunAsync($"ALTER TABLE {database.Schema}.calls ADD CHECK (key <> 'b') NOT VALID");

        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(() => Owners.RunAsync(
            new PostgreSqlSink<string>(database.ConnectionString, "calls", Creating(database))));

        Assert.Contains("did not take the results 1 to", failed.ToString());
        Assert.Contains("line 2", failed.ToString());
    }

    [Fact]
    public async Task Write_ServerIsAway_FailsInTime()
    {
        var sink = new PostgreSqlSink<string>(
            "Host=127.0.0.1;Port=1;Username=nobody", "calls", new() { Timeout = TimeSpan.FromSeconds(1) });

        await Assert.ThrowsAnyAsync<StreamProcessorException>(() => Owners.RunAsync(sink));
    }

    private static PostgreSqlSinkOptions Creating(Database database) =>
        new() { CreateTables = true, Schema = database.Schema };

    private async Task<Database> NewDatabaseAsync()
    {
        var database = new Database(await _server.ConnectionStringAsync());
        await database.RunAsync($"CREATE SCHEMA {database.Schema}");
        return database;
    }
}
