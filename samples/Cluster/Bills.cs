using Cluster.Load;
using DisruptorStream;
using DisruptorStream.Building;
using DisruptorStream.Cluster;
using DisruptorStream.Cluster.Formats;
using DisruptorStream.Nats.Checkpoints;
using DisruptorStream.Nats.Logs;
using DisruptorStream.Watermarks;

namespace Cluster;

/// <summary>The query: calls and cost of each tenant in each ten seconds.</summary>
internal static class Bills
{
    public const int Partitions = 12;

    /// <summary>As it is built for one process, where .To(…).Build() follows.</summary>
    public static BuildStep<Call, string> Query { get; } = StreamProcessorBuilder.For<Call>()
        .KeyBy(call => call.Tenant)
        .EventTime(call => call.Time)
        .Measure("cost", call => call.Cost)
        .TumblingWindows(TimeSpan.FromSeconds(10))
        .Aggregate(a => a.Count("calls").Sum("cost"))
        .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromSeconds(1) });

    /// <summary>In partitions, on a log.</summary>
    /// <param name="logs">The log.</param>
    /// <param name="checkpoints">The states; null where nothing is owned.</param>
    /// <param name="logger">Told what owners do; null for nobody.</param>
    public static PartitionedQuery<Call, string> On(
        NatsLogStore logs, NatsCheckpointStore? checkpoints, ILogger? logger) => new(
        Query,
        new PartitionOptions<Call>
        {
            Logs = logs,
            Checkpoints = checkpoints,
            InputTopic = "calls",
            OutputTopic = "bills",
            Partitions = Partitions,
            Format = new JsonLineFormat<Call>(CallContext.Default.Call),
            CheckpointInterval = TimeSpan.FromSeconds(5),
            Logger = logger,
        });
}
