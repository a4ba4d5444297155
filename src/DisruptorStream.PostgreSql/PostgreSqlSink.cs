using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Tables;
using Npgsql;

namespace DisruptorStream.PostgreSql;

/// <summary>Writes results to a table of a PostgreSQL database, each exactly once.</summary>
/// <typeparam name="TKey">The type of the keys: text, integers, Guid, enums, times, or tuples of these.</typeparam>
/// <remarks>
/// <para>Each write is one transaction: its rows, by COPY or by one statement that replaces rows, and in the table
/// <c>disruptorstream_positions</c> the number of the last one, for processor, query and table. The columns are those
/// of <see cref="ResultTable{TKey}"/>.</para>
/// <para>How many results a transaction has, <see cref="AsyncSinkOptions.BatchSize"/> and
/// <see cref="AsyncSinkOptions.MaxDelay"/> say. The sink holds one connection.</para>
/// </remarks>
public sealed class PostgreSqlSink<TKey> : PositionedSink<TKey>
{
    private const string UndefinedTable = "42P01";

    private readonly string _connectionString;
    private readonly string _tableName;
    private readonly PostgreSqlSinkOptions _options;
    private PostgreSqlStatements _statements;
    private ResultTable<TKey>? _table;
    private NpgsqlDataSource? _source;
    private NpgsqlConnection? _connection;

    /// <param name="connectionString">Such as <c>Host=localhost;Database=results;Username=app</c>.</param>
    /// <param name="table">The name of the table, without its schema.</param>
    /// <param name="options">What a row is, and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// A name is empty or too long, or the connection string cannot be read.
    /// </exception>
    public PostgreSqlSink(string connectionString, string table, PostgreSqlSinkOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(table);
        _options = options ?? new PostgreSqlSinkOptions();
        _tableName = table;
        var seconds = (int)Math.Ceiling(_options.Timeout.TotalSeconds);
        _connectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            CommandTimeout = seconds,
            Timeout = Math.Min(seconds, 1024),
        }.ConnectionString;
        _statements = new PostgreSqlStatements(_options.Schema, table, _options.Mode, []);
    }

    /// <inheritdoc/>
    protected override string TargetName => $"the table {_statements.Table}";

    /// <inheritdoc/>
    protected override async ValueTask<long> ConnectAsync(
        DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        _source ??= NewSource();
        _connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        if (_options.CreateTables)
            await CreateAsync(_connection, _statements.CreatePositions, cancellationToken).ConfigureAwait(false);
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var (epoch, number, stream) = await PositionAsync(_connection, owner, cancellationToken).ConfigureAwait(false);
        ThrowIfForeign(owner, epoch ?? 0, stream, number);
        if (number > 0)
            await ThrowIfLostAsync(_connection, number, cancellationToken).ConfigureAwait(false);
        if (owner.Epoch > 0)
        {
            await using var take = Command(_connection, _statements.TakePosition, owner);
            Add(take, owner.Epoch);
            Add(take, owner.StreamId);
            await take.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return number;
    }

    /// <inheritdoc/>
    protected override async ValueTask PrepareAsync(
        SinkContext context, DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        _table = new ResultTable<TKey>(context.Schema, owner.QueryName, _options.Times);
        _statements = new PostgreSqlStatements(_options.Schema, _tableName, _options.Mode, _table.Columns);
        if (_options.CreateTables)
            await CreateAsync(_connection!, _statements.Create, cancellationToken).ConfigureAwait(false);
        try
        {
            await using var probe = new NpgsqlCommand(_statements.Probe, _connection);
            await probe.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure)
        {
            throw new InvalidOperationException(
                $"{TargetName} is not as the query needs it ({failure.MessageText}); set CreateTables where it is not "
                + $"there, or make it: {_statements.Create};",
                failure);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask StoreAsync(
        ReadOnlyMemory<WindowResult<TKey>> results, SinkWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (_table is not { } table || _connection is not { } connection)
            throw new InvalidOperationException($"{TargetName} got results before StartAsync.");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        if (!write.IsOrdinary)
            await MovePositionAsync(connection, write, cancellationToken).ConfigureAwait(false);
        Reach("position moved");
        try
        {
            if (_options.Mode == TableWriteMode.Upsert)
                await UpsertAsync(connection, table, results, cancellationToken).ConfigureAwait(false);
            else
                await CopyAsync(connection, table, results, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure)
        {
            var (first, last) = (results.Span[0].Number, results.Span[^1].Number);
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{TargetName} did not take the results {first} to {last}: {failure.MessageText} ({failure.Where})"),
                failure);
        }

        Reach("rows added");
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async ValueTask DisconnectAsync()
    {
        if (_connection is { } connection)
            await connection.DisposeAsync().ConfigureAwait(false);
        _connection = null;
    }

    /// <inheritdoc/>
    public override async ValueTask CompleteAsync(Exception? failure)
    {
        await base.CompleteAsync(failure).ConfigureAwait(false);
        if (_source is { } source)
            await source.DisposeAsync().ConfigureAwait(false);
        _source = null;
    }

    private static void Add<T>(NpgsqlCommand command, T value) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static async ValueTask CreateAsync(
        NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
        try
        {
            await using var create = new NpgsqlCommand(text, connection);
            await create.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState is "23505" or "42P07")
        {
            // Two that make the same table at once: it is there.
        }
    }

    private NpgsqlDataSource NewSource()
    {
        var builder = new NpgsqlSlimDataSourceBuilder(_connectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string text, DurableSinkOwner owner)
    {
        var command = new NpgsqlCommand(text, connection);
        Add(command, owner.ProcessorName);
        Add(command, owner.QueryName);
        Add(command, _tableName);
        return command;
    }

    private async ValueTask<(long? Epoch, long Number, string Stream)> PositionAsync(
        NpgsqlConnection connection, DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            if (owner.Epoch > 0)
            {
                await using var add = Command(connection, _statements.AddPosition, owner);
                await add.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            await using var read = Command(connection, _statements.ReadPosition, owner);
            await using var row = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            return await row.ReadAsync(cancellationToken).ConfigureAwait(false)
                ? (row.GetInt64(0), row.GetInt64(1), row.GetString(2))
                : (null, 0, owner.StreamId);
        }
        catch (PostgresException failure) when (
            string.Equals(failure.SqlState, UndefinedTable, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"{TargetName} has no table of positions beside it; set CreateTables, or make it: "
                + $"{_statements.CreatePositions};",
                failure);
        }
    }

    private async ValueTask ThrowIfLostAsync(
        NpgsqlConnection connection, long number, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        Add(find, _statements.Table);
        if (await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true)
            return;
        throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"{TargetName} is lost: {_statements.Positions} says that it holds results up to number {number}. Restore "
            + $"it; or delete its row there, then the processor gives again what its snapshots reach back to."));
    }

    private async ValueTask MovePositionAsync(
        NpgsqlConnection connection, SinkWrite write, CancellationToken cancellationToken)
    {
        await using var move = Command(connection, _statements.MovePosition, write.Owner);
        Add(move, write.Owner.Epoch);
        Add(move, write.Owner.StreamId);
        Add(move, write.Previous);
        Add(move, write.Last);
        if (await move.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1)
            return;
        var (epoch, number, stream) = await PositionAsync(connection, write.Owner, cancellationToken)
            .ConfigureAwait(false);
        ThrowIfForeign(write.Owner, epoch ?? 0, stream, number);
        throw NotMine(write, epoch, number);
    }

    private async ValueTask CopyAsync(
        NpgsqlConnection connection,
        ResultTable<TKey> table,
        ReadOnlyMemory<WindowResult<TKey>> results,
        CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(_statements.Copy, cancellationToken)
            .ConfigureAwait(false);
        copy.Timeout = _options.Timeout;
        var cells = new CopyCells(copy);
        for (var row = 0; row < results.Length; row++)
        {
            await copy.StartRowAsync(cancellationToken).ConfigureAwait(false);
            table.Write(in results.Span[row], ref cells);
        }

        await copy.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask UpsertAsync(
        NpgsqlConnection connection,
        ResultTable<TKey> table,
        ReadOnlyMemory<WindowResult<TKey>> results,
        CancellationToken cancellationToken)
    {
        var rows = NewestRows<TKey>.Of(results.Span);
        if (rows.Withdrawn.Count > 0)
        {
            await using var delete = new NpgsqlCommand(_statements.Delete, connection);
            ArraysOf(table, rows.Withdrawn).AddTo(delete, keysOnly: true);
            await delete.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        if (rows.Kept.Count > 0)
        {
            await using var upsert = new NpgsqlCommand(_statements.Upsert, connection);
            ArraysOf(table, rows.Kept).AddTo(upsert, keysOnly: false);
            await upsert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static ColumnArrays ArraysOf(ResultTable<TKey> table, List<WindowResult<TKey>> rows)
    {
        var arrays = new ColumnArrays(table.Columns, rows.Count);
        foreach (var row in rows)
            table.Write(in row, ref arrays);
        return arrays;
    }
}
