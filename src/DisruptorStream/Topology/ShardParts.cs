using DisruptorStream.Emission.Merging;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>Where the rows of the shards go, and who waits for whom there.</summary>
internal sealed class ShardParts
{
    /// <param name="plan">What the processor is.</param>
    /// <param name="rows">The rows of each shard on their way.</param>
    /// <param name="emission">Takes the rows.</param>
    /// <param name="events">Whose slots the shards handle.</param>
    /// <param name="meters">The clocks of the threads.</param>
    /// <param name="waits">Makes wait strategies.</param>
    /// <param name="abort">Cancelled at an abort.</param>
    public ShardParts(
        ProcessorPlan plan,
        ResultRing[] rows,
        EmissionStage emission,
        Sequencer events,
        ProcessorMeters meters,
        Func<WaitStrategy> waits,
        CancellationToken abort)
    {
        Outputs = new PaneOutput[rows.Length];
        Progress = new ShardProgress[rows.Length];
        Counters = new ShardCounters[rows.Length];
        Rooms = new ShardRoom[plan.Execution.IsStaged ? rows.Length : 0];
        RowsWait = waits();
        RoomWait = waits();
        for (var shard = 0; shard < rows.Length; shard++)
        {
            Counters[shard] = new ShardCounters();
            Progress[shard] = new ShardProgress(Counters[shard], rows[shard], events.LastClaimed);
            if (!plan.Execution.IsStaged)
            {
                Outputs[shard] = new DirectOutput(rows[shard].Width, emission.Output);
                continue;
            }

            Rooms[shard] = new ShardRoom(
                Progress[shard], events, RowsWait, RoomWait, meters.StageOf(StageNames.Shard(shard)), abort);
            Outputs[shard] = new ShardOutput(rows[shard], Rooms[shard]);
        }
    }

    /// <summary>Where the rows of each shard go.</summary>
    public PaneOutput[] Outputs { get; }

    /// <summary>How far each shard has come.</summary>
    public ShardProgress[] Progress { get; }

    /// <summary>What each shard counts.</summary>
    public ShardCounters[] Counters { get; }

    /// <summary>Where each shard waits for room; none unless Staged.</summary>
    public ShardRoom[] Rooms { get; }

    /// <summary>Where emission waits for rows.</summary>
    public WaitStrategy RowsWait { get; }

    /// <summary>Where shards wait for room.</summary>
    public WaitStrategy RoomWait { get; }

    /// <summary>The stages of the shards.</summary>
    public AggregationStage[] NewStages<TKey>(
        QueryPlan query, ShardState[] shards, KeyTable<TKey> keys, ControlSlots controls)
        where TKey : notnull
    {
        var stages = new AggregationStage[shards.Length];
        for (var shard = 0; shard < stages.Length; shard++)
        {
            var state = shards[shard];
            var retirement = query.RetentionTicks is { } retentionTicks
                ? new KeyRetirement(
                    new KeyLifetime<TKey>(keys), controls, state.Store, state.Context, retentionTicks)
                : null;
            stages[shard] = new AggregationStage(state, Progress[shard], retirement);
        }

        return stages;
    }
}
