using System.Text;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Tests.Testing;

namespace DisruptorStream.Cluster.Tests.Orleans;

/// <summary>A silo whose table of silos is rubbish.</summary>
public sealed class DamagedTableTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rubbish")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{}")]
    public async Task Silo_TableThatIsNone_SaysSoAtOnce(string table)
    {
        await using var checkpoints = new InMemoryCheckpointStore();
        await using var logs = new InMemoryLogStore();
        await checkpoints.WriteAsync(
            "orleans-tests",
            0,
            new Checkpoint { Epoch = 1, Position = 1, State = Encoding.UTF8.GetBytes(table) },
            0,
            Token);
        using var host = TestSilo.Build(Queries.Partitioned(logs, checkpoints));
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => host.StartAsync(Token).WaitAsync(TimeSpan.FromSeconds(120), Token));
        Assert.Contains("orleans-tests", failure.ToString(), StringComparison.Ordinal);
    }
}
