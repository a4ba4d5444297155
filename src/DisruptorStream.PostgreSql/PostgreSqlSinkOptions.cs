using DisruptorStream.Emission.Tables;

namespace DisruptorStream.PostgreSql;

/// <summary>How a <see cref="PostgreSqlSink{TKey}"/> writes. Each is checked when it is set.</summary>
public sealed record PostgreSqlSinkOptions
{
    /// <summary>
    /// Whether each result is a row (default; by COPY), or each key and window, whose row the next result replaces.
    /// </summary>
    public TableWriteMode Mode { get; init; }

    /// <summary>
    /// Whether the sink makes the table, and that of the positions, where they are not there. Default false: then an
    /// error shows the statement that makes them.
    /// </summary>
    public bool CreateTables { get; init; }

    /// <summary>The schema of the tables. Null, the default, leaves it to the server's search path.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// How windows are shown. Default moments: <c>timestamptz</c>, which has microseconds. A window that begins or ends
    /// between two of these is refused then; <see cref="WindowTimes.Ticks"/> takes every window.
    /// </summary>
    public WindowTimes Times { get; init; }

    /// <summary>
    /// How long a connection or a statement may take: 1 s to 1 hour. Default 30 s. A write that takes longer fails, and
    /// the sink's failure policy says what then.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        init
        {
            if (value < TimeSpan.FromSeconds(1) || value > TimeSpan.FromHours(1))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, "The Timeout of a PostgreSQL sink must be 1 s to 1 hour.");
            }

            field = value;
        }
    } = TimeSpan.FromSeconds(30);
}
