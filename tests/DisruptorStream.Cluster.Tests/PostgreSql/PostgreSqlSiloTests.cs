using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.PostgreSql.Checkpoints;
using DisruptorStream.PostgreSql.Logs;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Cluster.Tests.PostgreSql;

/// <summary>Silos that have PostgreSQL alone: for the log, for checkpoints, and to find each other.</summary>
public sealed class PostgreSqlSiloTests
{
    private const int Calls = 1_200;
    private const int Partitions = 4;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_ServerIsKilledAndASiloStops_TheResultsAreExact()
    {
        await using var server = await TestServer.StartAsync();
        await using var logs = new PostgreSqlLogStore(server.ConnectionString, new PostgreSqlLogOptions
        {
            CreateTables = true,
            PollInterval = TimeSpan.FromMilliseconds(50),
            Timeout = TimeSpan.FromSeconds(10),
        });
        await using var checkpoints = new PostgreSqlCheckpointStore(
            server.ConnectionString, new PostgreSqlCheckpointOptions { CreateTables = true });
        var query = TestSilo.Query(logs, checkpoints, Partitions);
        var silos = new List<IHost> { await StartAsync(query), await StartAsync(query) };
        try
        {
            var writing = Task.Run(() => TestSilo.WriteAsync(query, 0, Calls), Token);
            await Task.WhenAny(writing, Task.Delay(500, Token));
            await server.KillAsync();
            await server.StartAgainAsync();
            await StopAsync(silos[0]);
            silos.RemoveAt(0);
            await writing.WaitAsync(Bound, Token);
            Assert.Equal(Calls, await TestSilo.EndAsync(query, Bound));
        }
        finally
        {
            foreach (var silo in silos)
                await StopAsync(silo);
        }
    }

    private static async Task<IHost> StartAsync(PartitionedQuery<Call, string> query)
    {
        var host = TestSilo.Build(query);
        await host.StartAsync(Token).WaitAsync(Bound, Token);
        return host;
    }

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None).WaitAsync(Bound, CancellationToken.None);
        host.Dispose();
    }
}
