using System.Globalization;
using DisruptorStream.PostgreSql.Connections;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>What the partitions of a store share: connections, statements, and who listens.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class LogServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _preparing = new(1);
    private volatile bool _isReady;

    public LogServer(DatabaseConnections connections, PostgreSqlLogOptions options)
    {
        Connections = connections;
        Options = options;
        Statements = new LogStatements(options.Schema);
        Listener = new LogListener(connections, options);
    }

    public DatabaseConnections Connections { get; }

    public PostgreSqlLogOptions Options { get; }

    public LogStatements Statements { get; }

    public LogListener Listener { get; }

    /// <summary>On what appends are told. Known when <see cref="PrepareAsync"/> has ended.</summary>
    public string Channel { get; private set; } = "";

    /// <summary>Sees once that the tables are there and that the server keeps what it confirms.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        Connections.ThrowIfDisposed();
        if (_isReady)
            return;
        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isReady)
                return;
            await using var connection = await Connections.OpenAsync(cancellationToken).ConfigureAwait(false);
            await Statements.Tables.EnsureAsync(Connections, connection, Options.CreateTables, cancellationToken)
                .ConfigureAwait(false);
            await using var settings = Connections.Command(connection, Statements.Settings);
            await using var row = await settings.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await row.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (!Options.AllowsAsynchronousCommit && string.Equals(row.GetString(0), "off", StringComparison.Ordinal))
            {
                throw new InvalidOperationException(
                    "The server answers before a record is on its disk (synchronous_commit = off), so that a crash of "
                    + "it takes records that were confirmed. Set it to on for this role or database, or set "
                    + "AllowsAsynchronousCommit.");
            }

            Channel = string.Create(CultureInfo.InvariantCulture, $"disruptorstream_{row.GetInt64(1)}");
            _isReady = true;
        }
        finally
        {
            _preparing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Connections.DisposeAsync().ConfigureAwait(false);
        await Listener.EndAsync().ConfigureAwait(false);
    }
}
