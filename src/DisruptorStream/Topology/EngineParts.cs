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
    /// <param name="replays">Whether what numbers stand for is told by the records of another process.</param>
    /// <exception cref="StateException">The state is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">There is a state, and the keys have no codec.</exception>
    public EngineParts(
        EngineCore core,
        IReadOnlyList<KeyColumnMaker> keys,
        IReadOnlyList<DeliveryMaker> deliveries,
        StateReader? saved,
        bool replays = false)
    {
        Core = core;
        Ledger = saved is null ? Ledger.Create(Plan, keys, replays) : Ledger.Load(Plan, keys, saved, replays);
        if (saved is not null)
            saved.KeyRanges = RangesOf(Ledger.Columns);
        var stages = new FirstStages(Plan, core.Meters.Batches, saved);
        var first = (saved?.Header.Sequence ?? -1) + 1;
        var gathers = core.Services is { Journal: null, InlineTap: null } && !Plan.Execution.ClockMatters;
        Slots = new SlotParts(Plan, core.Meters, core.Fault, core.Wait, first, stages.EventsHandled, gathers);
        _queries = stages.NewQueries(ContextOf(core, Slots, first), deliveries, Ledger);
        Parts = new PartActivity(Plan, Ledger);
        if (saved is not null)
            LoadRest(saved);
        Deliveries = new Deliveries(Array.ConvertAll(_queries, query => query.Delivery.Emission));
        Outputs = QueryOutputs.Of(Array.ConvertAll(_queries, query => query.Delivery.Outputs));
        Buffer = ResultBufferSet.Of(Array.ConvertAll(_queries, query => query.Delivery.Buffer));
        Saver = new StateSaver(Plan, Ledger, _queries, Parts);
        Saves = new SavePoints(Saver, Deliveries);
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

    /// <summary>Writes the state, between two slots.</summary>
    public StateSaver Saver { get; }

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
        var isLoaded = new bool[_queries.Length];
        StateSaver.LoadQueries(Plan, saved, place =>
        {
            saved.KeyRange = Ledger.Columns[_queries[place].Plan.KeyColumn].Lifetime.IdRange;
            _queries[place].Load(saved);
            isLoaded[place] = true;
        });
        for (var place = 0; place < isLoaded.Length; place++)
        {
            if (!isLoaded[place])
                _queries[place].State.StartAt(_queries[place].State.Assignment.WatermarkTicks);
        }

        StateSaver.EndQueries(saved);
        if (Plan.LoadsFrom is not null)
        {
            // Which keys no query groups by has changed, and when those were active counts from now on.
            saved.SkipRest();
            return;
        }

        Parts.Load(saved);
        saved.Complete();
    }
}
