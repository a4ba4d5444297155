using System.Text;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

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
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("tests", "tests"))
            .ConfigureEndpoints(System.Net.IPAddress.Loopback, SiloTests.FreePort(), SiloTests.FreePort())
            .UseCheckpointClustering(_ => checkpoints)
            .UseDisruptorStream("bills", _ => Queries.Partitioned(logs, checkpoints)));
        using var host = builder.Build();
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => host.StartAsync(Token).WaitAsync(TimeSpan.FromSeconds(120), Token));
        Assert.Contains("orleans-tests", failure.ToString(), StringComparison.Ordinal);
    }
}
