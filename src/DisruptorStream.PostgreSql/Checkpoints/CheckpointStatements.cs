using DisruptorStream.PostgreSql.Connections;

namespace DisruptorStream.PostgreSql.Checkpoints;

/// <summary>The texts of the statements of a store of checkpoints.</summary>
/// <remarks>
/// The pieces of a checkpoint have a name of their own, so that two who write one at the same time do not wait for each
/// other before the row that says which pieces count.
/// </remarks>
internal sealed class CheckpointStatements
{
    private readonly string _checkpoints;
    private readonly string _pieces;

    /// <param name="schema">Null for the server's search path.</param>
    /// <exception cref="ArgumentException">The name is longer than the server takes.</exception>
    public CheckpointStatements(string? schema)
    {
        var prefix = PostgreSqlNames.Prefix(schema);
        _checkpoints = $"{prefix}disruptorstream_checkpoints";
        _pieces = $"{prefix}disruptorstream_checkpoint_pieces";
    }

    public DatabaseTables Tables => new(_pieces,
    [
        $"CREATE TABLE {_checkpoints} (topic text, partition integer, revision bigint NOT NULL, pieces uuid NOT NULL, "
            + "epoch bigint NOT NULL, position bigint NOT NULL, length bigint NOT NULL, checksum bigint NOT NULL, "
            + "written_at timestamptz NOT NULL, PRIMARY KEY (topic, partition))",
        $"CREATE TABLE {_pieces} (pieces uuid, number integer, body bytea NOT NULL, PRIMARY KEY (pieces, number))",
        $"ALTER TABLE {_pieces} ALTER COLUMN body SET STORAGE EXTERNAL",
    ]);

    public string Read =>
        "SELECT revision, written_at, epoch, position, length, checksum, pieces "
        + $"FROM {_checkpoints} WHERE topic = $1 AND partition = $2";

    public string Find =>
        $"SELECT revision, written_at, epoch, position FROM {_checkpoints} WHERE topic = $1 AND partition = $2";

    public string ReadPieces => $"SELECT body FROM {_pieces} WHERE pieces = $1 ORDER BY number";

    public string ReadRevision =>
        $"SELECT revision, pieces FROM {_checkpoints} WHERE topic = $1 AND partition = $2";

    public string CopyPieces => $"COPY {_pieces} (pieces, number, body) FROM STDIN (FORMAT BINARY)";

    /// <summary>Adds the row; divides by zero, and so ends the transaction, where there is one.</summary>
    public string Add =>
        $"WITH moved AS (INSERT INTO {_checkpoints} (topic, partition, pieces, epoch, position, length, checksum, "
        + "revision, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8 + 1, clock_timestamp()) ON CONFLICT DO NOTHING "
        + "RETURNING 1) SELECT 1 / count(*) FROM moved";

    /// <summary>
    /// Changes the row and deletes the pieces $9 that it had; divides by zero, and so ends the transaction, where the
    /// revision is another one.
    /// </summary>
    public string Replace =>
        $"WITH moved AS (UPDATE {_checkpoints} SET pieces = $3, epoch = $4, position = $5, length = $6, checksum = $7, "
        + "revision = $8 + 1, written_at = clock_timestamp() WHERE topic = $1 AND partition = $2 AND revision = $8 "
        + $"RETURNING 1), gone AS (DELETE FROM {_pieces} WHERE pieces = $9) SELECT 1 / count(*) FROM moved";
}
