using System.Net;
using DisruptorStream.Nats.Checkpoints;
using DisruptorStream.Nats.Logs;
using DisruptorStream.Orleans;
using Orleans.Configuration;

namespace Cluster.Silos;

/// <summary>A process that owns partitions, and tells of all of them.</summary>
internal static class SiloApp
{
    public static async Task RunAsync(SiloOptions options)
    {
        await using var logs = new NatsLogStore(new NatsLogOptions { Url = options.Log });
        await using var checkpoints = new NatsCheckpointStore(new NatsCheckpointOptions { Url = options.Log });
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, options.HttpPort));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("DisruptorStream", LogLevel.Information);
        builder.Services.AddHealthChecks().AddDisruptorStreamPartitions("ready");
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("calls", "calls"))
            .Configure<Orleans.Configuration.SiloOptions>(named => named.SiloName = $"silo {options.Number}")
            .ConfigureEndpoints(IPAddress.Loopback, options.SiloPort, options.GatewayPort)
            .UseCheckpointClustering(_ => checkpoints)
            .UseFastFailover()
            .UseDisruptorStream(
                "bills",
                services => Bills.On(
                    logs, checkpoints, services.GetRequiredService<ILoggerFactory>().CreateLogger("DisruptorStream")),
                new PlacementOptions { Standbys = 1 }));
        var app = builder.Build();
        app.MapGet("/partitions", (PartitionTable table, CancellationToken cancelled) => table.ReadAsync(cancelled));
        app.MapHealthChecks("/health");

        // Who started it keeps its input open: a silo does not outlive the page.
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            app.Lifetime.StopApplication();
        });
        await app.RunAsync();
    }
}
