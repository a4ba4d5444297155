using DisruptorStream.PostgreSql.Connections;
using DisruptorStream.Sources;
using Npgsql;

namespace DisruptorStream.PostgreSql.Sources;

/// <summary>Events of a table that only grows, in the order of a key.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// <para>
/// Keys become visible out of order: a row is added with key 5, the next one with key 6 is committed, and only then the
/// first. So a row is given when no transaction is left that can add one before it: the source notes the greatest key,
/// and then waits for those who write to the table at that moment, as their locks tell. With
/// <see cref="PostgreSqlSourceOptions.TransactionColumn"/> it compares transactions in place of that. A transaction
/// that stays open holds up the rows behind it; nobody who writes is blocked.
/// </para>
/// <para>A reader holds one connection. Rows that are given must not be changed or deleted before they were read by all
/// who need them.</para>
/// </remarks>
public sealed class PostgreSqlSource<TEvent> : ISeekableSource<TEvent>
{
    private readonly Func<DatabaseConnections> _connect;
    private readonly Func<NpgsqlDataReader, TEvent> _read;
    private readonly PostgreSqlSourceOptions _options;
    private readonly SourceStatements _statements;

    /// <summary>A source with a connection of its own.</summary>
    /// <param name="connectionString">Such as <c>Host=localhost;Database=events;Username=app</c>.</param>
    /// <param name="table">The name of the table, without its schema.</param>
    /// <param name="read">Makes an event of a row; called by one thread at a time. What it throws tells that the row is
    /// none, and <see cref="SourceOptions.OnBadRecord"/> says what then.</param>
    /// <param name="options">The columns and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// A name is empty or too long, or the connection string cannot be read.
    /// </exception>
    public PostgreSqlSource(
        string connectionString,
        string table,
        Func<NpgsqlDataReader, TEvent> read,
        PostgreSqlSourceOptions? options = null)
        : this(table, read, options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var checkedString = new NpgsqlConnectionStringBuilder(connectionString).ConnectionString;
        _connect = () => new DatabaseConnections(checkedString, 1, _options.Timeout, nameof(PostgreSqlSource<>));
    }

    /// <summary>A source with a connection of a data source.</summary>
    /// <param name="dataSource">The caller's, and stays open.</param>
    /// <param name="table">The name of the table, without its schema.</param>
    /// <param name="read">Makes an event of a row; called by one thread at a time. What it throws tells that the row is
    /// none, and <see cref="SourceOptions.OnBadRecord"/> says what then.</param>
    /// <param name="options">The columns and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">A name is empty or too long.</exception>
    public PostgreSqlSource(
        NpgsqlDataSource dataSource,
        string table,
        Func<NpgsqlDataReader, TEvent> read,
        PostgreSqlSourceOptions? options = null)
        : this(table, read, options)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        _connect = () => new DatabaseConnections(dataSource, _options.Timeout, nameof(PostgreSqlSource<>));
    }

    private PostgreSqlSource(string table, Func<NpgsqlDataReader, TEvent> read, PostgreSqlSourceOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(table);
        ArgumentNullException.ThrowIfNull(read);
        _read = read;
        _options = options ?? new PostgreSqlSourceOptions();
        _statements = new SourceStatements(table, _options);
        _connect = static () => throw new InvalidOperationException();
    }

    /// <inheritdoc/>
    /// <exception cref="SourcePositionException">The position is not one of such a source.</exception>
    /// <exception cref="InvalidOperationException">
    /// The server follows another one, and cannot tell who writes.
    /// </exception>
    public async ValueTask<ISeekableReader<TEvent>> OpenAsync(SourcePosition from, CancellationToken cancellationToken)
    {
        var begin = RowPlace.Read(from, _options.TransactionColumn is not null);
        var connections = _connect();
        try
        {
            var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
            var table = new SourceTable(connections, connection, _statements);
            await table.CheckAsync(cancellationToken).ConfigureAwait(false);
            return new PostgreSqlSourceReader<TEvent>(table, _read, _options, begin);
        }
        catch
        {
            await connections.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
