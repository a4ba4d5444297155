using System.Globalization;
using Npgsql;

namespace DisruptorStream.Sinks.Tests.PostgreSql;

/// <summary>A schema of a server, for one test.</summary>
internal sealed class Database
{
    public Database(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public string Schema { get; } = $"s{Guid.NewGuid():N}";

    public async Task RunAsync(string text)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<List<string>> RowsAsync(string text)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(
                column => rows.GetValue(column) is DateTime time
                    ? time.ToString("O", CultureInfo.InvariantCulture)
                    : Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture))));
        }

        return lines;
    }
}
