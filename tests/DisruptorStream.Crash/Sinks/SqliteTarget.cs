using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Sqlite;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.Crash.Sinks;

/// <summary>A table of a database in a file.</summary>
internal sealed class SqliteTarget : SinkTarget
{
    private readonly string _database;

    public SqliteTarget(string directory) =>
        _database = $"Data Source={Path.Combine(directory, "results.db")};Pooling=False";

    public override IAsyncDurableSink<string> NewSink() => new SqliteSink<string>(
        _database, "results", new SqliteSinkOptions { CreateTables = true, Times = WindowTimes.Ticks });

    public override async Task<List<string>> ReadAsync()
    {
        await using var connection = new SqliteConnection(_database);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT number, key, window_start, count, sum, last FROM results ORDER BY rowid";
        return await RowsOfAsync(command);
    }
}
