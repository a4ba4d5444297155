using System.Data;
using System.IO.Hashing;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.PostgreSql.Connections;
using Npgsql;
using NpgsqlTypes;

namespace DisruptorStream.PostgreSql.Checkpoints;

/// <summary>Checkpoints in tables of a PostgreSQL database: pieces of 1 MiB, and a row that says which count.</summary>
/// <remarks>
/// <para>A write is one transaction: it adds the pieces, changes the row if it has the revision, and deletes the pieces
/// of the checkpoint before. So a reader sees the one or the other, whole. A checksum tells of pieces that are
/// damaged.</para>
/// <para>Any thread, several calls at a time. What goes wrong with the server is thrown as an
/// <see cref="IOException"/>.</para>
/// </remarks>
public sealed class PostgreSqlCheckpointStore : ICheckpointStore
{
    private const int PieceBytes = 1 << 20;

    private readonly DatabaseConnections _connections;
    private readonly CheckpointStatements _statements;
    private readonly bool _isCreating;
    private volatile bool _isReady;

    /// <summary>A store with connections of its own.</summary>
    /// <param name="connectionString">Such as <c>Host=localhost;Database=events;Username=app</c>.</param>
    /// <param name="options">The schema and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read, or a name is too long.</exception>
    public PostgreSqlCheckpointStore(string connectionString, PostgreSqlCheckpointOptions? options = null)
    {
        options ??= new PostgreSqlCheckpointOptions();
        _statements = new CheckpointStatements(options.Schema);
        _isCreating = options.CreateTables;
        _connections = new DatabaseConnections(
            connectionString, options.MaxConnections, options.Timeout, nameof(PostgreSqlCheckpointStore));
    }

    /// <summary>A store with the connections of a data source.</summary>
    /// <param name="dataSource">The caller's, and stays open. Its pool says how many connections there are.</param>
    /// <param name="options">The schema and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">A name is too long.</exception>
    public PostgreSqlCheckpointStore(NpgsqlDataSource dataSource, PostgreSqlCheckpointOptions? options = null)
    {
        options ??= new PostgreSqlCheckpointOptions();
        _statements = new CheckpointStatements(options.Schema);
        _isCreating = options.CreateTables;
        _connections = new DatabaseConnections(dataSource, options.Timeout, nameof(PostgreSqlCheckpointStore));
    }

    /// <inheritdoc/>
    public ValueTask<StoredCheckpoint?> ReadAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        TopicNames.Checked(topic);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        return RunAsync(
            $"the checkpoint of {topic}/{partition} cannot be read",
            IsolationLevel.RepeatableRead,
            connection => ReadAsync(connection, topic, partition, cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CheckpointPlace?> FindAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        TopicNames.Checked(topic);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        return RunAsync(
            $"the checkpoint of {topic}/{partition} cannot be found",
            IsolationLevel.ReadCommitted,
            connection => FindAsync(connection, topic, partition, cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken)
    {
        TopicNames.Checked(topic);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        return RunAsync(
            $"it is not known whether the checkpoint of {topic}/{partition} was written",
            IsolationLevel.ReadCommitted,
            connection => WriteAsync(connection, topic, partition, checkpoint, revision, cancellationToken),
            cancellationToken);
    }

    /// <summary>Closes its connections. The checkpoints stay.</summary>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private static async ValueTask FillAsync(
        NpgsqlDataReader piece, byte[] state, string name, long revision, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (await piece.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            await using var body = await piece.GetStreamAsync(0, cancellationToken).ConfigureAwait(false);
            int read;
            while ((read = await body.ReadAsync(state.AsMemory(filled), cancellationToken).ConfigureAwait(false)) > 0)
                filled += read;
            if (body.ReadByte() >= 0)
                throw Damaged(name, revision);
        }

        if (filled != state.Length)
            throw Damaged(name, revision);
    }

    private static DamagedCheckpointException Damaged(string name, long revision) =>
        new($"The checkpoint of {name} is damaged: its bytes in PostgreSQL are not those that were written.")
        {
            Revision = revision,
        };

    private static PartitionFencedException Fenced(string topic, int partition, long revision) => new(revision == 0
        ? $"There is a checkpoint of {topic}/{partition} already."
        : $"The checkpoint of {topic}/{partition} is no longer revision {revision}.");

    private static long ChecksumOf(ReadOnlySpan<byte> state) => unchecked((long)XxHash3.HashToUInt64(state));

    private async ValueTask<StoredCheckpoint?> ReadAsync(
        NpgsqlConnection connection, string topic, int partition, CancellationToken cancellationToken)
    {
        var name = $"{topic}/{partition}";
        StoredCheckpoint stored;
        long checksum;
        Guid pieces;
        byte[] state;
        await using (var read = PlaceCommand(connection, _statements.Read, topic, partition))
        await using (var row = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                return null;
            var length = row.GetInt64(4);
            if (length < 0 || length > Array.MaxLength)
                throw Damaged(name, row.GetInt64(0));
            state = GC.AllocateUninitializedArray<byte>((int)length);
            checksum = row.GetInt64(5);
            pieces = row.GetGuid(6);
            stored = new StoredCheckpoint(
                row.GetInt64(0),
                new DateTimeOffset(row.GetDateTime(1)),
                new Checkpoint { Epoch = row.GetInt64(2), Position = row.GetInt64(3), State = state });
        }

        await using var readPieces = _connections.Command(connection, _statements.ReadPieces);
        DatabaseConnections.Add(readPieces.Parameters, pieces);
        await using var piece = await readPieces
            .ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken).ConfigureAwait(false);
        await FillAsync(piece, state, name, stored.Revision, cancellationToken).ConfigureAwait(false);
        return ChecksumOf(state) == checksum ? stored : throw Damaged(name, stored.Revision);
    }

    private async ValueTask<CheckpointPlace?> FindAsync(
        NpgsqlConnection connection, string topic, int partition, CancellationToken cancellationToken)
    {
        await using var read = PlaceCommand(connection, _statements.Find, topic, partition);
        await using var row = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await row.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? new CheckpointPlace(
                row.GetInt64(0), new DateTimeOffset(row.GetDateTime(1)), row.GetInt64(2), row.GetInt64(3))
            : null;
    }

    private async ValueTask<long> WriteAsync(
        NpgsqlConnection connection,
        string topic,
        int partition,
        Checkpoint checkpoint,
        long revision,
        CancellationToken cancellationToken)
    {
        var (there, old) = await RevisionAsync(connection, topic, partition, cancellationToken).ConfigureAwait(false);
        if (there != revision)
            throw Fenced(topic, partition, revision);
        var pieces = Guid.NewGuid();
        await CopyAsync(connection, pieces, checkpoint.State, cancellationToken).ConfigureAwait(false);
        await MoveAsync(connection, topic, partition, checkpoint, revision, (pieces, old), cancellationToken)
            .ConfigureAwait(false);
        return revision + 1;
    }

    /// <summary>Changes the row and commits, in one round trip.</summary>
    /// <remarks>Between two of them a writer that hangs would hold the row, and the next owner would wait.</remarks>
    private async ValueTask MoveAsync(
        NpgsqlConnection connection,
        string topic,
        int partition,
        Checkpoint checkpoint,
        long revision,
        (Guid New, Guid? Old) pieces,
        CancellationToken cancellationToken)
    {
        await using var batch = _connections.Batch(connection);
        batch.EnableErrorBarriers = false;
        var move = new NpgsqlBatchCommand(revision == 0 ? _statements.Add : _statements.Replace);
        DatabaseConnections.Add(move.Parameters, topic);
        DatabaseConnections.Add(move.Parameters, partition);
        DatabaseConnections.Add(move.Parameters, pieces.New);
        DatabaseConnections.Add(move.Parameters, checkpoint.Epoch);
        DatabaseConnections.Add(move.Parameters, checkpoint.Position);
        DatabaseConnections.Add(move.Parameters, (long)checkpoint.State.Length);
        DatabaseConnections.Add(move.Parameters, ChecksumOf(checkpoint.State.Span));
        DatabaseConnections.Add(move.Parameters, revision);
        if (pieces.Old is { } old)
            DatabaseConnections.Add(move.Parameters, old);
        batch.BatchCommands.Add(move);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException refused)
            when (refused.SqlState is PostgresErrorCodes.DivisionByZero or PostgresErrorCodes.SerializationFailure)
        {
            throw Fenced(topic, partition, revision);
        }
    }

    private async ValueTask CopyAsync(
        NpgsqlConnection connection, Guid pieces, ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(_statements.CopyPieces, cancellationToken)
            .ConfigureAwait(false);
        copy.Timeout = TimeSpan.FromSeconds(_connections.TimeoutSeconds);
        var number = 0;
        for (var begin = 0; begin < state.Length; begin += Math.Min(PieceBytes, state.Length - begin))
        {
            await copy.StartRowAsync(cancellationToken).ConfigureAwait(false);
            await copy.WriteAsync(pieces, NpgsqlDbType.Uuid, cancellationToken).ConfigureAwait(false);
            await copy.WriteAsync(number++, NpgsqlDbType.Integer, cancellationToken).ConfigureAwait(false);
            await copy.WriteAsync(
                state.Slice(begin, Math.Min(PieceBytes, state.Length - begin)), NpgsqlDbType.Bytea, cancellationToken)
                .ConfigureAwait(false);
        }

        await copy.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<(long Revision, Guid? Pieces)> RevisionAsync(
        NpgsqlConnection connection, string topic, int partition, CancellationToken cancellationToken)
    {
        await using var read = PlaceCommand(connection, _statements.ReadRevision, topic, partition);
        await using var row = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await row.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? (row.GetInt64(0), row.GetGuid(1))
            : (0, null);
    }

    private NpgsqlCommand PlaceCommand(NpgsqlConnection connection, string text, string topic, int partition)
    {
        var command = _connections.Command(connection, text);
        DatabaseConnections.Add(command.Parameters, topic);
        DatabaseConnections.Add(command.Parameters, partition);
        return command;
    }

    private async ValueTask<T> RunAsync<T>(
        string failing,
        IsolationLevel isolation,
        Func<NpgsqlConnection, ValueTask<T>> run,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
            if (!_isReady)
            {
                await _statements.Tables.EnsureAsync(_connections, connection, _isCreating, cancellationToken)
                    .ConfigureAwait(false);
                _isReady = true;
            }

            // What reads needs no commit, and what writes has committed by itself.
            await using var transaction = await connection.BeginTransactionAsync(isolation, cancellationToken)
                .ConfigureAwait(false);
            return await run(connection).ConfigureAwait(false);
        }
        catch (NpgsqlException failure)
        {
            throw new IOException($"PostgreSQL: {failing}: {failure.Message.TrimEnd('.')}.", failure);
        }
    }
}
