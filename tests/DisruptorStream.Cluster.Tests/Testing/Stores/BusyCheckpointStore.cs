using DisruptorStream.Cluster.Checkpoints;

namespace DisruptorStream.Cluster.Tests.Testing.Stores;

/// <summary>A store in which somebody else writes all the time.</summary>
internal sealed class BusyCheckpointStore : ICheckpointStore
{
    private long _finds;
    private long _writes;

    /// <summary>How far he is.</summary>
    public Func<long> Position { get; set; } = static () => 0;

    /// <summary>How often it was asked for the newest.</summary>
    public long Finds => Interlocked.Read(ref _finds);

    /// <summary>How often it was given one.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    public ValueTask<StoredCheckpoint?> ReadAsync(string topic, int partition, CancellationToken cancellationToken) =>
        default;

    public ValueTask<CheckpointPlace?> FindAsync(string topic, int partition, CancellationToken cancellationToken) =>
        new(new CheckpointPlace(Interlocked.Increment(ref _finds), DateTimeOffset.UtcNow, 1, Position()));

    public ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken) =>
        new(Interlocked.Increment(ref _writes) + revision);

    public ValueTask DisposeAsync() => default;
}
