using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Sqlite;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.LoadTests.Sinks;

/// <summary>The sink of SQLite, and one prepared statement in transactions of the same size.</summary>
internal sealed class SqlitePair : ISinkPair
{
    private const string Columns =
        "query, number, key, window_start, window_end, pane, timing, is_last, rank, remark, count, sum, mean";

    private readonly string _directory;
    private int _lap;

    public SqlitePair(string directory) => _directory = directory;

    public Task<double> SinkAsync(SinkRows rows) => SinkLap.SinkAsync(
        new SqliteSink<string>(NewDatabase(), "results", new SqliteSinkOptions { CreateTables = true }), rows);

    public async Task<double> BareAsync(SinkRows rows)
    {
        await using var connection = new SqliteConnection($"{NewDatabase()};Pooling=False");
        await connection.OpenAsync();
        await using var create = connection.CreateCommand();
        create.CommandText =
            "CREATE TABLE results (query TEXT NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, "
            + "window_start TEXT NOT NULL, window_end TEXT NOT NULL, pane INTEGER NOT NULL, timing TEXT NOT NULL, "
            + "is_last INTEGER NOT NULL, rank INTEGER, remark TEXT, count INTEGER, sum REAL, mean REAL)";
        await create.ExecuteNonQueryAsync();
        await using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO results ({Columns}) "
            + "VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        for (var column = 0; column <= 12; column++)
            insert.Parameters.AddWithValue($"${column}", DBNull.Value);
        insert.Prepare();
        return await SinkLap.BareAsync(rows, write =>
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            foreach (ref readonly var row in write.AsSpan())
                Add(insert, in row);
            transaction.Commit();
            return Task.CompletedTask;
        });
    }

    private static void Add(SqliteCommand insert, in WindowResult<string> row)
    {
        object[] values =
        [
            "rates", row.Number, row.Key, TextOf(row.WindowStart), TextOf(row.WindowEnd), (long)row.PaneIndex,
            "on time", 1L, DBNull.Value, DBNull.Value, row.GetInt64(0), row.GetDouble(1), row.GetDouble(2),
        ];
        for (var column = 0; column < values.Length; column++)
            insert.Parameters[column].Value = values[column];
        insert.ExecuteNonQuery();
    }

    private static string TextOf(DateTimeOffset time) =>
        time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private string NewDatabase() => $"Data Source={Path.Combine(_directory, $"rates-{_lap++}.db")}";
}
