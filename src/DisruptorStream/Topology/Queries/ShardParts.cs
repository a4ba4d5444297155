using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.State;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Topology.Queries;

/// <summary>Where the rows of the shards go, and who waits for whom there.</summary>
internal sealed class ShardParts
{
    /// <param name="context">What all queries share.</param>
    /// <param name="rows">The rows of each shard on their way.</param>
    /// <param name="output">Takes the rows of a shard on the emitting thread itself.</param>
    /// <param name="query">What the query is.</param>
    public ShardParts(QueryContext context, ResultRing[] rows, ResultOutput output, QueryPlan query)
    {
        var (execution, events) = (context.Plan.Execution, context.Sequencer);
        Outputs = new PaneOutput[rows.Length];
        Progress = new ShardProgress[rows.Length];
        Counters = new ShardCounters[rows.Length];
        Rooms = new ShardRoom[execution.SplitsStages ? rows.Length : 0];
        RowsWait = context.Waits();
        RoomWait = context.Waits();
        for (var shard = 0; shard < rows.Length; shard++)
        {
            Counters[shard] = new ShardCounters();
            Progress[shard] = new ShardProgress(Counters[shard], rows[shard], events.LastClaimed);
            if (!execution.SplitsStages)
            {
                Outputs[shard] = new DirectOutput(rows[shard].Width, output, FilterOf(query, Counters[shard]));
                continue;
            }

            Rooms[shard] = new ShardRoom(
                Progress[shard],
                events,
                RowsWait,
                RoomWait,
                context.Meters.StageOf(StageNames.Shard(shard)),
                context.Abort);
            Outputs[shard] = new ShardOutput(rows[shard], Rooms[shard], FilterOf(query, Counters[shard]));
        }
    }

    /// <summary>Where the rows of each shard go.</summary>
    public PaneOutput[] Outputs { get; }

    /// <summary>How far each shard has come.</summary>
    public ShardProgress[] Progress { get; }

    /// <summary>What each shard counts.</summary>
    public ShardCounters[] Counters { get; }

    /// <summary>Where each shard waits for room; none unless shards have threads.</summary>
    public ShardRoom[] Rooms { get; }

    /// <summary>Where emission waits for rows.</summary>
    public WaitStrategy RowsWait { get; }

    /// <summary>Where shards wait for room.</summary>
    public WaitStrategy RoomWait { get; }

    /// <summary>The stages of the shards.</summary>
    public AggregationStage[] NewStages(ShardState[] shards)
    {
        var stages = new AggregationStage[shards.Length];
        for (var shard = 0; shard < stages.Length; shard++)
            stages[shard] = new AggregationStage(shards[shard], Progress[shard]);
        return stages;
    }

    private static PaneFilter? FilterOf(QueryPlan query, ShardCounters counters) =>
        query.Having is { } having ? new PaneFilter(new PaneCondition(query.Metrics, having), counters) : null;
}
