using DisruptorStream.Messages;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>How a <see cref="PostgreSqlLogStore"/> works. Each is checked when it is set.</summary>
public sealed record PostgreSqlLogOptions
{
    /// <summary>
    /// Whether the store makes its three tables where they are not there. Default false: then an error shows the
    /// statements that make them.
    /// </summary>
    public bool CreateTables { get; init; }

    /// <summary>The schema of the tables. Null, the default, leaves it to the server's search path.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// The most connections of a store that was given a connection string: 2 to 1000. Default 16. One of them listens
    /// while a reader follows; the others are taken for the time of one call. Of a store that was given a data source
    /// this says nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxConnections
    {
        get;
        init => field = OptionGuard.InRange(value, 2, 1000);
    } = 16;

    /// <summary>
    /// How long a connection or a statement may take: 1 s to 1 hour. Default 30 s. What takes longer fails, and of an
    /// append it is not known then whether the record is there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often a reader that follows looks by itself, besides the notifications, and how long it waits for a server
    /// that is away: 1 ms to 1 minute. Default 500 ms.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan PollInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
    } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether appends notify readers, and readers listen. Default true. Set it to false, and a short
    /// <see cref="PollInterval"/>, behind a pooler that gives a connection for a transaction only.
    /// </summary>
    public bool Notifies { get; init; } = true;

    /// <summary>
    /// About how many bytes of records a reader takes in one round trip: 64 KiB to 256 MiB. Default 4 MiB. It has two
    /// pages at most at a time: one that is handled, and the next one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int PageBytes
    {
        get;
        init => field = OptionGuard.InRange(value, 64 << 10, 256 << 20);
    } = 4 << 20;

    /// <summary>
    /// Whether the log may be on a server that answers before a record is on its disk
    /// (<c>synchronous_commit = off</c>). Default false: it is refused. With true a crash of the server can take
    /// records whose append has returned, and what was made of them elsewhere stays.
    /// </summary>
    public bool AllowsAsynchronousCommit { get; init; }
}
