using System.Diagnostics.Metrics;
using DisruptorStream.Cluster;
using DisruptorStream.Events;
using DisruptorStream.Orleans.Hosting;

namespace DisruptorStream.Orleans.Monitoring;

/// <summary>Shows the partitions that this silo owns or follows to the meter "DisruptorStream.Partitions".</summary>
/// <remarks>Read when somebody collects, on that thread. docs/scale-out.md lists the instruments.</remarks>
internal sealed class PartitionMetrics
{
    public const string MeterName = "DisruptorStream.Partitions";

    private const string QueryTag = "disruptorstream.query";
    private const string PartitionTag = "disruptorstream.partition";
    private const string ReasonTag = "disruptorstream.drop.reason";
    private const string StateTag = "disruptorstream.partition.state";

    private static readonly DropReason[] Reasons = Enum.GetValues<DropReason>();

    private readonly LocalPartitions _local;
    private readonly TimeProvider _time;

    public PartitionMetrics(LocalPartitions local, IMeterFactory factory, TimeProvider time)
    {
        (_local, _time) = (local, time);
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge(
            "disruptorstream.partition.owned", Owned, "{partition}", "1 where this silo owns it, 0 where it does not.");
        meter.CreateObservableGauge(
            "disruptorstream.partition.epoch", () => Of(static one => one.Epoch), "{owner}", "How many owners it had.");
        meter.CreateObservableGauge(
            "disruptorstream.partition.lag",
            () => Of(static one => one.Lag),
            "{position}",
            "How far its inputs are behind.");
        meter.CreateObservableCounter(
            "disruptorstream.partition.results",
            () => Of(static one => one.Results),
            "{result}",
            "Results in its log.");
        meter.CreateObservableCounter(
            "disruptorstream.partition.events",
            () => Of(static one => one.EventsHandled),
            "{event}",
            "Events that were handled here, also again.");
        meter.CreateObservableCounter(
            "disruptorstream.partition.events.dropped",
            Dropped,
            "{event}",
            "Events that entered no window, by all owners.");
        meter.CreateObservableGauge(
            "disruptorstream.partition.state.size",
            () => Of(static one => one.Stats?.StateBytes ?? 0),
            "By",
            "Bytes of memory that its windows hold.");
        meter.CreateObservableCounter(
            "disruptorstream.partition.records.rejected",
            () => Of(static one => one.BadRecords),
            "{record}",
            "Records or events that were left out as bad ones.");
        meter.CreateObservableGauge(
            "disruptorstream.partition.failing",
            () => Of(static one => one.Failure is null ? 0 : 1),
            "{failure}",
            "1 while something fails, 0 where nothing does.");
        meter.CreateObservableGauge(
            "disruptorstream.partition.checkpoint.age", CheckpointAges, "s", "How old its newest checkpoint is.");
    }

    private static KeyValuePair<string, object?>[] TagsOf(PartitionStatus status) =>
        [new(QueryTag, status.Query), new(PartitionTag, status.Partition)];

    private List<Measurement<long>> Of(Func<PartitionStatus, long> value)
    {
        var measured = new List<Measurement<long>>();
        foreach (var status in _local.Statuses())
            measured.Add(new Measurement<long>(value(status), TagsOf(status)));
        return measured;
    }

    private List<Measurement<long>> Dropped()
    {
        var measured = new List<Measurement<long>>();
        foreach (var status in _local.Statuses())
        {
            foreach (var reason in Reasons)
            {
                if (status.Stats?.DroppedBy(reason) is > 0 and var count)
                    measured.Add(new Measurement<long>(count, [.. TagsOf(status), new(ReasonTag, reason.ToString())]));
            }
        }

        return measured;
    }

    private List<Measurement<long>> Owned()
    {
        var measured = new List<Measurement<long>>();
        foreach (var status in _local.Statuses())
        {
            measured.Add(new Measurement<long>(
                status.State == PartitionState.Owning ? 1 : 0,
                [.. TagsOf(status), new(StateTag, status.State.ToString())]));
        }

        return measured;
    }

    private List<Measurement<double>> CheckpointAges()
    {
        var measured = new List<Measurement<double>>();
        foreach (var status in _local.Statuses())
        {
            if (status.CheckpointAt is { } at)
                measured.Add(new Measurement<double>((_time.GetUtcNow() - at).TotalSeconds, TagsOf(status)));
        }

        return measured;
    }
}
