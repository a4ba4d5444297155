using System.Globalization;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;
using DuckDB.NET.Data;

namespace DisruptorStream.LoadTests.Texts.Baselines;

/// <summary>
/// The job with DuckDB inside the process: events are appended to a table, which is grouped at the end.
/// </summary>
internal static class DuckDbWindows
{
    public static Lap Run(TextCall[] calls, TimeSpan window)
    {
        var digest = new ResultDigest();
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, "create table calls (name varchar, ticks bigint, value double)");
        return Lap.Of(
            calls.Length,
            () =>
            {
                Append(connection, calls);
                Group(connection, window.Ticks, digest);
            },
            () => (digest.Results, digest.Sum));
    }

    private static void Append(DuckDBConnection connection, TextCall[] calls)
    {
        using var appender = connection.CreateAppender("calls");
        foreach (ref readonly var call in calls.AsSpan())
            appender.CreateRow().AppendValue(call.Key).AppendValue(call.Ticks).AppendValue(call.Value).EndRow();
    }

    private static void Group(DuckDBConnection connection, long windowTicks, ResultDigest digest)
    {
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            select (ticks // {windowTicks} + 1) * {windowTicks}, name, count(*), sum(value), min(value), max(value)
            from calls group by all
            """);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            digest.Add(
                reader.GetInt64(0) / TimeSpan.TicksPerMillisecond,
                TextCalls.NumberOf(reader.GetString(1)),
                reader.GetInt64(2),
                reader.GetDouble(3),
                reader.GetDouble(4),
                reader.GetDouble(5));
        }
    }

    private static void Execute(DuckDBConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
