using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory.Copying;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Queries;

/// <summary>A query at rest: its state, its stages, and where its results go.</summary>
internal sealed class QueryParts
{
    private readonly PaneFeed? _panes;
    private readonly bool _isRead;

    /// <param name="context">What all queries share.</param>
    /// <param name="plan">What the query is.</param>
    /// <param name="maker">Makes the way of its results.</param>
    /// <param name="ledger">The keys.</param>
    /// <param name="stage">The first stage, with its state.</param>
    /// <param name="assignment">The same, as others see it.</param>
    /// <param name="selection">What it takes of the slots; null for all.</param>
    /// <param name="panes">The panes that are its events; null for none.</param>
    /// <param name="readers">The queries that read its panes.</param>
    public QueryParts(
        QueryContext context,
        QueryPlan plan,
        DeliveryMaker maker,
        Ledger ledger,
        WindowAssignmentStage stage,
        GuardedAssignment assignment,
        QuerySelection? selection,
        PaneFeed? panes,
        PaneFeed[] readers)
    {
        _panes = panes;
        _isRead = readers.Length > 0;
        Plan = plan;
        Selection = selection;
        Assignment = assignment;
        var failures = new QueryFailures(context.Plan.Execution.ShardCount);
        Delivery = maker.Make(context, plan, ledger, failures, Assignment.Progress);
        Shards = new ShardParts(
            context,
            Delivery.Rows,
            _isRead ? new PaneTee(Delivery.Emission.Output, readers) : Delivery.Emission.Output,
            plan);
        State = new QueryState(
            context.Plan,
            plan,
            stage,
            Shards.Outputs,
            Shards.Counters,
            failures.OfShard,
            maker.ZonesOf(plan, ledger),
            context.Abort);
        Stages = Shards.NewStages(State.Shards);
        Copies = context.Services.Journal is { CopiesState: true }
            ? Array.ConvertAll(Stages, static _ => new ShardCopy())
            : [];
    }

    /// <summary>What the query is.</summary>
    public QueryPlan Plan { get; }

    /// <summary>What it takes of the slots; null for all.</summary>
    public QuerySelection? Selection { get; }

    /// <summary>The first stage.</summary>
    public GuardedAssignment Assignment { get; }

    /// <summary>Where its results go.</summary>
    public DeliveryParts Delivery { get; }

    /// <summary>Where the rows of its shards go.</summary>
    public ShardParts Shards { get; }

    /// <summary>What its stages keep.</summary>
    public QueryState State { get; }

    /// <summary>Its second stage, once for each shard.</summary>
    public AggregationStage[] Stages { get; }

    /// <summary>What copies each shard for a snapshot; none where another engine takes those.</summary>
    public ShardCopy[] Copies { get; }

    /// <summary>What has native memory, in the order in which it is freed.</summary>
    public IEnumerable<IDisposable> Owned =>
        Selection is null ? [.. Stages, State] : [.. Stages, State, Selection];

    /// <summary>Its stages on one thread.</summary>
    public QueryChain NewChain() => new(
        Assignment, Stages[0], Delivery.Emission, Selection, _panes, _isRead);

    /// <summary>Writes all behind the first stage.</summary>
    public void Save(StateWriter writer)
    {
        State.SaveShards(writer);
        Delivery.Save(writer, State.Assignment.WatermarkTicks);
    }

    /// <summary>Takes over what was saved behind the first stage. Before the first slot.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        State.LoadShards(reader);
        Delivery.Load(reader);
    }
}
