using System.Text;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task InitializeMembershipTable_RubbishIsThere_SaysSoAtOnce(string table)
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

        // The table alone: a silo that began and failed cannot be stopped, and takes a whole processor from then on.
        var silos = host.Services.GetRequiredService<IMembershipTable>();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => silos.InitializeMembershipTableAsync(true, Token));
        Assert.Contains("orleans-tests", failure.Message, StringComparison.Ordinal);
    }
}
