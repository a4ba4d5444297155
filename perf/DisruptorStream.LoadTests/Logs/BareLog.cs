using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace DisruptorStream.LoadTests.Logs;

/// <summary>Rows of the same bytes by bare Npgsql: one prepared INSERT for each, and one SELECT of all.</summary>
internal sealed class BareLog
{
    private readonly string _server;

    public BareLog(string server) => _server = $"{server};Pooling=False";

    /// <summary>Adds records from several connections at once; gives the seconds.</summary>
    public async Task<double> AppendAsync(int writers, int records, byte[] body)
    {
        await RunAsync(
            "DROP TABLE IF EXISTS bare_log; CREATE TABLE bare_log (writer integer, number bigint, body bytea, "
            + "PRIMARY KEY (writer, number)); ALTER TABLE bare_log ALTER COLUMN body SET STORAGE EXTERNAL");
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(
            writer => Task.Run(() => WriteAsync(writer, records, body))));
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Reads what the first writer has added; gives the seconds.</summary>
    public async Task<double> ReadAsync(int records)
    {
        var watch = Stopwatch.StartNew();
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var select = new NpgsqlCommand(
            "SELECT number, body FROM bare_log WHERE writer = 0 ORDER BY number", connection);
        await using var row = await select.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess);
        var (read, bytes) = (0, 0L);
        while (await row.ReadAsync())
        {
            read += row.GetInt64(0) == read ? 1 : throw new InvalidDataException("A row is missing.");
            bytes += (await row.GetFieldValueAsync<byte[]>(1)).Length;
        }

        return read == records && bytes > 0 ? watch.Elapsed.TotalSeconds : throw new InvalidDataException("Rows miss.");
    }

    private async Task WriteAsync(int writer, int records, byte[] body)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var insert = new NpgsqlCommand("INSERT INTO bare_log VALUES ($1, $2, $3)", connection);
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = writer });
        var number = new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint };
        insert.Parameters.Add(number);
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = body });
        for (number.TypedValue = 0; number.TypedValue < records; number.TypedValue++)
            await insert.ExecuteNonQueryAsync();
    }

    private async Task RunAsync(string text)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }
}
