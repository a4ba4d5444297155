using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Cluster;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Formats;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.ClusterCrash.Workloads;

/// <summary>The two queries of a round: bills of tenants, and behind them the sums of regions.</summary>
/// <remarks>
/// Each event is counted once in each, whatever happens. Seconds of event time pass as fast as a thousandth of a second
/// of the load: so many windows fire while processes end.
/// </remarks>
internal sealed class Workload
{
    public const int Partitions = 4;

    private const int Tenants = 97;
    private const int Regions = 5;
    private static readonly long Start = TimeSpan.FromDays(20_000).Ticks;
    private static readonly long Step = TimeSpan.FromMilliseconds(100).Ticks;

    /// <param name="round">Names the round, and so its topics.</param>
    /// <param name="logs">The logs.</param>
    /// <param name="checkpoints">The checkpoints.</param>
    /// <param name="logger">Told what owners do; null for nobody.</param>
    /// <param name="version">Of the bills: 1, or 2 for those with the dearest call.</param>
    public Workload(
        string round,
        IPartitionLogStore logs,
        ICheckpointStore? checkpoints,
        ILogger? logger = null,
        int version = 1)
    {
        var bills = $"bills-{round}";
        var first = BillsOf(static a => a.Count("calls").Sum("cost"));
        var query = new PartitionedQuery<Call, string>(
            version == 1 ? first : BillsOf(static a => a.Max("dearest", "cost").Count("calls").Sum("cost")),
            new PartitionOptions<Call>
            {
                Version = version,
                Logs = logs,
                Checkpoints = checkpoints,
                InputTopic = $"calls-{round}",
                OutputTopic = bills,
                Partitions = Partitions,
                Format = new JsonLineFormat<Call>(WorkloadContext.Default.Call),
                CheckpointInterval = TimeSpan.FromMilliseconds(500),
                ProgressInterval = TimeSpan.FromMilliseconds(50),
                MaxRecordBytes = 16 * 1024,
                Logger = logger,
            });
        Bills = version == 1 ? query : query.UpgradeFrom(first);
        Sums = new PartitionedQuery<Bill, int>(
            StreamProcessorBuilder.For<Bill>()
                .KeyBy(bill => RegionOf(bill.Tenant))
                .EventTime(bill => bill.End)
                .Measure("calls", bill => bill.Calls)
                .Measure("cost", bill => bill.Cost)
                .TumblingWindows(TimeSpan.FromMinutes(1))
                .Aggregate(a => a.Sum("calls").Sum("cost"))
                .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromMinutes(1) })
                .WithName("sums"),
            new PartitionOptions<Bill>
            {
                Logs = logs,
                Checkpoints = checkpoints,
                InputTopic = bills,
                OutputTopic = $"sums-{round}",
                Partitions = Partitions,
                Routing = InputRouting.AllPartitions,
                Format = new JsonLineFormat<Bill>(WorkloadContext.Default.Bill),
                CheckpointInterval = TimeSpan.FromMilliseconds(700),
                ProgressInterval = TimeSpan.FromMilliseconds(50),
                Logger = logger,
            });
    }

    /// <summary>Calls and cost of each tenant.</summary>
    public PartitionedQuery<Call, string> Bills { get; }

    /// <summary>The sums of these of each region.</summary>
    public PartitionedQuery<Bill, int> Sums { get; }

    /// <summary>Makes the topics.</summary>
    public async Task CreateTopicsAsync(CancellationToken cancellationToken)
    {
        await Bills.CreateTopicsAsync(cancellationToken);
        await Sums.CreateTopicsAsync(cancellationToken);
    }

    /// <summary>An event: times go back by up to four seconds, so that none is late.</summary>
    public static Call EventAt(int number) => new(
        string.Create(CultureInfo.InvariantCulture, $"tenant-{number * 31L % Tenants}"),
        Start + (number * Step) - (number * 7919L % 40 * Step),
        number % 10);

    private static BuildStep<Call, string> BillsOf(
        Action<AggregateBuilder> metrics) => StreamProcessorBuilder.For<Call>()
        .KeyBy(call => call.Tenant)
        .EventTime(call => call.Ticks)
        .Measure("cost", call => call.Cost)
        .TumblingWindows(TimeSpan.FromSeconds(10))
        .Aggregate(metrics)
        .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromSeconds(5) })
        .WithName("bills");

    private static int RegionOf(string tenant) =>
        int.Parse(tenant.AsSpan(tenant.IndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture) % Regions;
}
