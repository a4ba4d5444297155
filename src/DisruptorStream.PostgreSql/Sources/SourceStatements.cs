using System.Text;

namespace DisruptorStream.PostgreSql.Sources;

/// <summary>The texts of the statements of a source.</summary>
internal sealed class SourceStatements
{
    private readonly string _table;
    private readonly string _key;
    private readonly string _columns;
    private readonly string? _transaction;

    /// <param name="table">The name of the table.</param>
    /// <param name="options">The schema and the columns.</param>
    /// <exception cref="ArgumentException">A name is longer than the server takes.</exception>
    public SourceStatements(string table, PostgreSqlSourceOptions options)
    {
        _table = $"{PostgreSqlNames.Prefix(options.Schema)}{PostgreSqlNames.Quoted(table)}";
        _key = $"t.{PostgreSqlNames.Quoted(options.KeyColumn)}";
        _transaction = options.TransactionColumn is { } column ? $"t.{PostgreSqlNames.Quoted(column)}" : null;
        var columns = new StringBuilder();
        foreach (var name in options.Columns)
            columns.Append(columns.Length == 0 ? "" : ", ").Append("t.").Append(PostgreSqlNames.Quoted(name));
        _columns = columns.Length == 0 ? "t.*" : columns.ToString();
    }

    /// <summary>The table, as statements name it.</summary>
    public string Table => _table;

    /// <summary>Whether rows tell by which transaction they were added.</summary>
    public bool HasTransactions => _transaction is not null;

    public static string IsFollower => "SELECT pg_is_in_recovery()";

    public string ReadGreatestKey => $"SELECT max({_key})::bigint FROM {_table} t";

    /// <summary>The transactions that have written to the table and have not ended, also prepared ones.</summary>
    /// <remarks>A statement that adds rows takes the lock before it draws keys, and keeps it to the end.</remarks>
    public string ReadWriters =>
        "SELECT l.virtualtransaction FROM pg_locks l WHERE l.locktype = 'relation' AND l.granted "
        + "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        + $"AND l.relation = '{_table.Replace("'", "''", StringComparison.Ordinal)}'::regclass "
        + "AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'ShareUpdateExclusiveLock', 'ShareLock') "
        + "AND l.pid IS DISTINCT FROM pg_backend_pid()";

    /// <summary>Rows behind the key $1, up to the key $2, at most $3.</summary>
    public string ReadByKey =>
        $"SELECT {_columns}, {_key}::bigint FROM {_table} t WHERE {_key} > $1 AND {_key} <= $2 "
        + $"ORDER BY {_key} LIMIT $3";

    /// <summary>
    /// Rows behind the transaction $1 and the key $2 (0 and the least for all), of transactions before all that have
    /// not ended, at most $3.
    /// </summary>
    public string ReadByTransaction =>
        $"SELECT {_columns}, {_key}::bigint, {_transaction}::text FROM {_table} t "
        + $"WHERE ({_transaction}, {_key}) > ($1::text::xid8, $2) "
        + $"AND {_transaction} < pg_snapshot_xmin(pg_current_snapshot()) "
        + $"ORDER BY {_transaction}, {_key} LIMIT $3";

    /// <summary>Whether there is a row behind the transaction $1 and the key $2, given or not.</summary>
    public string HasMore =>
        $"SELECT EXISTS (SELECT FROM {_table} t WHERE ({_transaction}, {_key}) > ($1::text::xid8, $2))";
}
