using System.Collections.Concurrent;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.InMemory;

/// <summary>Topics in the memory of this process: for tests, and to try partitions without a server.</summary>
/// <remarks>Gone with the process. Any thread.</remarks>
public sealed class InMemoryLogStore : IPartitionLogStore
{
    private readonly ConcurrentDictionary<string, InMemoryLog[]> _topics = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TopicNames.Checked(topic);
        TopicNames.Checked(partitions);
        var logs = _topics.GetOrAdd(topic, static (name, count) => Logs(name, count), partitions);
        return logs.Length == partitions
            ? default
            : ValueTask.FromException(TopicNames.OtherCount(topic, logs.Length, partitions));
    }

    /// <inheritdoc/>
    public ValueTask<int> CountPartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_topics.TryGetValue(TopicNames.Checked(topic), out var logs) ? logs.Length : 0);
    }

    /// <inheritdoc/>
    public ValueTask<IPartitionLog> OpenAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        var logs = _topics.GetValueOrDefault(TopicNames.Checked(topic), []);
        return partition < logs.Length
            ? new ValueTask<IPartitionLog>(logs[partition])
            : ValueTask.FromException<IPartitionLog>(TopicNames.NotThere(topic, partition, logs.Length));
    }

    /// <summary>Forgets the first records of a partition, as a server does with old ones.</summary>
    /// <param name="topic">The name of its topic.</param>
    /// <param name="partition">From 0 on.</param>
    /// <param name="through">The position of the last record that is forgotten.</param>
    /// <exception cref="InvalidOperationException">There is no such topic or partition.</exception>
    public void Truncate(string topic, int partition, long through)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        var logs = _topics.GetValueOrDefault(TopicNames.Checked(topic), []);
        if (partition >= logs.Length)
            throw TopicNames.NotThere(topic, partition, logs.Length);
        logs[partition].Truncate(through);
    }

    /// <summary>Does nothing: the topics stay, for others who use the store.</summary>
    public ValueTask DisposeAsync() => default;

    private static InMemoryLog[] Logs(string topic, int count)
    {
        var logs = new InMemoryLog[count];
        for (var partition = 0; partition < count; partition++)
            logs[partition] = new InMemoryLog($"{topic}/{partition}");
        return logs;
    }
}
