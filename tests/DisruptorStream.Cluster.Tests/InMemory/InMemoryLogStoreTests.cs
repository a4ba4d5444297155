using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Contracts;

namespace DisruptorStream.Cluster.Tests.InMemory;

/// <summary>Topics in memory keep the contract.</summary>
public sealed class InMemoryLogStoreTests : LogTopicsContract
{
    protected override ValueTask<IPartitionLogStore> OpenStoreAsync() => new(new InMemoryLogStore());
}
