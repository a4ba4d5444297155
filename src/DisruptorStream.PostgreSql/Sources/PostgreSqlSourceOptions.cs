using DisruptorStream.Messages;

namespace DisruptorStream.PostgreSql.Sources;

/// <summary>How a <see cref="PostgreSqlSource{TEvent}"/> reads. Each is checked when it is set.</summary>
public sealed record PostgreSqlSourceOptions
{
    /// <summary>The schema of the table. Null, the default, leaves it to the server's search path.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// The column by which rows are in order: bigint or integer, each value once, never null. Default "id".
    /// </summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string KeyColumn { get; init => field = NotEmpty(value); } = "id";

    /// <summary>
    /// The columns that the reader delegate gets, in this order. Empty, the default, for all of the table.
    /// </summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>
    /// A column of the type <c>xid8</c> with the transaction that added the row (<c>DEFAULT pg_current_xact_id()</c>).
    /// Rows are in the order of this column, and within a transaction of the key. Null, the default, where there is
    /// none: then keys have to be drawn by the statement that adds the row, as those of identity columns are.
    /// </summary>
    public string? TransactionColumn { get; init; }

    /// <summary>The most rows of one round trip: 1 to 100 000. Default 4 096. So many are in memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int PageRows { get; init => field = OptionGuard.InRange(value, 1, 100_000); } = 4_096;

    /// <summary>Whether it waits for rows that come (default), or ends behind those that are there.</summary>
    public bool Follows { get; init; } = true;

    /// <summary>
    /// How often it looks for new rows, and whether writers have ended: 1 ms to 1 minute. Default 250 ms.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan PollInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a connection or a statement may take: 1 s to 1 hour. Default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(30);

    private static string NotEmpty(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return value;
    }
}
