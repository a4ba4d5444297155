using System.Data.Common;
using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Crash.Sinks;

/// <summary>What a durable sink writes to, and how it is read afterwards.</summary>
internal abstract class SinkTarget
{
    /// <summary>The kinds, as they are called on the command line.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["file", "sqlite", "postgresql", "parquet"];

    /// <summary>A target in a directory, or on the server.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="directory">Where its files are; its name is that of the schema on the server.</param>
    public static SinkTarget Of(string kind, string directory) => kind switch
    {
        "file" => new FileTarget(directory),
        "sqlite" => new SqliteTarget(directory),
        "postgresql" => new PostgreSqlTarget(directory),
        "parquet" => new ParquetTarget(directory),
        _ => throw new FormatException($"There is no sink '{kind}'; there are {string.Join(", ", Kinds)}."),
    };

    /// <summary>How the processor feeds it: in small writes, so that there is much to tear.</summary>
    public static AsyncSinkOptions Options(int seed) => new()
    {
        BatchSize = seed % 2 == 0 ? 7 : 60,
        Capacity = 256,
        MaxDelay = TimeSpan.FromMilliseconds(seed % 3),
        FailurePolicy = SinkFailurePolicy.Retry(attempts: 3, delay: TimeSpan.FromMilliseconds(20)),
    };

    public abstract IAsyncDurableSink<string> NewSink();

    /// <summary>All rows in the order in which a reader finds them: "number key start count sum last".</summary>
    public abstract Task<List<string>> ReadAsync();

    /// <summary>Takes it away.</summary>
    public virtual Task DeleteAsync() => Task.CompletedTask;

    /// <summary>The rows of a query of a database, each as a line.</summary>
    protected static async Task<List<string>> RowsOfAsync(DbCommand query)
    {
        await using var rows = await query.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
        {
            lines.Add(string.Join(' ', Enumerable.Range(0, rows.FieldCount)
                .Select(column => Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture))));
        }

        return lines;
    }
}
