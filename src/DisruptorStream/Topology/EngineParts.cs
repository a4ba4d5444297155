using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.Saving;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>
/// What a processor is before anybody publishes or runs: the numbers and what they stand for, slots, and the queries.
/// Each is made from those before it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "What it makes is the processor's, which ends it.")]
internal sealed class EngineParts
{
    private readonly QueryParts[] _queries;

    /// <param name="plan">What the processor is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    /// <param name="saved">Where it goes on; null to begin anew.</param>
    /// <exception cref="StateException">The state is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">There is a state, and the keys have no codec.</exception>
    public EngineParts(
        ProcessorPlan plan,
        ProcessorServices services,
        IReadOnlyList<KeyColumnMaker> keys,
        IReadOnlyList<DeliveryMaker> deliveries,
        StateReader? saved)
    {
        Plan = plan;
        Services = services;
        Fault = new RingFault(fault => fault.IsFailure
            ? new PipelineException(fault.Stage, fault.Sequence, fault.Exception)
            : ProcessorStoppedException.Of(plan.Name));
        Status = new ProcessorStatus(needsStart: !plan.Execution.IsInline);
        Meters = new ProcessorMeters(
            services.TimeProvider, services.MeasuresLatency, services.HostFailures, StageNames.Of(plan.Execution));
        Ledger = saved is null ? Ledger.Create(plan, keys) : Ledger.Load(plan, keys, saved);
        var selections = new QuerySelection?[plan.Queries.Count];
        var assignments = new WindowAssignmentStage[selections.Length];
        for (var query = 0; query < assignments.Length; query++)
        {
            selections[query] = SelectionOf(plan.Inputs[0], plan.Queries[query]);
            assignments[query] = QueryState.NewAssignment(plan, plan.Queries[query], selections[query]);
            if (saved is not null)
                assignments[query].Load(saved);
        }

        var first = (saved?.Header.Sequence ?? -1) + 1;
        Slots = new SlotParts(plan, Meters, Fault, Wait, first, assignments[0].Counters.EventsHandled);
        var context = ContextOf(first);
        var feeds = FeedsOf(plan);
        _queries = new QueryParts[assignments.Length];
        for (var query = 0; query < _queries.Length; query++)
        {
            _queries[query] = new QueryParts(
                context,
                plan.Queries[query],
                deliveries[query],
                Ledger,
                assignments[query],
                selections[query],
                feeds[query],
                ReadersOf(plan, feeds, query));
        }

        if (saved is not null)
            LoadRest(saved);
        Deliveries = new Deliveries(Array.ConvertAll(_queries, query => query.Delivery.Emission));
        Outputs = OutputSet.Of(Array.ConvertAll(_queries, query => query.Delivery.Outputs));
        Buffer = ResultBufferSet.Of(Array.ConvertAll(_queries, query => query.Delivery.Buffer));
        Saves = new SavePoints(new StateSaver(plan, Ledger, _queries), Deliveries);
    }

    public ProcessorPlan Plan { get; }

    public ProcessorServices Services { get; }

    /// <summary>Cancelled at an abort. It has no timer and no wait handle, hence nothing to dispose.</summary>
    public CancellationTokenSource Abort { get; } = new();

    /// <summary>The threads of the engine.</summary>
    public EngineThreads Threads { get; } = new();

    /// <summary>The fault of the pipeline.</summary>
    public RingFault Fault { get; }

    public ProcessorStatus Status { get; }

    public ProcessorMeters Meters { get; }

    public Ledger Ledger { get; }

    public SlotParts Slots { get; }

    /// <summary>The queries, in the order of the plan; at least one.</summary>
    public IReadOnlyList<QueryParts> Queries => _queries;

    /// <summary>How far the results of all queries have come.</summary>
    public Deliveries Deliveries { get; }

    /// <summary>The sinks of all queries.</summary>
    public IOutputs Outputs { get; }

    /// <summary>The results of all queries on their way to the host.</summary>
    public IQueryBuffer Buffer { get; }

    public SavePoints Saves { get; }

    /// <summary>A place to wait, as the plan says.</summary>
    public WaitStrategy Wait() => WaitStrategy.Create(
        Plan.Execution.WaitStrategy, ProcessorBudget.Current, Plan.Execution.BusyThreads);

    /// <summary>What gives up idle keys of one shard.</summary>
    public KeyRetirements NewRetirements(int shard)
    {
        var ofColumns = new KeyRetirement?[Ledger.Columns.Count];
        for (var column = 0; column < ofColumns.Length; column++)
        {
            if (_queries[0].Plan.RetentionTicks is not { } retentionTicks)
                continue;
            var holders = Array.FindAll(_queries, query => query.Plan.KeyColumn == column);
            ofColumns[column] = new KeyRetirement(
                Ledger.LifetimeOf(column),
                column,
                Slots.Controls,
                Array.ConvertAll(holders, query => query.State.Shards[shard]),
                Ledger.OnKeyPassed,
                retentionTicks);
        }

        return new KeyRetirements(ofColumns);
    }

    private static QuerySelection? SelectionOf(InputPlan input, QueryPlan query) =>
        query.Selection is null ? null : new QuerySelection(query, input, query.Window.Slices is null);

    private PaneFeed?[] FeedsOf(ProcessorPlan plan)
    {
        var feeds = new PaneFeed?[plan.Queries.Count];
        for (var query = 0; query < feeds.Length; query++)
        {
            if (plan.Queries[query].Panes is not { } panes)
                continue;
            var read = plan.Queries[panes.Query];
            var composites = Ledger.Columns[read.KeyColumn].Composites;
            feeds[query] = new PaneFeed(
                read.Metrics.Count,
                panes.Part == PaneInputPlan.WholeKey
                    ? static keyId => keyId
                    : keyId => CompositeKeys.PartOf(composites!.Table.KeyOf(keyId), panes.Part));
        }

        return feeds;
    }

    private static PaneFeed[] ReadersOf(ProcessorPlan plan, PaneFeed?[] feeds, int query)
    {
        var readers = new List<PaneFeed>();
        for (var reader = 0; reader < feeds.Length; reader++)
        {
            if (plan.Queries[reader].Panes?.Query == query)
                readers.Add(feeds[reader]!);
        }

        return [.. readers];
    }

    private QueryContext ContextOf(long first)
    {
        var reminder = new StartReminder(
            Status, Services.TimeProvider, Services.Logger, Plan.Name, Services.HostFailures);
        return new QueryContext
        {
            Plan = Plan,
            Services = Services,
            Meters = Meters,
            Sequencer = Slots.Slots.Sequencer,
            FirstSequence = first,
            Fault = Fault,
            OnWait = reminder.Begin,
            Waits = Wait,
            Abort = Abort.Token,
        };
    }

    private void LoadRest(StateReader saved)
    {
        foreach (var query in _queries)
        {
            saved.KeyRange = Ledger.Columns[query.Plan.KeyColumn].Lifetime.IdRange;
            query.Load(saved);
        }

        saved.Complete();
    }
}
