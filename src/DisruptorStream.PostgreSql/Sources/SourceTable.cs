using System.Globalization;
using DisruptorStream.PostgreSql.Connections;
using Npgsql;

namespace DisruptorStream.PostgreSql.Sources;

/// <summary>The table of a source, by one connection.</summary>
/// <remarks>One call at a time.</remarks>
internal sealed class SourceTable : IAsyncDisposable
{
    private readonly DatabaseConnections _connections;
    private readonly NpgsqlConnection _connection;
    private readonly SourceStatements _statements;

    public SourceTable(DatabaseConnections connections, NpgsqlConnection connection, SourceStatements statements)
    {
        _connections = connections;
        _connection = connection;
        _statements = statements;
    }

    /// <summary>The table, as statements name it.</summary>
    public string Name => _statements.Table;

    /// <summary>Whether rows tell by which transaction they were added.</summary>
    public bool HasTransactions => _statements.HasTransactions;

    /// <exception cref="InvalidOperationException">The server does not know who writes.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        await using var command = _connections.Command(_connection, SourceStatements.IsFollower);
        if (!HasTransactions && await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true)
        {
            throw new InvalidOperationException(
                $"The server of the table {Name} follows another one, and does not know who writes to it; connect to "
                + "the primary server, or give the table a TransactionColumn.");
        }
    }

    /// <summary>The greatest key that is visible; null for a table without rows.</summary>
    public async ValueTask<long?> ReadGreatestKeyAsync(CancellationToken cancellationToken)
    {
        await using var command = _connections.Command(_connection, _statements.ReadGreatestKey);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as long?;
    }

    /// <summary>The transactions that have written to the table and have not ended.</summary>
    public async ValueTask<HashSet<string>> ReadWritersAsync(CancellationToken cancellationToken)
    {
        await using var command = _connections.Command(_connection, _statements.ReadWriters);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var writers = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            writers.Add(row.GetString(0));
        return writers;
    }

    /// <summary>What reads rows behind a place.</summary>
    /// <param name="after">Null for all.</param>
    /// <param name="through">The greatest key; of no effect where there are transactions.</param>
    /// <param name="count">The most rows.</param>
    public NpgsqlCommand ReadRows(RowPlace? after, long through, int count)
    {
        var command = _connections.Command(
            _connection, HasTransactions ? _statements.ReadByTransaction : _statements.ReadByKey);
        if (HasTransactions)
        {
            AddPlace(command.Parameters, after);
        }
        else
        {
            DatabaseConnections.Add(command.Parameters, after?.Key ?? long.MinValue);
            DatabaseConnections.Add(command.Parameters, through);
        }

        DatabaseConnections.Add(command.Parameters, count);
        return command;
    }

    /// <summary>Whether there are rows behind a place, also such as cannot be given yet. Where there are transactions.
    /// </summary>
    public async ValueTask<bool> HasMoreAsync(RowPlace? after, CancellationToken cancellationToken)
    {
        await using var command = _connections.Command(_connection, _statements.HasMore);
        AddPlace(command.Parameters, after);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }

    private static void AddPlace(NpgsqlParameterCollection parameters, RowPlace? after)
    {
        DatabaseConnections.Add(parameters, (after?.Transaction ?? 0).ToString(CultureInfo.InvariantCulture));
        DatabaseConnections.Add(parameters, after?.Key ?? long.MinValue);
    }
}
