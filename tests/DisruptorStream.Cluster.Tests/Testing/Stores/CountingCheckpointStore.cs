using DisruptorStream.Cluster.Checkpoints;

namespace DisruptorStream.Cluster.Tests.Testing.Stores;

/// <summary>Counts what one owner or standby writes to a store that others share.</summary>
internal sealed class CountingCheckpointStore : ICheckpointStore
{
    private readonly ICheckpointStore _inner;
    private int _tries;
    private int _writes;

    public CountingCheckpointStore(ICheckpointStore inner) => _inner = inner;

    /// <summary>How often it was asked to.</summary>
    public int Tries => Volatile.Read(ref _tries);

    /// <summary>How often that replaced what was there.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public ValueTask<StoredCheckpoint?> ReadAsync(string topic, int partition, CancellationToken cancellationToken) =>
        _inner.ReadAsync(topic, partition, cancellationToken);

    public ValueTask<CheckpointPlace?> FindAsync(string topic, int partition, CancellationToken cancellationToken) =>
        _inner.FindAsync(topic, partition, cancellationToken);

    public async ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _tries);
        var written = await _inner.WriteAsync(topic, partition, checkpoint, revision, cancellationToken);
        Interlocked.Increment(ref _writes);
        return written;
    }

    public ValueTask DisposeAsync() => default;
}
