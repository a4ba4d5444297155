using System.Globalization;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Nats.Connections;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Nats.Logs;

/// <summary>Topics in NATS JetStream: a stream for each partition.</summary>
/// <remarks>
/// <para>
/// The partition 3 of the topic "calls" is the stream <c>ds_calls_3</c> with the subject <c>ds.logs.calls.3</c>; the
/// stream <c>ds_topics</c> says how many partitions each topic has. Positions are the numbers of the messages. A stream
/// for each partition keeps what is missing apart from what is another one's, and lets each have its own leader in a
/// cluster.
/// </para>
/// <para>
/// It has one connection, which is opened with the first call, and opened again when it is lost. What the server does
/// not do is an <see cref="IOException"/>, which says what and where. Any thread.
/// </para>
/// </remarks>
public sealed class NatsLogStore : IPartitionLogStore
{
    private const int StreamsAtOnce = 8;

    private readonly NatsLogOptions _options;
    private readonly NatsLink _link;
    private readonly TopicTable _topics;

    /// <summary>Nothing is opened yet.</summary>
    /// <param name="options">Where, and how; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// <see cref="NatsLogOptions.MaxAge"/> is shorter than <see cref="NatsLogOptions.DuplicateWindow"/>, or the address
    /// is none.
    /// </exception>
    public NatsLogStore(NatsLogOptions? options = null)
    {
        _options = options ?? new NatsLogOptions();
        if (_options.MaxAge > TimeSpan.Zero && _options.MaxAge < _options.DuplicateWindow)
        {
            throw new ArgumentException(
                $"MaxAge ({_options.MaxAge}) is shorter than DuplicateWindow ({_options.DuplicateWindow}): the id of a "
                + "record is known as long as the record is kept.",
                nameof(options));
        }

        _link = new NatsLink(_options);
        _topics = new TopicTable(_link, _options);
    }

    /// <inheritdoc/>
    public async ValueTask CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        TopicNames.Checked(topic);
        TopicNames.Checked(partitions);
        var entry = await _topics.ReadAsync(topic, cancellationToken).ConfigureAwait(false);
        if (entry.Partitions == 0)
            entry = await _topics.AddAsync(topic, partitions, cancellationToken).ConfigureAwait(false);
        if (entry.Partitions != partitions)
            throw TopicNames.OtherCount(topic, entry.Partitions, partitions);
        if (entry.IsMade)
            return;
        await Parallel.ForAsync(
            0,
            partitions,
            new ParallelOptions { MaxDegreeOfParallelism = StreamsAtOnce, CancellationToken = cancellationToken },
            async (partition, token) => await _link.MakeAsync(ConfigOf(topic, partition, partitions), token)
                .ConfigureAwait(false)).ConfigureAwait(false);
        await _topics.CompleteAsync(topic, entry, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> CountPartitionsAsync(string topic, CancellationToken cancellationToken) =>
        (await _topics.ReadAsync(TopicNames.Checked(topic), cancellationToken).ConfigureAwait(false)).Partitions;

    /// <inheritdoc/>
    public async ValueTask<IPartitionLog> OpenAsync(
        string topic, int partition, CancellationToken cancellationToken)
    {
        TopicNames.Checked(topic);
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        var entry = await _topics.ReadAsync(topic, cancellationToken).ConfigureAwait(false);
        if (partition >= entry.Partitions)
            throw TopicNames.NotThere(topic, partition, entry.Partitions);

        // Who makes the topic may have been ended in the middle, or is not done yet.
        if (!entry.IsMade)
        {
            await _link.MakeAsync(ConfigOf(topic, partition, entry.Partitions), cancellationToken)
                .ConfigureAwait(false);
        }

        return new NatsLog(
            _link,
            $"{topic}/{partition}",
            StreamOf(topic, partition),
            SubjectOf(topic, partition),
            _options.ReadAheadBytes);
    }

    /// <summary>Closes the connection. Logs that were opened refuse all calls then.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private string StreamOf(string topic, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{_options.Prefix}_{topic}_{partition}");

    private string SubjectOf(string topic, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{_options.Prefix}.logs.{topic}.{partition}");

    private StreamConfig ConfigOf(string topic, int partition, int partitions) => new(
        StreamOf(topic, partition), [SubjectOf(topic, partition)])
    {
        Description = string.Create(
            CultureInfo.InvariantCulture, $"DisruptorStream: partition {partition} of {partitions} of '{topic}'"),
        AllowDirect = false,
        DenyDelete = true,
        DuplicateWindow = _options.DuplicateWindow,
        MaxAge = _options.MaxAge,
        MaxBytes = _options.MaxBytes == 0 ? -1 : _options.MaxBytes,
        NumReplicas = _options.Replicas,
        Storage = TopicTable.StorageOf(_options),
    };
}
