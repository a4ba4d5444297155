using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DisruptorStream.Building;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>Silos in this process, what they handle, and what has come of it.</summary>
internal static class TestSilo
{
    /// <summary>What the cluster calls the query, which has another name itself.</summary>
    public const string Name = "placed";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// A query whose many partitions leave the processors to the silos: with the clock as it is, and states kept every
    /// second.
    /// </summary>
    public static PartitionedQuery<Call, string> Query(
        IPartitionLogStore logs, ICheckpointStore checkpoints, int partitions) =>
        Query(Queries.Bills, 1, logs, checkpoints, partitions);

    /// <summary>As that one, of another version.</summary>
    public static PartitionedQuery<Call, string> Query(
        BuildStep<Call, string> query,
        int version,
        IPartitionLogStore logs,
        ICheckpointStore checkpoints,
        int partitions) => new(
        query,
        Queries.Options(logs, checkpoints, partitions) with
        {
            Version = version,
            TimeProvider = TimeProvider.System,
            CheckpointInterval = TimeSpan.FromSeconds(1),
            ProgressInterval = TimeSpan.FromMilliseconds(50),
        });

    /// <summary>Makes one.</summary>
    /// <param name="query">What it runs.</param>
    /// <param name="placement">How; null for the defaults.</param>
    /// <param name="clustering">How it finds the others; null for the checkpoints of its query.</param>
    /// <param name="lines">Gets what is logged of partitions; null for nobody.</param>
    public static IHost Build(
        PartitionedQuery<Call, string> query,
        PlacementOptions? placement = null,
        Action<ISiloBuilder>? clustering = null,
        ConcurrentQueue<string>? lines = null)
    {
        clustering ??= silo => silo.UseCheckpointClustering(_ => query.Options.Checkpoints!);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (lines is not null)
            builder.Logging.AddProvider(new LineLoggers(lines));
        builder.Services.AddHealthChecks().AddDisruptorStreamPartitions("ready");
        builder.UseOrleans(silo => clustering(silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("tests", "tests"))
            .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort())
            .UseDisruptorStream(Name, _ => query, placement)));
        return builder.Build();
    }

    /// <summary>Writes calls, so slowly that silos come and go meanwhile.</summary>
    public static async Task WriteAsync(PartitionedQuery<Call, string> query, int from, int count)
    {
        await using var writer = query.NewWriter(new() { MaxRecordBytes = 1024 });
        for (var at = from; at < from + count; at++)
        {
            await writer.WriteAsync(new Call($"tenant {at % 41}", at + (at * 31 % 17), 1), Token);
            if (at % 20 == 0)
                await Task.Delay(10, Token);
        }

        await writer.FlushAsync(Token);
    }

    /// <summary>Ends the input, and gives the calls in all results, which are those of one process.</summary>
    public static async Task<long> EndAsync(PartitionedQuery<Call, string> query, TimeSpan patience)
    {
        await using (var writer = query.NewWriter())
            await writer.CompleteAsync(Token);
        var calls = 0L;
        for (var partition = 0; partition < query.Options.Partitions; partition++)
        {
            await ResultLog.WaitForEndAsync(query.Options.Logs, partition, Token).WaitAsync(patience, Token);
            await query.VerifyAsync(partition, Token);
            calls += (await ResultLog.ReadAsync(query.Options.Logs, partition, Token)).Sum(bill => bill.Calls);
        }

        return calls;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
