using DisruptorStream.Cluster.Checkpoints;

namespace DisruptorStream.Cluster.Tests.Testing.Stores;

/// <summary>A store whose checkpoint is damaged until it is replaced.</summary>
internal sealed class DamagedCheckpointStore : ICheckpointStore
{
    private readonly ICheckpointStore _inner;
    private volatile bool _isMended;

    public DamagedCheckpointStore(ICheckpointStore inner) => _inner = inner;

    public bool IsMended => _isMended;

    public async ValueTask<StoredCheckpoint?> ReadAsync(
        string topic, int partition, CancellationToken cancellationToken)
    {
        var stored = await _inner.ReadAsync(topic, partition, cancellationToken);
        return _isMended || stored is null
            ? stored
            : throw new DamagedCheckpointException("It was told to be damaged.") { Revision = stored.Revision };
    }

    public async ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken)
    {
        var written = await _inner.WriteAsync(topic, partition, checkpoint, revision, cancellationToken);
        _isMended = true;
        return written;
    }

    public ValueTask DisposeAsync() => default;
}
