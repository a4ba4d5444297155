using DisruptorStream.Cluster.Checkpoints;

namespace DisruptorStream.Cluster.Tests.Testing.Stores;

/// <summary>An empty store of checkpoints, whose writes never end, whatever their token says.</summary>
internal sealed class HangingCheckpointStore : ICheckpointStore
{
    /// <summary>Completes with the first write.</summary>
    public TaskCompletionSource IsAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<StoredCheckpoint?> ReadAsync(
        string topic, int partition, CancellationToken cancellationToken) => default;

    public ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken)
    {
        IsAsked.TrySetResult();
        return new(new TaskCompletionSource<long>().Task);
    }

    public ValueTask DisposeAsync() => default;
}
