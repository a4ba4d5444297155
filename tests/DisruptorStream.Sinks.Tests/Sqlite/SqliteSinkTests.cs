using DisruptorStream.Emission.Tables;
using DisruptorStream.Sqlite;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.Sinks.Tests.Sqlite;

/// <summary>Rows of a SQLite database.</summary>
public sealed class SqliteSinkTests : IDisposable
{
    private static readonly SqliteSinkOptions Creating = new() { CreateTables = true };

    private readonly string _directory = Directory.CreateTempSubdirectory("sqlite-sink-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => $"Data Source={Path.Combine(_directory, "results.db")}";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(TableWriteMode.Append)]
    [InlineData(TableWriteMode.Upsert)]
    public Task Contract_RealDatabase_IsKept(TableWriteMode mode) =>
        new SqliteSinkContract(_directory, mode).CheckAllAsync(Token);

    [Fact]
    public async Task Append_DurableProcessor_HasEachResult()
    {
        await Owners.RunAsync(
            new SqliteSink<string>(Database, "calls", Creating), Path.Combine(_directory, "state"));

        Assert.Equal(
            [
                "calls|1|a|1970-01-01T00:00:00.0000000Z|1970-01-01T00:00:01.0000000Z|0|on time|0|||1|1",
                "calls|2|b|1970-01-01T00:00:00.0000000Z|1970-01-01T00:00:01.0000000Z|0|on time|0|||1|2",
            ],
            Rows("SELECT * FROM calls ORDER BY number").Take(2));
        Assert.Equal(["1"], Rows("SELECT epoch > 0 FROM disruptorstream_positions"));
        Assert.Equal(
            Rows("SELECT max(number) FROM calls"), Rows("SELECT number FROM disruptorstream_positions"));
    }

    [Fact]
    public async Task Upsert_SeveralPanes_KeepsTheNewest()
    {
        await Owners.RunAsync(new SqliteSink<string>(
            Database, "calls", Creating with { Mode = TableWriteMode.Upsert, Times = WindowTimes.Ticks }));

        Assert.Equal(
            ["a|0|2|2", "a|10000000|1|4", "b|0|1|2"],
            Rows("SELECT key, window_start, calls, mean FROM calls WHERE length(key) = 1 ORDER BY key, window_start"));
    }

    [Fact]
    public async Task Append_KeysOfSeveralParts_HaveColumnsOfTheirNames()
    {
        await Owners.RunPairsAsync(new SqliteSink<(string, int)>(Database, "pairs", Creating));

        Assert.Equal(["pairs|acme|7|1", "pairs|acme|8|1"], Rows(
            "SELECT query, tenant, user, calls FROM pairs ORDER BY user"));
    }

    [Fact]
    public async Task Open_NoTables_SaysHowToMakeThem()
    {
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new SqliteSink<string>(Database, "calls").OpenAsync(Owners.Of(1), Token).AsTask());
        Assert.Contains("CREATE TABLE IF NOT EXISTS disruptorstream_positions", missing.Message);

        Run(SqliteStatements.CreatePositions);
        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(
            () => Owners.RunAsync(new SqliteSink<string>(Database, "calls")));
        Assert.Contains("CREATE TABLE IF NOT EXISTS \"calls\" (\"query\" TEXT NOT NULL", failed.ToString());
    }

    [Fact]
    public async Task Write_RowThatTheTableRefuses_IsNamed()
    {
        await Owners.RunAsync(new SqliteSink<string>(Database, "calls", Creating));
        Run("CREATE TRIGGER no_b BEFORE INSERT ON calls WHEN new.key = 'b' "
            + "BEGIN SELECT raise(ABORT, 'no b here'); END");

        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(
            () => Owners.RunAsync(new SqliteSink<string>(Database, "calls", Creating)));

        Assert.Contains("did not take result 2 of 'calls', key 'b'", failed.ToString());
        Assert.Contains("no b here", failed.ToString());
    }

    [Fact]
    public async Task Write_DatabaseIsLocked_FailsInTime()
    {
        var options = Creating with { Timeout = TimeSpan.FromSeconds(1) };
        await Owners.RunAsync(new SqliteSink<string>(Database, "calls", options));
        using var other = new SqliteConnection($"{Database};Pooling=False");
        other.Open();
        using var transaction = other.BeginTransaction(deferred: false);

        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(
            () => Owners.RunAsync(new SqliteSink<string>(Database, "calls", options)));
        Assert.Contains("could not be opened: SQLite Error 5: 'database is locked'. Another", failed.ToString());
    }

    /// <summary>SQLite says neither which file it is nor what to do.</summary>
    [Fact]
    public async Task Write_DiskIsFull_NamesTheDatabaseAndGoesOnWithRoom()
    {
        var isFull = true;
        var sink = new SqliteSink<string>(Database, "calls", Creating)
        {
            OnStep = step =>
            {
                if (step == "rows added" && isFull)
                    throw new SqliteException("SQLite Error 13: 'database or disk is full'.", 13);
            },
        };

        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(() => Owners.RunAsync(sink));
        Assert.Contains(
            $"the table 'calls' of '{Path.Combine(_directory, "results.db")}' did not take ", failed.ToString());
        Assert.Contains(" results: SQLite Error 13: 'database or disk is full'. Make room", failed.ToString());

        isFull = false;
        await Owners.RunAsync(sink);
        Assert.Equal(["4|4"], Rows("SELECT count(*), max(number) FROM calls"));
    }

    [Theory]
    [InlineData("none/results.db", "ReadWriteCreate", "unable to open database file'. Make the directory")]
    [InlineData("there.db", "ReadOnly", "attempt to write a readonly database'. Let this process write")]
    [InlineData("text.db", "ReadWriteCreate", "file is not a database'. Choose the file of a database")]
    public async Task Open_FileThatCannotBeUsed_SaysWhichAndWhatToDo(string name, string mode, string expected)
    {
        var path = Path.Combine(_directory, name);
        await File.WriteAllTextAsync(Path.Combine(_directory, "there.db"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(_directory, "text.db"), new string('x', 4096), Token);
        var sink = new SqliteSink<string>($"Data Source={path};Mode={mode}", "calls", Creating);

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => sink.OpenAsync(Owners.Of(1), Token).AsTask());

        Assert.StartsWith($"the table 'calls' of '{path}' could not be opened: ", failed.Message);
        Assert.Contains(expected, failed.Message);
    }

    /// <summary>SQLite itself commits to a file that has no name any more.</summary>
    [Theory]
    [InlineData("results.db", false)]
    [InlineData("results.db", true)]
    [InlineData("results.db-wal", false)]
    public async Task Write_FileIsDeletedOrReplacedInWalMode_IsRefused(string name, bool isReplaced)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not delete a file that is open.");
        Run("PRAGMA journal_mode = WAL");
        var path = Path.Combine(_directory, name);
        var isLosing = false;
        var sink = new SqliteSink<string>(Database, "calls", Creating)
        {
            OnStep = step =>
            {
                if (step != "rows added" || !isLosing)
                    return;
                if (isReplaced)
                    File.Copy(path, $"{path}.other");
                File.Delete(path);
                if (isReplaced)
                    File.Move($"{path}.other", path);
            },
        };
        await Owners.RunAsync(sink);
        isLosing = true;

        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(() => Owners.RunAsync(sink));

        Assert.Contains($"is lost: '{path}' was deleted or replaced", failed.ToString());
    }

    private void Run(string text)
    {
        using var connection = new SqliteConnection($"{Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private List<string> Rows(string text) => SqliteRows.Of($"{Database};Pooling=False", text);
}
