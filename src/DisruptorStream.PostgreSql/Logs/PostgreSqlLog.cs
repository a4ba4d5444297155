using System.Data;
using System.Globalization;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.PostgreSql.Connections;
using Npgsql;
using NpgsqlTypes;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>One partition. Positions are 1, 2, 3 and so on, without gaps.</summary>
internal sealed class PostgreSqlLog : IPartitionLog
{
    private const int MostBodyBytes = 64 << 20;
    private const int MostPageRecords = 1024;

    // Each clash was with an append that went well, of the same id: the next try finds that one.
    private const int MostTries = 8;

    private readonly LogServer _server;
    private readonly int _topic;
    private readonly int _partition;
    private readonly PartitionSignal _signal;
    private readonly string _payload;

    /// <param name="server">Where it is.</param>
    /// <param name="name">The topic and the number.</param>
    /// <param name="topic">The number of the topic on the server.</param>
    /// <param name="partition">From 0 on.</param>
    public PostgreSqlLog(LogServer server, string name, int topic, int partition)
    {
        _server = server;
        _topic = topic;
        _partition = partition;
        _signal = server.Listener.Of(topic, partition);
        _payload = LogListener.PayloadOf(topic, partition);
        Name = name;
    }

    public string Name { get; }

    public async ValueTask<LogEntry?> ReadLastAsync(CancellationToken cancellationToken)
    {
        try
        {
            var page = await ReadAsync(_server.Statements.ReadLast, _ => { }, cancellationToken).ConfigureAwait(false);
            if (page.Entries.Count == 0 && page.Last > page.Truncated)
                throw new InvalidDataException($"The log {Name} ends at {page.Last}, and that record is not there.");
            return page.Entries.Count > 0 ? page.Entries[0] : null;
        }
        catch (NpgsqlException failure)
        {
            throw Failed("the last record cannot be read", failure);
        }
    }

    public async ValueTask<long> AppendAsync(LogRecord record, long lastPosition, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lastPosition);
        var headers = Checked(record);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await AppendAsync(
                            _server.Statements.AppendBehind, headers, record.Body, lastPosition, cancellationToken)
                        .ConfigureAwait(false)
                        ?? throw await FencedAsync(lastPosition, cancellationToken).ConfigureAwait(false);
                }
                catch (PostgresException clash) when (PostgreSqlFailures.IsClash(clash) && attempt < MostTries)
                {
                    // Another append was first, and a server that isolates more than is needed says so: look again.
                }
            }
        }
        catch (NpgsqlException failure)
        {
            throw Failed(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it is not known whether the record behind {lastPosition} was appended"),
                failure);
        }
    }

    public async ValueTask<long> AppendAsync(LogRecord record, string id, CancellationToken cancellationToken)
    {
        var headers = Checked(record);
        LogRecords.CheckedId(id);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await AppendAsync(
                            _server.Statements.AppendOnce, headers, record.Body, id, cancellationToken)
                        .ConfigureAwait(false)
                        ?? throw Gone();
                }
                catch (PostgresException clash) when (PostgreSqlFailures.IsClash(clash) && attempt < MostTries)
                {
                    // Somebody else has appended the id at the same time, and it is there now.
                }
            }
        }
        catch (NpgsqlException failure)
        {
            throw Failed($"it is not known whether the record with the id '{id}' was appended", failure);
        }
    }

    public IAsyncEnumerable<LogEntry> ReadAsync(long after, bool follow, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        return new LogReading(this, _server, _signal).ReadAsync(after, follow, cancellationToken);
    }

    /// <summary>The last position, and the one up to which records are no longer kept.</summary>
    public async ValueTask<LogPage> ReadEndsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _server.Connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = _server.Connections.Command(connection, _server.Statements.ReadEnds);
        AddPlace(command.Parameters);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await row.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? new LogPage(row.GetInt64(0), row.GetInt64(1), [])
            : throw Gone();
    }

    /// <summary>Reads what follows a position.</summary>
    /// <param name="after">The position behind which it begins.</param>
    /// <param name="end">The last position that is asked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<LogPage> ReadPageAsync(long after, long end, CancellationToken cancellationToken) => ReadAsync(
        _server.Statements.ReadPage,
        parameters =>
        {
            DatabaseConnections.Add(parameters, after);
            DatabaseConnections.Add(parameters, end);
            DatabaseConnections.Add(parameters, MostPageRecords);
            DatabaseConnections.Add(parameters, (long)_server.Options.PageBytes);
        },
        cancellationToken);

    /// <summary>Forgets records from the first one on.</summary>
    /// <param name="through">The last position that goes.</param>
    /// <param name="cancellationToken">Ends the work; rows that are no longer read may be there still then.</param>
    /// <returns>The last position that is gone.</returns>
    public async ValueTask<long> TruncateAsync(long through, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _server.Connections.OpenAsync(cancellationToken).ConfigureAwait(false);
            var (truncated, first) = await ForgetAsync(connection, through, cancellationToken).ConfigureAwait(false);
            while (first <= truncated)
            {
                // A thousand at a time: a transaction that is short keeps nobody waiting.
                first = Math.Min(first + MostPageRecords - 1, truncated);
                await using var delete = _server.Connections.Command(connection, _server.Statements.Delete);
                AddPlace(delete.Parameters);
                DatabaseConnections.Add(delete.Parameters, first++);
                await delete.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            return truncated;
        }
        catch (NpgsqlException failure)
        {
            throw Failed($"records up to {through} may be there still", failure);
        }
    }

    /// <summary>Nothing: it has no connection of its own.</summary>
    public ValueTask DisposeAsync() => default;

    public IOException Failed(string what, NpgsqlException failure) =>
        new($"The log {Name}: {what}: {failure.Message.TrimEnd('.')}.", failure);

    private static string Checked(LogRecord record) => record.Body.Length <= MostBodyBytes
        ? HeaderText.Of(LogRecords.Checked(record).Headers)
        : throw new ArgumentException(
            $"The record has {record.Body.Length} bytes, and a log takes {MostBodyBytes}; append several records.",
            nameof(record));

    private async ValueTask<long?> AppendAsync<T>(
        string text, string headers, ReadOnlyMemory<byte> body, T condition, CancellationToken cancellationToken)
    {
        await using var connection = await _server.Connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var batch = _server.Connections.Batch(connection);
        var append = new NpgsqlBatchCommand(text);
        AddPlace(append.Parameters);
        DatabaseConnections.Add(append.Parameters, headers);
        append.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>>
        {
            TypedValue = body,
            NpgsqlDbType = NpgsqlDbType.Bytea,
        });
        DatabaseConnections.Add(append.Parameters, condition);
        batch.BatchCommands.Add(append);
        if (_server.Options.Notifies)
        {
            // A transaction of its own: within that of the append all commits of the server would wait for each other.
            var notify = new NpgsqlBatchCommand(LogStatements.Notify);
            DatabaseConnections.Add(notify.Parameters, _server.Channel);
            DatabaseConnections.Add(notify.Parameters, _payload);
            batch.BatchCommands.Add(notify);
        }

        long? position = null;
        try
        {
            await using var row = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            if (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                position = row.GetInt64(0);
            await row.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (position is not null)
        {
            // The record is there, and only the notification failed: readers look by themselves too.
        }

        if (position is not null)
            _signal.Set();
        return position;
    }

    private async ValueTask<LogPage> ReadAsync(
        string text, Action<NpgsqlParameterCollection> addParameters, CancellationToken cancellationToken)
    {
        await using var connection = await _server.Connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = _server.Connections.Command(connection, text);
        AddPlace(command.Parameters);
        addParameters(command.Parameters);
        await using var row = await command
            .ExecuteReaderAsync(CommandBehavior.SequentialAccess | CommandBehavior.SingleResult, cancellationToken)
            .ConfigureAwait(false);
        var entries = new List<LogEntry>();
        var page = default(LogPage?);
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            page = new LogPage(row.GetInt64(0), row.GetInt64(1), entries);
            if (await row.IsDBNullAsync(2, cancellationToken).ConfigureAwait(false))
                break;
            var position = row.GetInt64(2);
            var headers = HeaderText.Read(
                await row.GetFieldValueAsync<string>(3, cancellationToken).ConfigureAwait(false));
            var body = await row.GetFieldValueAsync<byte[]>(4, cancellationToken).ConfigureAwait(false);
            entries.Add(new LogEntry(position, new LogRecord(body, headers)));
        }

        return page ?? throw Gone();
    }

    private async ValueTask<(long Truncated, long First)> ForgetAsync(
        NpgsqlConnection connection, long through, CancellationToken cancellationToken)
    {
        await using var command = _server.Connections.Command(connection, _server.Statements.Truncate);
        AddPlace(command.Parameters);
        DatabaseConnections.Add(command.Parameters, through);
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            throw Gone();
        return (row.GetInt64(0), row.IsDBNull(1) ? long.MaxValue : row.GetInt64(1));
    }

    private async ValueTask<Exception> FencedAsync(long lastPosition, CancellationToken cancellationToken)
    {
        try
        {
            var ends = await ReadEndsAsync(cancellationToken).ConfigureAwait(false);
            var last = ends.Last > ends.Truncated ? ends.Last : 0;
            return new PartitionFencedException(string.Create(
                CultureInfo.InvariantCulture, $"The log {Name} ends at {last} and not at {lastPosition}."));
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            return new PartitionFencedException(string.Create(
                CultureInfo.InvariantCulture, $"The log {Name} does not end at {lastPosition}."));
        }
    }

    private InvalidOperationException Gone() =>
        new($"The log {Name} is no longer on the server: somebody has deleted its row of disruptorstream_partitions.");

    private void AddPlace(NpgsqlParameterCollection parameters)
    {
        DatabaseConnections.Add(parameters, _topic);
        DatabaseConnections.Add(parameters, _partition);
    }
}
