using DisruptorStream.Cluster;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Orleans.Clustering;
using DisruptorStream.Orleans.Hosting;
using DisruptorStream.Orleans.Monitoring;
using DisruptorStream.Orleans.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace DisruptorStream.Orleans;

/// <summary>Has an Orleans cluster run the partitions of queries.</summary>
public static class PartitionSiloExtensions
{
    /// <summary>Has the cluster run all partitions of a query, each on one silo.</summary>
    /// <typeparam name="TEvent">The type of the events.</typeparam>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <param name="builder">The silo: every one of the cluster needs the same call.</param>
    /// <param name="name">The query's name among those of the cluster.</param>
    /// <param name="query">Makes the query; called once, when the silo starts.</param>
    /// <param name="options">How its partitions are placed; null for the defaults.</param>
    /// <remarks>
    /// Its topics are made where they are not there. <see cref="PartitionTable"/> is a service of the silo then. What
    /// is exact rests on the logs of the query alone, and not on Orleans: it may place a partition twice for a while.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty or has a '/'.</exception>
    public static ISiloBuilder UseDisruptorStream<TEvent, TKey>(
        this ISiloBuilder builder,
        string name,
        Func<IServiceProvider, PartitionedQuery<TEvent, TKey>> query,
        PlacementOptions? options = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(query);
        if (name.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"The name of a query must have no '/'; it was '{name}'.", nameof(name));
        AddShared(builder);
        builder.Services.AddSingleton(services =>
        {
            var made = query(services)
                ?? throw new InvalidOperationException($"What makes the query '{name}' returned null.");
            return new PlacedQuery(
                name,
                made.Options.Partitions,
                made.NewOwner,
                made.NewStandby,
                made.CreateTopicsAsync,
                options ?? new PlacementOptions());
        });
        return builder;
    }

    /// <summary>
    /// Has the cluster notice within about half a second that a silo has died, where Orleans takes some ten seconds by
    /// default.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <remarks>
    /// Probes every 500 ms, two missed ones, and one vote. A silo that stands still for longer than a second, in a
    /// debugger or for want of a processor, is taken for dead and ends: its partitions go on elsewhere.
    /// </remarks>
    public static ISiloBuilder UseFastFailover(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Configure<ClusterMembershipOptions>(static options =>
        {
            options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            options.NumMissedProbesLimit = 2;
            options.NumVotesForDeathDeclaration = 1;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(1);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
        });
        return builder;
    }

    /// <summary>
    /// Has the silos find each other by the store of checkpoints: so that the log's server is the only one that is
    /// needed. Orleans' own ways, such as Redis and ADO.NET, do as well.
    /// </summary>
    /// <param name="builder">The silo. Its ClusterId names the cluster: letters, digits, '-' and '_'.</param>
    /// <param name="store">Gives the store; called once.</param>
    public static ISiloBuilder UseCheckpointClustering(
        this ISiloBuilder builder, Func<IServiceProvider, ICheckpointStore> store)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        builder.Services.AddSingleton<IMembershipTable>(services => new CheckpointMembershipTable(
            store(services), services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId));
        return builder;
    }

    /// <summary>
    /// Adds the check "disruptorstream-partitions": degraded while a partition of this silo waits for its log or its
    /// store, and unhealthy where one has failed for a reason that trying again does not mend.
    /// </summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="tags">The check's tags, such as "ready".</param>
    public static IHealthChecksBuilder AddDisruptorStreamPartitions(
        this IHealthChecksBuilder builder, params IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            "disruptorstream-partitions",
            static services => new PartitionHealthCheck(services.GetRequiredService<LocalPartitions>()),
            failureStatus: null,
            tags));
    }

    private static void AddShared(ISiloBuilder builder)
    {
        var services = builder.Services;
        foreach (var service in services)
        {
            if (service.ServiceType == typeof(LocalPartitions))
                return;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalPartitions>();
        services.AddSingleton<RefusingSilos>();
        services.AddSingleton(static provider => new PartitionTable(
            provider.GetRequiredService<LocalPartitions>(), provider.GetRequiredService<IGrainFactory>()));
        services.AddSingleton<IHostedService, PartitionKeeper>();
        services.AddMetrics();
        services.AddSingleton<PartitionMetrics>();
        builder.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
    }
}
