using DisruptorStream.PostgreSql;
using Npgsql;
using NpgsqlTypes;

namespace DisruptorStream.LoadTests.Sinks;

/// <summary>The sink of PostgreSQL, and COPY of the same rows in transactions of the same size.</summary>
internal sealed class PostgreSqlPair : ISinkPair
{
    private readonly string _server;

    public PostgreSqlPair(string server) => _server = $"{server};Pooling=False";

    public async Task<double> SinkAsync(SinkRows rows)
    {
        await RunAsync("DROP TABLE IF EXISTS rates; DROP TABLE IF EXISTS disruptorstream_positions");
        return await SinkLap.SinkAsync(
            new PostgreSqlSink<string>(_server, "rates", new PostgreSqlSinkOptions { CreateTables = true }), rows);
    }

    /// <summary>After the sink, into a table of the same columns.</summary>
    public async Task<double> BareAsync(SinkRows rows)
    {
        await RunAsync("DROP TABLE IF EXISTS bare; CREATE TABLE bare (LIKE rates)");
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        return await SinkLap.BareAsync(rows, async write =>
        {
            await using var copy = await connection.BeginBinaryImportAsync("COPY bare FROM STDIN (FORMAT BINARY)");
            foreach (var row in write)
            {
                await copy.StartRowAsync();
                copy.Write("rates", NpgsqlDbType.Text);
                copy.Write(row.Number, NpgsqlDbType.Bigint);
                copy.Write(row.Key, NpgsqlDbType.Text);
                copy.Write(row.WindowStart.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write(row.WindowEnd.UtcDateTime, NpgsqlDbType.TimestampTz);
                copy.Write((long)row.PaneIndex, NpgsqlDbType.Bigint);
                copy.Write("on time", NpgsqlDbType.Text);
                copy.Write(true, NpgsqlDbType.Boolean);
                copy.WriteNull();
                copy.WriteNull();
                copy.Write(row.GetInt64(0), NpgsqlDbType.Bigint);
                copy.Write(row.GetDouble(1), NpgsqlDbType.Double);
                copy.Write(row.GetDouble(2), NpgsqlDbType.Double);
            }

            await copy.CompleteAsync();
        });
    }

    private async Task RunAsync(string text)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }
}
