using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.ClusterCrash.Servers;

/// <summary>What a server keeps.</summary>
internal sealed record Stores(IPartitionLogStore Logs, ICheckpointStore Checkpoints) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Checkpoints.DisposeAsync();
        await Logs.DisposeAsync();
    }
}
