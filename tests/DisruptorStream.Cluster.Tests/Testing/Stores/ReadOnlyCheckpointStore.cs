using DisruptorStream.Cluster.Checkpoints;

namespace DisruptorStream.Cluster.Tests.Testing.Stores;

/// <summary>A store that gives what it has, and takes nothing.</summary>
internal sealed class ReadOnlyCheckpointStore : ICheckpointStore
{
    private readonly ICheckpointStore _inner;

    public ReadOnlyCheckpointStore(ICheckpointStore inner) => _inner = inner;

    public ValueTask<StoredCheckpoint?> ReadAsync(string topic, int partition, CancellationToken cancellationToken) =>
        _inner.ReadAsync(topic, partition, cancellationToken);

    public ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken) =>
        throw new IOException("The store was told to take nothing.");

    public ValueTask DisposeAsync() => default;
}
