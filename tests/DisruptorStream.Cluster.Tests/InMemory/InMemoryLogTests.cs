using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Contracts;

namespace DisruptorStream.Cluster.Tests.InMemory;

/// <summary>A log in memory keeps the contract.</summary>
public sealed class InMemoryLogTests : LogReadingContract
{
    protected override ValueTask<IPartitionLogStore> OpenStoreAsync() => new(new InMemoryLogStore());

    protected override ValueTask TruncateAsync(IPartitionLogStore store, string topic, int partition, long through)
    {
        ((InMemoryLogStore)store).Truncate(topic, partition, through);
        return default;
    }
}
