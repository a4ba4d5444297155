using DisruptorStream.Messages;

namespace DisruptorStream.PostgreSql.Checkpoints;

/// <summary>How a <see cref="PostgreSqlCheckpointStore"/> works. Each is checked when it is set.</summary>
public sealed record PostgreSqlCheckpointOptions
{
    /// <summary>
    /// Whether the store makes its two tables where they are not there. Default false: then an error shows the
    /// statements that make them.
    /// </summary>
    public bool CreateTables { get; init; }

    /// <summary>The schema of the tables. Null, the default, leaves it to the server's search path.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// The most connections of a store that was given a connection string: 1 to 1000. Default 8. A call takes one for
    /// as long as it lasts. Of a store that was given a data source this says nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxConnections { get; init => field = OptionGuard.InRange(value, 1, 1000); } = 8;

    /// <summary>
    /// How long a connection or a statement may take: 1 s to 1 hour. Default 2 minutes. All bytes of a checkpoint are
    /// one statement.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromMinutes(2);
}
