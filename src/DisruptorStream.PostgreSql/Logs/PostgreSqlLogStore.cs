using DisruptorStream.Cluster.Logs;
using DisruptorStream.PostgreSql.Connections;
using Npgsql;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>Topics in tables of a PostgreSQL database: a record is a row, and its primary key fences.</summary>
/// <remarks>
/// <para>An append is one round trip and one transaction, which changes the partition's row and adds the record. No
/// lock outlives it. Positions are 1, 2, 3 and so on, without gaps.</para>
/// <para>Three tables have it all: <c>disruptorstream_topics</c>, <c>disruptorstream_partitions</c> and
/// <c>disruptorstream_records</c>. Connect to the primary server, not to one that follows it.</para>
/// <para>Any thread, several calls at a time. A call holds a connection for as long as it lasts; while readers follow,
/// the store has one more, which listens. What goes wrong with the server is thrown as an
/// <see cref="IOException"/>.</para>
/// </remarks>
public sealed class PostgreSqlLogStore : IPartitionLogStore
{
    private readonly LogServer _server;

    /// <summary>A store with connections of its own.</summary>
    /// <param name="connectionString">Such as <c>Host=localhost;Database=events;Username=app</c>.</param>
    /// <param name="options">The schema and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">The connection string cannot be read, or a name is too long.</exception>
    public PostgreSqlLogStore(string connectionString, PostgreSqlLogOptions? options = null)
    {
        options ??= new PostgreSqlLogOptions();
        _server = new LogServer(
            new DatabaseConnections(
                connectionString, options.MaxConnections, options.Timeout, nameof(PostgreSqlLogStore)),
            options);
    }

    /// <summary>A store with the connections of a data source.</summary>
    /// <param name="dataSource">The caller's, and stays open. Its pool says how many connections there are.</param>
    /// <param name="options">The schema and the like. Null for the defaults.</param>
    /// <exception cref="ArgumentException">A name is too long.</exception>
    public PostgreSqlLogStore(NpgsqlDataSource dataSource, PostgreSqlLogOptions? options = null)
    {
        options ??= new PostgreSqlLogOptions();
        _server = new LogServer(
            new DatabaseConnections(dataSource, options.Timeout, nameof(PostgreSqlLogStore)), options);
    }

    /// <inheritdoc/>
    public async ValueTask CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        TopicNames.Checked(topic);
        TopicNames.Checked(partitions);
        await RunAsync(
            $"the topic '{topic}' cannot be made",
            async connection =>
            {
                await using var add = _server.Connections.Command(connection, _server.Statements.AddTopic);
                DatabaseConnections.Add(add.Parameters, topic);
                DatabaseConnections.Add(add.Parameters, partitions);
                await add.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                var (_, there) = await TopicAsync(connection, topic, cancellationToken).ConfigureAwait(false);
                return there == partitions ? there : throw TopicNames.OtherCount(topic, there, partitions);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> CountPartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        TopicNames.Checked(topic);
        return await RunAsync(
            $"the topic '{topic}' cannot be looked up",
            async connection => (await TopicAsync(connection, topic, cancellationToken).ConfigureAwait(false)).Count,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IPartitionLog> OpenAsync(string topic, int partition, CancellationToken cancellationToken) =>
        await FindAsync(topic, partition, cancellationToken).ConfigureAwait(false);

    /// <summary>Forgets the oldest records of a partition: their rows go, a thousand in a transaction.</summary>
    /// <param name="topic">The name of its topic.</param>
    /// <param name="partition">From 0 on.</param>
    /// <param name="through">The position of the last record that goes.</param>
    /// <param name="cancellationToken">Ends the work; the next call deletes the rows that are there still.</param>
    /// <returns>
    /// The position up to which records are gone. It is below <paramref name="through"/> where records were appended
    /// with an id in the last two minutes: these stay.
    /// </returns>
    /// <exception cref="InvalidOperationException">There is no such topic or partition.</exception>
    /// <exception cref="IOException">The server is away, or refuses.</exception>
    public async ValueTask<long> TruncateAsync(
        string topic, int partition, long through, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(through);
        await using var log = await FindAsync(topic, partition, cancellationToken).ConfigureAwait(false);
        return await log.TruncateAsync(through, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes its connections. The topics stay; readers and calls that are under way end.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async ValueTask<PostgreSqlLog> FindAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        TopicNames.Checked(topic);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        var (number, count) = await RunAsync(
            $"the topic '{topic}' cannot be looked up",
            connection => TopicAsync(connection, topic, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return partition < count
            ? new PostgreSqlLog(_server, $"{topic}/{partition}", number, partition)
            : throw TopicNames.NotThere(topic, partition, count);
    }

    private async ValueTask<T> RunAsync<T>(
        string failing, Func<NpgsqlConnection, ValueTask<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            await _server.PrepareAsync(cancellationToken).ConfigureAwait(false);
            await using var connection = await _server.Connections.OpenAsync(cancellationToken).ConfigureAwait(false);
            return await run(connection).ConfigureAwait(false);
        }
        catch (NpgsqlException failure)
        {
            throw new IOException($"PostgreSQL: {failing}: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    private async ValueTask<(int Number, int Count)> TopicAsync(
        NpgsqlConnection connection, string topic, CancellationToken cancellationToken)
    {
        await using var read = _server.Connections.Command(connection, _server.Statements.ReadTopic);
        DatabaseConnections.Add(read.Parameters, topic);
        await using var row = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await row.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? (row.GetInt32(0), row.GetInt32(1))
            : (0, 0);
    }
}
