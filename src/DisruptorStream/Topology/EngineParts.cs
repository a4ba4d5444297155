using DisruptorStream.Emission.Delivery;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.Queries.Stages;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>
/// What a processor is before anybody publishes or runs: the numbers and what they stand for, slots, and the queries.
/// Each is made from those before it.
/// </summary>
internal sealed class EngineParts
{
    private readonly QueryParts[] _queries;

    /// <param name="core">What all parts share.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    /// <param name="saved">Where it goes on; null to begin anew.</param>
    /// <exception cref="StateException">The state is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">There is a state, and the keys have no codec.</exception>
    public EngineParts(
        EngineCore core,
        IReadOnlyList<KeyColumnMaker> keys,
        IReadOnlyList<DeliveryMaker> deliveries,
        StateReader? saved)
    {
        Core = core;
        Ledger = saved is null ? Ledger.Create(Plan, keys) : Ledger.Load(Plan, keys, saved);
        if (saved is not null)
            saved.KeyRanges = RangesOf(Ledger.Columns);
        var stages = new FirstStages(Plan, core.Meters.Batches, saved);
        var first = (saved?.Header.Sequence ?? -1) + 1;
        Slots = new SlotParts(Plan, core.Meters, core.Fault, core.Wait, first, stages.EventsHandled);
        _queries = stages.NewQueries(ContextOf(core, Slots, first), deliveries, Ledger);
        Parts = new PartActivity(Plan, Ledger);
        if (saved is not null)
            LoadRest(saved);
        Deliveries = new Deliveries(Array.ConvertAll(_queries, query => query.Delivery.Emission));
        Outputs = QueryOutputs.Of(Array.ConvertAll(_queries, query => query.Delivery.Outputs));
        Buffer = ResultBufferSet.Of(Array.ConvertAll(_queries, query => query.Delivery.Buffer));
        Saves = new SavePoints(new StateSaver(Plan, Ledger, _queries, Parts), Deliveries);
    }

    /// <summary>What all parts share.</summary>
    public EngineCore Core { get; }

    public ProcessorPlan Plan => Core.Plan;

    public ProcessorServices Services => Core.Services;

    public Ledger Ledger { get; }

    public SlotParts Slots { get; }

    /// <summary>The queries, in the order of the plan; at least one.</summary>
    public IReadOnlyList<QueryParts> Queries => _queries;

    /// <summary>When the keys were active that no query groups by.</summary>
    public PartActivity Parts { get; }

    /// <summary>How far the results of all queries have come.</summary>
    public Deliveries Deliveries { get; }

    /// <summary>The sinks of all queries.</summary>
    public IOutputs Outputs { get; }

    /// <summary>The results of all queries on their way to the host.</summary>
    public IQueryBuffer Buffer { get; }

    public SavePoints Saves { get; }

    private static QueryContext ContextOf(EngineCore core, SlotParts slots, long first) => new()
    {
        Plan = core.Plan,
        Services = core.Services,
        Meters = core.Meters,
        Sequencer = slots.Slots.Sequencer,
        FirstSequence = first,
        Fault = core.Fault,
        OnWait = core.NewReminder().Begin,
        Waits = core.Wait,
        Abort = core.Abort.Token,
    };

    private static int[] RangesOf(IReadOnlyList<KeyColumn> columns)
    {
        var ranges = new int[columns.Count];
        for (var column = 0; column < ranges.Length; column++)
            ranges[column] = columns[column].Lifetime.IdRange;
        return ranges;
    }

    private void LoadRest(StateReader saved)
    {
        foreach (var query in _queries)
        {
            saved.KeyRange = Ledger.Columns[query.Plan.KeyColumn].Lifetime.IdRange;
            query.Load(saved);
        }

        Parts.Load(saved);
        saved.Complete();
    }
}
