using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Windows;
using Microsoft.Data.Sqlite;

namespace DisruptorStream.Sqlite;

/// <summary>Writes results to a table of a SQLite database, each exactly once.</summary>
/// <typeparam name="TKey">The type of the keys: text, integers, Guid, enums, times, or tuples of these.</typeparam>
/// <remarks>
/// <para>Each write is one transaction: its rows, and in the table <c>disruptorstream_positions</c> the number of the
/// last one, for processor, query and table. The columns are those of <see cref="ResultTable{TKey}"/>.</para>
/// <para>A transaction takes a sync of the disk: how many results one has, <see cref="AsyncSinkOptions.BatchSize"/> and
/// <see cref="AsyncSinkOptions.MaxDelay"/> say. Other programs may read and write the database meanwhile.</para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "CompleteAsync frees what it holds.")]
public sealed class SqliteSink<TKey> : PositionedSink<TKey>
{
    private readonly string _connectionString;
    private readonly string _tableName;
    private readonly SqliteSinkOptions _options;
    private ResultTable<TKey>? _table;
    private SqliteStatements? _statements;
    private SqliteConnection? _connection;
    private SqliteFiles? _files;
    private SqliteCommand? _insert;
    private SqliteCommand? _delete;

    /// <param name="connectionString">Such as <c>Data Source=results.db</c>.</param>
    /// <param name="table">The name of the table.</param>
    /// <param name="options">What a row is, and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">The table has no name, or the connection string cannot be read.</exception>
    public SqliteSink(string connectionString, string table, SqliteSinkOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(table);
        _options = options ?? new SqliteSinkOptions();
        _tableName = table;
        _connectionString = new SqliteConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(_options.Timeout.TotalSeconds),
        }.ConnectionString;
    }

    /// <inheritdoc/>
    protected override string TargetName =>
        $"the table '{_tableName}' of '{new SqliteConnectionStringBuilder(_connectionString).DataSource}'";

    /// <inheritdoc/>
    protected override async ValueTask<long> ConnectAsync(
        DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        try
        {
            return await OpenedAsync(owner, cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException failure)
        {
            throw SqliteTrouble.Of($"{TargetName} could not be opened", failure);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask PrepareAsync(
        SinkContext context, DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        _table = new ResultTable<TKey>(context.Schema, owner.QueryName, _options.Times);
        _statements = new SqliteStatements(_tableName, _options.Mode, _table.Columns);
        try
        {
            if (_options.CreateTables)
                Execute(_connection!, _statements.Create);
        }
        catch (SqliteException failure)
        {
            throw SqliteTrouble.Of($"{TargetName} could not be made", failure);
        }

        Compile(_connection!, _statements, _table);
        return default;
    }

    /// <inheritdoc/>
    protected override ValueTask StoreAsync(
        ReadOnlyMemory<WindowResult<TKey>> results, SinkWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            Store(results.Span, write, cancellationToken);
        }
        catch (SqliteException failure)
        {
            throw SqliteTrouble.Of($"{TargetName} did not take {results.Length} results", failure);
        }

        return default;
    }

    /// <inheritdoc/>
    protected override async ValueTask DisconnectAsync()
    {
        _insert?.Dispose();
        _delete?.Dispose();
        (_insert, _delete, _files) = (null, null, null);
        if (_connection is { } connection)
            await connection.DisposeAsync().ConfigureAwait(false);
        _connection = null;
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static bool HasTable(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = $name COLLATE NOCASE";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() is not null;
    }

    private async ValueTask<long> OpenedAsync(DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        _connection = new SqliteConnection(_connectionString);
        await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (_options.CreateTables)
            Execute(_connection, SqliteStatements.CreatePositions);
        using var transaction = _connection.BeginTransaction(deferred: false);
        ThrowUnlessPositions(_connection);
        var (epoch, number, stream) = ReadPosition(_connection, owner);
        ThrowIfForeign(owner, epoch ?? 0, stream, number);
        if (number > 0 && !HasTable(_connection, _tableName))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{TargetName} is lost: '{SqliteStatements.Positions}' says that it holds results up to number "
                + $"{number}. Restore it; or delete its row there, then the processor gives again what its snapshots "
                + $"reach back to."));
        }

        if (owner.Epoch > 0)
        {
            using var take = Command(_connection, SqliteStatements.TakePosition, owner);
            take.Parameters.AddWithValue("$epoch", owner.Epoch);
            take.Parameters.AddWithValue("$stream", owner.StreamId);
            take.ExecuteNonQuery();
        }

        _files = new SqliteFiles(_connection);
        transaction.Commit();
        return number;
    }

    private void Store(
        ReadOnlySpan<WindowResult<TKey>> results, SinkWrite write, CancellationToken cancellationToken)
    {
        var (table, statements) = (_table, _statements);
        if (table is null || statements is null)
            throw new InvalidOperationException($"{TargetName} got results before StartAsync.");
        if (_insert is null)
            Compile(_connection!, statements, table);
        using var transaction = _connection!.BeginTransaction(deferred: false);
        if (!write.IsOrdinary)
            MovePosition(_connection, transaction, write);
        Reach("position moved");
        AddRows(results, transaction, table, cancellationToken);
        Reach("rows added");
        ThrowIfLost();
        transaction.Commit();
        ThrowIfLost();
        _files!.NoteLog();
    }

    private void ThrowIfLost()
    {
        if (_files!.FindLost() is not { } path)
            return;
        throw new InvalidOperationException(
            $"{TargetName} is lost: '{path}' was deleted or replaced while it was open, so nobody would have what is "
            + "written there. Put the file back; without it the processor gives again what its snapshots reach back "
            + "to, when it is started again.");
    }

    private void ThrowUnlessPositions(SqliteConnection connection)
    {
        if (HasTable(connection, SqliteStatements.Positions))
            return;
        throw new InvalidOperationException(
            $"{TargetName} has no table of positions beside it; set CreateTables, or make it: "
            + $"{SqliteStatements.CreatePositions};");
    }

    private SqliteCommand Command(SqliteConnection connection, string text, DurableSinkOwner owner)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.AddWithValue("$processor", owner.ProcessorName);
        command.Parameters.AddWithValue("$query", owner.QueryName);
        command.Parameters.AddWithValue("$target", _tableName);
        return command;
    }

    private (long? Epoch, long Number, string Stream) ReadPosition(SqliteConnection connection, DurableSinkOwner owner)
    {
        using var read = Command(connection, SqliteStatements.ReadPosition, owner);
        using var row = read.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1), row.GetString(2)) : (null, 0, owner.StreamId);
    }

    private void MovePosition(SqliteConnection connection, SqliteTransaction transaction, SinkWrite write)
    {
        using var move = Command(connection, SqliteStatements.MovePosition, write.Owner);
        move.Transaction = transaction;
        move.Parameters.AddWithValue("$epoch", write.Owner.Epoch);
        move.Parameters.AddWithValue("$stream", write.Owner.StreamId);
        move.Parameters.AddWithValue("$previous", write.Previous);
        move.Parameters.AddWithValue("$last", write.Last);
        if (move.ExecuteNonQuery() == 1)
            return;
        var (epoch, number, stream) = ReadPosition(connection, write.Owner);
        ThrowIfForeign(write.Owner, epoch ?? 0, stream, number);
        throw NotMine(write, epoch, number);
    }

    private void AddRows(
        ReadOnlySpan<WindowResult<TKey>> results,
        SqliteTransaction transaction,
        ResultTable<TKey> table,
        CancellationToken cancellationToken)
    {
        var (insert, delete) = (_insert!, _delete!);
        (insert.Transaction, delete.Transaction) = (transaction, transaction);
        var parameters = ParametersOf(insert);
        foreach (ref readonly var result in results)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var cells = new SqliteCells(parameters);
            table.Write(in result, ref cells);
            try
            {
                // Both statements have the same parameters.
                var isWithdrawn = _options.Mode == TableWriteMode.Upsert && result.Timing == PaneTiming.Retract;
                (isWithdrawn ? delete : insert).ExecuteNonQuery();
            }
            catch (SqliteException failure)
            {
                throw SqliteTrouble.Of($"{TargetName} did not take {table.NameOf(in result)}", failure);
            }
        }
    }

    private static SqliteParameter[] ParametersOf(SqliteCommand command)
    {
        var parameters = new SqliteParameter[command.Parameters.Count];
        for (var index = 0; index < parameters.Length; index++)
            parameters[index] = command.Parameters[index];
        return parameters;
    }

    private void Compile(SqliteConnection connection, SqliteStatements statements, ResultTable<TKey> table)
    {
        var (insert, delete) = (connection.CreateCommand(), connection.CreateCommand());
        (_insert, _delete) = (insert, delete);
        (insert.CommandText, delete.CommandText) = (statements.Insert, statements.Delete);
        for (var column = 0; column < table.Columns.Count; column++)
        {
            var parameter = insert.Parameters.AddWithValue(SqliteStatements.ParameterOf(column), DBNull.Value);
            if (table.Columns[column].IsKey)
                delete.Parameters.Add(parameter);
        }

        try
        {
            insert.Prepare();
        }
        catch (SqliteException failure)
        {
            throw new InvalidOperationException(
                $"{TargetName} is not as the query needs it ({failure.Message}); set CreateTables where it is not "
                + $"there, or make it: {statements.Create};",
                failure);
        }
    }
}
