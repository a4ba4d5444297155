using DisruptorStream.Building;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Formats;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>The queries of the tests.</summary>
internal static class Queries
{
    /// <summary>Calls and cost of each tenant, over 100 ticks.</summary>
    public static BuildStep<Call, string> Bills { get; } = StreamProcessorBuilder.For<Call>()
        .KeyBy(call => call.Tenant)
        .EventTime(call => call.Ticks)
        .Measure("cost", call => call.Cost)
        .TumblingWindows(TimeSpan.FromTicks(100))
        .AllowedLateness(TimeSpan.FromTicks(50))
        .Aggregate(a => a.Count("calls").Sum("cost"))
        .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) });

    /// <summary>The same with the dearest call of each, as a later version has it.</summary>
    public static BuildStep<Call, string> BillsWithDearest { get; } = StreamProcessorBuilder.For<Call>()
        .KeyBy(call => call.Tenant)
        .EventTime(call => call.Ticks)
        .Measure("cost", call => call.Cost)
        .TumblingWindows(TimeSpan.FromTicks(100))
        .AllowedLateness(TimeSpan.FromTicks(50))
        .Aggregate(a => a.Max("dearest", "cost").Count("calls").Sum("cost"))
        .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) });

    /// <summary>Without the cost, as one later still has it.</summary>
    public static BuildStep<Call, string> BillsWithoutCost { get; } = StreamProcessorBuilder.For<Call>()
        .KeyBy(call => call.Tenant)
        .EventTime(call => call.Ticks)
        .Measure("cost", call => call.Cost)
        .TumblingWindows(TimeSpan.FromTicks(100))
        .AllowedLateness(TimeSpan.FromTicks(50))
        .Aggregate(a => a.Count("calls").Max("dearest", "cost"))
        .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) });

    /// <summary>With the options that suit tests.</summary>
    public static PartitionedQuery<Call, string> Partitioned(
        IPartitionLogStore logs, ICheckpointStore? checkpoints = null, int partitions = 1) =>
        new(Bills, Options(logs, checkpoints, partitions));

    /// <summary>The same without the query.</summary>
    public static PartitionOptions<Call> Options(
        IPartitionLogStore logs, ICheckpointStore? checkpoints = null, int partitions = 1) => new()
        {
            Logs = logs,
            Checkpoints = checkpoints,
            InputTopic = "calls",
            OutputTopic = "bills",
            Partitions = partitions,
            TimeProvider = new HurriedTime(),
            Format = new JsonLineFormat<Call>(CallContext.Default.Call),
            MaxRecordBytes = 2048,
            CheckpointInterval = TimeSpan.FromMilliseconds(10),
            ProgressInterval = TimeSpan.FromMilliseconds(5),
        };
}
