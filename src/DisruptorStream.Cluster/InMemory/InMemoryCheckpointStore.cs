using System.Collections.Concurrent;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.InMemory;

/// <summary>Checkpoints in the memory of this process: for tests.</summary>
/// <remarks>Gone with the process. Any thread.</remarks>
public sealed class InMemoryCheckpointStore : ICheckpointStore
{
    private readonly ConcurrentDictionary<(string Topic, int Partition), StoredCheckpoint> _newest = new();
    private readonly TimeProvider _time;

    /// <summary>Without checkpoints.</summary>
    /// <param name="timeProvider">Says when a checkpoint was written. Null for the system's clock.</param>
    public InMemoryCheckpointStore(TimeProvider? timeProvider = null) => _time = timeProvider ?? TimeProvider.System;

    /// <inheritdoc/>
    public ValueTask<StoredCheckpoint?> ReadAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        return new(_newest.GetValueOrDefault((TopicNames.Checked(topic), partition)));
    }

    /// <inheritdoc/>
    public ValueTask<CheckpointPlace?> FindAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        return new(_newest.GetValueOrDefault((TopicNames.Checked(topic), partition))?.Place);
    }

    /// <inheritdoc/>
    public ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var place = (TopicNames.Checked(topic), partition);
        var next = new StoredCheckpoint(
            revision + 1, _time.GetUtcNow(), checkpoint with { State = checkpoint.State.ToArray() });
        var replaced = revision == 0
            ? _newest.TryAdd(place, next)
            : _newest.TryGetValue(place, out var there) && there.Revision == revision
                && _newest.TryUpdate(place, next, there);
        return replaced
            ? new(next.Revision)
            : ValueTask.FromException<long>(new PartitionFencedException(
                $"The checkpoint of {topic}/{partition} is no longer revision {revision}."));
    }

    /// <summary>Does nothing: the checkpoints stay, for others who use the store.</summary>
    public ValueTask DisposeAsync() => default;
}
