using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.Sinks.Tests.Sqlite;

/// <summary>What a statement gives, by a connection of its own.</summary>
internal static class SqliteRows
{
    /// <summary>The rows, their values with | in between.</summary>
    public static List<string> Of(string connectionString, string text)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        while (rows.Read())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(
                column => Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture))));
        }

        return lines;
    }
}
