using Npgsql;

namespace DisruptorStream.PostgreSql.Connections;

/// <summary>Tables that belong together, and how they are made.</summary>
/// <param name="Last">The one that is made last, as statements name it: with it all are there.</param>
/// <param name="Statements">What makes them, in order.</param>
internal sealed record DatabaseTables(string Last, IReadOnlyList<string> Statements)
{
    /// <summary>Of all who make tables at the same time one does so. Only while the transaction lasts.</summary>
    private const string Lock = "SELECT pg_advisory_xact_lock(4921503373)";

    /// <summary>Makes the tables, where they are to be made and are not there.</summary>
    /// <exception cref="InvalidOperationException">They are not there, and are not to be made.</exception>
    public async ValueTask EnsureAsync(
        DatabaseConnections connections,
        NpgsqlConnection connection,
        bool isCreating,
        CancellationToken cancellationToken)
    {
        if (await IsThereAsync(connections, connection, cancellationToken).ConfigureAwait(false))
            return;
        if (!isCreating)
        {
            throw new InvalidOperationException(
                $"There is no table {Last}; set CreateTables, or make the tables: {string.Join("; ", Statements)};");
        }

        try
        {
            await CreateAsync(connections, connection, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.DuplicateTable)
        {
            // Somebody else was first: then all are there now.
            if (!await IsThereAsync(connections, connection, cancellationToken).ConfigureAwait(false))
                throw;
        }
    }

    private async ValueTask CreateAsync(
        DatabaseConnections connections, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await RunAsync(connections, connection, Lock, cancellationToken).ConfigureAwait(false);
        foreach (var statement in Statements)
            await RunAsync(connections, connection, statement, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask RunAsync(
        DatabaseConnections connections, NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
        await using var command = connections.Command(connection, text);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> IsThereAsync(
        DatabaseConnections connections, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var probe = connections.Command(connection, "SELECT to_regclass($1) IS NOT NULL");
        DatabaseConnections.Add(probe.Parameters, Last);
        return await probe.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }
}
