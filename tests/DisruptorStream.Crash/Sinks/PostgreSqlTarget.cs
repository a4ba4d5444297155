using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Tables;
using DisruptorStream.PostgreSql;
using Npgsql;

namespace DisruptorStream.Crash.Sinks;

/// <summary>A table of a server, in a schema of its own.</summary>
internal sealed class PostgreSqlTarget : SinkTarget
{
    /// <summary>The variable with the connection string of the server.</summary>
    public const string Variable = "DISRUPTORSTREAM_POSTGRESQL";

    private readonly string _server;
    private readonly string _schema;

    public PostgreSqlTarget(string directory)
    {
        _server = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } server
            ? $"{server};Pooling=False"
            : throw new FormatException(
                $"Set {Variable} to the connection string of a server; tests/postgresql/server.sh starts one.");
        _schema = $"crash_{Path.GetFileName(directory).Replace('-', '_').ToLowerInvariant()}";
    }

    public override IAsyncDurableSink<string> NewSink()
    {
        RunAsync($"CREATE SCHEMA IF NOT EXISTS {_schema}").GetAwaiter().GetResult();
        return new PostgreSqlSink<string>(_server, "results", new PostgreSqlSinkOptions
        {
            CreateTables = true,
            Schema = _schema,
            Times = WindowTimes.Ticks,
        });
    }

    public override async Task<List<string>> ReadAsync()
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT number, key, window_start, count, sum, last FROM {_schema}.results ORDER BY number", connection);
        return await RowsOfAsync(command);
    }

    public override Task DeleteAsync() => RunAsync($"DROP SCHEMA IF EXISTS {_schema} CASCADE");

    private async Task RunAsync(string text)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException failure) when (failure.SqlState is "23505" or "42P06")
        {
            // The process before is still at it.
        }
    }
}
