using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Sinks.Tests;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Cluster.Tests.Orleans;

/// <summary>Silos that find each other by Orleans' own table, which is in Redis.</summary>
public sealed class RedisSiloTests
{
    private const int Calls = 600;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_OneOfThemStops_TheResultsAreExact()
    {
        var server = new ServerScript("redis", TimeSpan.FromMinutes(1));
        var address = await server.StartAsync();
        try
        {
            await using var logs = new InMemoryLogStore();
            await using var checkpoints = new InMemoryCheckpointStore();
            var query = TestSilo.Query(logs, checkpoints, partitions: 8);
            using var first = await StartAsync(query, address);
            using var second = await StartAsync(query, address);
            var load = Task.Run(() => TestSilo.WriteAsync(query, 0, Calls), Token);
            await Task.Delay(300, Token);
            await first.StopAsync(Token).WaitAsync(Bound, Token);
            await load.WaitAsync(Bound, Token);
            Assert.Equal(Calls, await TestSilo.EndAsync(query, Bound));
            await second.StopAsync(Token).WaitAsync(Bound, Token);
        }
        finally
        {
            await server.DoAsync("stop");
        }
    }

    private static async Task<IHost> StartAsync(PartitionedQuery<Call, string> query, string address)
    {
        var host = TestSilo.Build(query, clustering: silo => silo.UseRedisClustering(address));
        await host.StartAsync(Token).WaitAsync(Bound, Token);
        return host;
    }
}
