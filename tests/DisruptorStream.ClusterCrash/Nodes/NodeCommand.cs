using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DisruptorStream.Cluster;
using DisruptorStream.ClusterCrash.Servers;
using DisruptorStream.ClusterCrash.Workloads;
using DisruptorStream.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace DisruptorStream.ClusterCrash.Nodes;

/// <summary>A process that runs partitions until it is told to end.</summary>
internal static class NodeCommand
{
    /// <summary>What a node says when it has begun.</summary>
    public const string Ready = "This node is ready.";

    public static async Task<int> RunAsync(NodeOptions options)
    {
        await using var stores = LogServer.Open(options.Kind, options.Address);
        var workload = new Workload(
            options.Round, stores.Logs, stores.Checkpoints, new ConsoleLogger(options.Index), options.Version);
        if (options.Scheduler == NodeScheduler.Orleans)
            await RunSiloAsync(options, stores, workload);
        else
            await RunAllAsync(workload);
        return 0;
    }

    private static async Task RunSiloAsync(NodeOptions options, Stores stores, Workload workload)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.Round, "crash"))
            .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort())
            .UseCheckpointClustering(_ => stores.Checkpoints)
            .UseFastFailover()
            .UseDisruptorStream("bills", _ => workload.Bills, new PlacementOptions { Standbys = options.Standbys })
            .UseDisruptorStream("sums", _ => workload.Sums));
        if (options.IsProbed)
            builder.Services.AddHostedService<PlacementProbe>();
        using var host = builder.Build();
        await host.StartAsync();
        Console.Error.WriteLine(Ready);
        await host.WaitForShutdownAsync();
    }

    /// <summary>Makes a new owner where one has ended, as a scheduler without sense does.</summary>
    private static async Task RunAllAsync(Workload workload)
    {
        using var end = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            end.Cancel();
        });
        var partitions = new List<Task>();
        for (var partition = 0; partition < Workload.Partitions; partition++)
        {
            var own = partition;
            partitions.Add(OwnAsync(() => workload.Bills.NewOwner(own), end.Token));
            partitions.Add(OwnAsync(() => workload.Sums.NewOwner(own), end.Token));
        }

        Console.Error.WriteLine(Ready);
        await Task.WhenAll(partitions);
    }

    private static async Task OwnAsync(Func<PartitionOwner> make, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await using var owner = make();
            owner.Start();
            await owner.Completion.WaitAsync(end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await owner.StopAsync(CancellationToken.None);

            // Long enough for the one that fenced it to get on.
            await Task.Delay(Random.Shared.Next(100, 800), end)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
