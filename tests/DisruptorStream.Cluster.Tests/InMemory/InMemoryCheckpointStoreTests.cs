using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Tests.Contracts;

namespace DisruptorStream.Cluster.Tests.InMemory;

/// <summary>Checkpoints in memory keep the contract.</summary>
public sealed class InMemoryCheckpointStoreTests : CheckpointStoreContract
{
    protected override ValueTask<ICheckpointStore> OpenStoreAsync() => new(new InMemoryCheckpointStore());
}
