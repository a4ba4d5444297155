using System.Net;
using System.Net.Sockets;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Orleans;
using DisruptorStream.PostgreSql.Checkpoints;
using DisruptorStream.PostgreSql.Logs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

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
        var query = Queries.Partitioned(logs, checkpoints, Partitions);
        var silos = new List<IHost> { await StartAsync(logs, checkpoints), await StartAsync(logs, checkpoints) };
        try
        {
            var writing = Task.Run(() => WriteAsync(query), Token);
            await Task.WhenAny(writing, Task.Delay(500, Token));
            await server.KillAsync();
            await server.StartAgainAsync();
            await StopAsync(silos[0]);
            silos.RemoveAt(0);
            await writing.WaitAsync(Bound, Token);
            var calls = 0L;
            for (var partition = 0; partition < Partitions; partition++)
            {
                await ResultLog.WaitForEndAsync(logs, partition, Token).WaitAsync(Bound, Token);
                await query.VerifyAsync(partition, Token);
                calls += (await ResultLog.ReadAsync(logs, partition, Token)).Sum(bill => bill.Calls);
            }

            Assert.Equal(Calls, calls);
        }
        finally
        {
            foreach (var silo in silos)
                await StopAsync(silo);
        }
    }

    private static async Task<IHost> StartAsync(PostgreSqlLogStore logs, PostgreSqlCheckpointStore checkpoints)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("tests", "tests"))
            .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort())
            .UseCheckpointClustering(_ => checkpoints)
            .UseDisruptorStream("bills", _ => Queries.Partitioned(logs, checkpoints, Partitions)));
        var host = builder.Build();
        await host.StartAsync(Token).WaitAsync(Bound, Token);
        return host;
    }

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None).WaitAsync(Bound, CancellationToken.None);
        host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WriteAsync(PartitionedQuery<Call, string> query)
    {
        await using var writer = query.NewWriter(new() { MaxRecordBytes = 1024 });
        for (var at = 0; at < Calls; at++)
        {
            await writer.WriteAsync(new Call($"tenant {at % 41}", at + (at * 31 % 17), 1), Token);
            if (at % 20 == 0)
                await Task.Delay(10, Token);
        }

        await writer.CompleteAsync(Token);
    }
}
