using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Tests.InMemory;

/// <summary>Of two who replace the same checkpoint, one is refused.</summary>
public sealed class InMemoryCheckpointStoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteAsync_OfTwoWithTheSameRevision_OneIsRefused()
    {
        await using var store = new InMemoryCheckpointStore();
        Assert.Null(await store.ReadAsync("calls", 0, Token));
        var first = await store.WriteAsync("calls", 0, At(1), 0, Token);
        await Assert.ThrowsAsync<PartitionFencedException>(
            async () => await store.WriteAsync("calls", 0, At(2), 0, Token));
        var second = await store.WriteAsync("calls", 0, At(3), first, Token);
        await Assert.ThrowsAsync<PartitionFencedException>(
            async () => await store.WriteAsync("calls", 0, At(4), first, Token));

        var newest = await store.ReadAsync("calls", 0, Token);
        Assert.Equal((second, 3L), (newest!.Revision, newest.Checkpoint.Position));
        Assert.Null(await store.ReadAsync("calls", 1, Token));
    }

    private static Checkpoint At(long position) => new() { Epoch = 1, Position = position, State = new byte[] { 1 } };
}
