using DisruptorStream.PostgreSql.Connections;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>The texts of the statements of a log.</summary>
/// <remarks>
/// A partition has a row with its last position. Each append changes that row and adds the record in one statement, so
/// that appends of a partition come one after the other, by the row's lock, and become visible in their order.
/// </remarks>
internal sealed class LogStatements
{
    /// <summary>For how long a record with an id is kept at least, as the log promises.</summary>
    private const string IdsAreKept = "interval '2 minutes'";

    private readonly string _topics;
    private readonly string _partitions;
    private readonly string _records;
    private readonly string _prefix;

    /// <param name="schema">Null for the server's search path.</param>
    /// <exception cref="ArgumentException">The name is longer than the server takes.</exception>
    public LogStatements(string? schema)
    {
        _prefix = PostgreSqlNames.Prefix(schema);
        _topics = $"{_prefix}disruptorstream_topics";
        _partitions = $"{_prefix}disruptorstream_partitions";
        _records = $"{_prefix}disruptorstream_records";
    }

    public DatabaseTables Tables => new(_records,
    [
        $"CREATE TABLE {_topics} (name text PRIMARY KEY, number integer GENERATED ALWAYS AS IDENTITY UNIQUE, "
            + "partitions integer NOT NULL)",

        // Room in each page of the table, so that a changed row finds its place beside the one before.
        $"CREATE TABLE {_partitions} (topic integer, partition integer, last bigint NOT NULL, "
            + "truncated bigint NOT NULL, PRIMARY KEY (topic, partition)) WITH (fillfactor = 25)",
        $"CREATE TABLE {_records} (topic integer, partition integer, position bigint, "
            + "written_at timestamptz NOT NULL DEFAULT clock_timestamp(), id text, headers text NOT NULL, "
            + "body bytea NOT NULL, PRIMARY KEY (topic, partition, position))",

        // The server does not try to pack what is packed already.
        $"ALTER TABLE {_records} ALTER COLUMN body SET STORAGE EXTERNAL",
        $"CREATE UNIQUE INDEX disruptorstream_records_id ON {_records} (topic, partition, id) WHERE id IS NOT NULL",
    ]);

    /// <summary>How the server commits, and a number that only these tables have.</summary>
    public string Settings =>
        $"SELECT current_setting('synchronous_commit'), '{_records.Replace("'", "''", StringComparison.Ordinal)}'"
        + "::regclass::oid::bigint";

    public string AddTopic =>
        $"WITH made AS (INSERT INTO {_topics} (name, partitions) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING "
        + $"RETURNING number) INSERT INTO {_partitions} (topic, partition, last, truncated) "
        + "SELECT number, generate_series(0, $2 - 1), 0, 0 FROM made";

    public string ReadTopic => $"SELECT number, partitions FROM {_topics} WHERE name = $1";

    /// <summary>Gives no row where the last position is another one; that of a log without records is 0.</summary>
    public string AppendBehind =>
        $"WITH head AS (UPDATE {_partitions} SET last = last + 1 WHERE topic = $1 AND partition = $2 "
        + "AND $5 = CASE WHEN last > truncated THEN last ELSE 0 END "
        + $"RETURNING last) INSERT INTO {_records} (topic, partition, position, headers, body) "
        + "SELECT $1, $2, last, $3, $4 FROM head RETURNING position";

    /// <summary>Fails by the index of the ids where somebody else has just appended the id.</summary>
    public string AppendOnce =>
        $"WITH there AS (SELECT position FROM {_records} WHERE topic = $1 AND partition = $2 AND id = $5), "
        + $"head AS (UPDATE {_partitions} SET last = last + 1 WHERE topic = $1 AND partition = $2 "
        + "AND NOT EXISTS (SELECT FROM there) RETURNING last), "
        + $"added AS (INSERT INTO {_records} (topic, partition, position, headers, body, id) "
        + "SELECT $1, $2, last, $3, $4, $5 FROM head RETURNING position) "
        + "SELECT position FROM there UNION ALL SELECT position FROM added";

    public static string Notify => "SELECT pg_notify($1, $2)";

    /// <summary>The last position, and the one up to which records are no longer kept.</summary>
    public string ReadEnds => $"SELECT last, truncated FROM {_partitions} WHERE topic = $1 AND partition = $2";

    public string ReadLast =>
        $"SELECT p.last, p.truncated, r.position, r.headers, r.body FROM {_partitions} p LEFT JOIN {_records} r "
        + "ON r.topic = p.topic AND r.partition = p.partition AND r.position = p.last AND p.last > p.truncated "
        + "WHERE p.topic = $1 AND p.partition = $2";

    /// <summary>
    /// Records behind $3 and up to $4, at most $5, and of these as many as begin within $6 bytes; one row without a
    /// record where there is none.
    /// </summary>
    /// <remarks>One statement sees one state: the ends and the records fit together.</remarks>
    public string ReadPage =>
        $"SELECT p.last, p.truncated, r.position, r.headers, r.body FROM {_partitions} p LEFT JOIN LATERAL ("
        + "SELECT position, headers, body FROM (SELECT position, headers, body, sum(octet_length(body)) "
        + "OVER (ORDER BY position) - octet_length(body) AS before FROM (SELECT position, headers, body "
        + $"FROM {_records} WHERE topic = $1 AND partition = $2 AND position > greatest($3, p.truncated) "
        + "AND position <= $4 ORDER BY position LIMIT $5) AS first) AS measured WHERE before < $6) AS r ON true "
        + "WHERE p.topic = $1 AND p.partition = $2 ORDER BY r.position";

    /// <summary>
    /// Moves the position up to which records are no longer kept; not behind one whose id may still be asked for.
    /// </summary>
    public string Truncate =>
        $"UPDATE {_partitions} SET truncated = greatest(truncated, least($3, last, (SELECT min(position) - 1 FROM "
        + $"{_records} WHERE topic = $1 AND partition = $2 AND position <= $3 AND id IS NOT NULL "
        + $"AND written_at > clock_timestamp() - {IdsAreKept}))) WHERE topic = $1 AND partition = $2 "
        + $"RETURNING truncated, (SELECT min(position) FROM {_records} WHERE topic = $1 AND partition = $2)";

    public string Delete => $"DELETE FROM {_records} WHERE topic = $1 AND partition = $2 AND position <= $3";
}
