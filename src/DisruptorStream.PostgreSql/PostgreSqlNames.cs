using System.Text;

namespace DisruptorStream.PostgreSql;

/// <summary>Names as statements have them.</summary>
internal static class PostgreSqlNames
{
    private const int MostNameBytes = 63;

    /// <summary>A name in quotes.</summary>
    /// <exception cref="ArgumentException">It is longer than the server takes.</exception>
    public static string Quoted(string name) => Encoding.UTF8.GetByteCount(name) <= MostNameBytes
        ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : throw new ArgumentException(
            $"The name '{name}' is longer than the {MostNameBytes} bytes that PostgreSQL keeps of a name; use a "
            + "shorter one.",
            nameof(name));

    /// <summary>What stands before the name of a table: its schema and a dot, or nothing.</summary>
    /// <param name="schema">Null for the server's search path.</param>
    public static string Prefix(string? schema) => schema is null ? "" : $"{Quoted(schema)}.";
}
