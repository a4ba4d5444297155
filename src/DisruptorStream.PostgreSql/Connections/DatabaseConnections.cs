using Npgsql;

namespace DisruptorStream.PostgreSql.Connections;

/// <summary>The connections to one database: a pool of its own, or one that was given.</summary>
/// <remarks>Any thread. No call holds a connection while it waits for another one.</remarks>
internal sealed class DatabaseConnections : IAsyncDisposable
{
    private const int PreparedStatements = 16;

    private readonly NpgsqlDataSource _source;
    private readonly bool _isOwned;
    private readonly CancellationTokenSource _ended = new();
    private readonly string _owner;
    private int _isDisposed;

    /// <param name="connectionString">What the user gave.</param>
    /// <param name="mostConnections">How many there are at a time.</param>
    /// <param name="timeout">Of a connection and of a statement.</param>
    /// <param name="owner">The type whose connections they are: for messages.</param>
    public DatabaseConnections(string connectionString, int mostConnections, TimeSpan timeout, string owner)
        : this(SourceOf(connectionString, mostConnections, timeout), timeout, owner) => _isOwned = true;

    /// <param name="source">The user's own; it stays open.</param>
    /// <param name="timeout">Of a statement.</param>
    /// <param name="owner">The type whose connections they are: for messages.</param>
    public DatabaseConnections(NpgsqlDataSource source, TimeSpan timeout, string owner)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _owner = owner;
        TimeoutSeconds = SecondsOf(timeout);
        Ended = _ended.Token;
    }

    /// <summary>How long a statement may take, in seconds.</summary>
    public int TimeoutSeconds { get; }

    /// <summary>Cancelled by the end of the owner.</summary>
    public CancellationToken Ended { get; }

    /// <exception cref="ObjectDisposedException">The owner was disposed of.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return _source.OpenConnectionAsync(cancellationToken);
    }

    /// <summary>A statement; <see cref="Add{T}"/> gives it its parameters, in order.</summary>
    public NpgsqlCommand Command(NpgsqlConnection connection, string text) =>
        new(text, connection) { CommandTimeout = TimeoutSeconds };

    /// <summary>Statements in one round trip, each a transaction of its own.</summary>
    public NpgsqlBatch Batch(NpgsqlConnection connection) =>
        new(connection) { Timeout = TimeoutSeconds, EnableErrorBarriers = true };

    public static void Add<T>(NpgsqlParameterCollection parameters, T value) =>
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, _owner);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _ended.CancelAsync().ConfigureAwait(false);
        _ended.Dispose();
        if (_isOwned)
            await _source.DisposeAsync().ConfigureAwait(false);
    }

    private static int SecondsOf(TimeSpan timeout) => (int)Math.Ceiling(timeout.TotalSeconds);

    private static NpgsqlDataSource SourceOf(string connectionString, int mostConnections, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = true,
            MaxPoolSize = mostConnections,
            MinPoolSize = Math.Min(given.MinPoolSize, mostConnections),
            Timeout = Math.Min(SecondsOf(timeout), 1024),

            // Nothing that is used here leaves a session other than it was, and a reset costs as much as an append.
            NoResetOnClose = true,
        };
        if (!given.ContainsKey("Max Auto Prepare"))
            settings.MaxAutoPrepare = PreparedStatements;
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        return builder.Build();
    }
}
