using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Sqlite;

/// <summary>How a <see cref="SqliteSink{TKey}"/> writes. Each is checked when it is set.</summary>
public sealed record SqliteSinkOptions
{
    /// <summary>
    /// Whether each result is a row (default), or each key and window, whose row the next result replaces.
    /// </summary>
    public TableWriteMode Mode { get; init; }

    /// <summary>
    /// Whether the sink makes the table, and that of the positions, where they are not there. Default false: then an
    /// error shows the statement that makes them.
    /// </summary>
    public bool CreateTables { get; init; }

    /// <summary>
    /// How windows are shown. Default moments: texts such as <c>2026-01-01T12:00:00.0000000Z</c>, which sort by time
    /// and which SQLite's functions of dates read.
    /// </summary>
    public WindowTimes Times { get; init; }

    /// <summary>
    /// How long a statement waits for other writers of the database: 1 s to 1 hour. Default 30 s. A write that is held
    /// so long fails, and the sink's failure policy says what then.
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
                    nameof(value), value, "The Timeout of a SQLite sink must be 1 s to 1 hour.");
            }

            field = value;
        }
    } = TimeSpan.FromSeconds(30);
}
