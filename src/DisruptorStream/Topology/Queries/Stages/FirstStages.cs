using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Queries.Stages;

/// <summary>The first stage of each query: made before the slots, which go on where a saved one stands.</summary>
internal sealed class FirstStages
{
    private readonly ProcessorPlan _plan;
    private readonly BatchMeter? _batches;
    private readonly QuerySelection?[] _selections;
    private readonly WindowAssignmentStage[] _stages;

    /// <param name="plan">What the processor is.</param>
    /// <param name="batches">Told the size of each batch; null for nobody.</param>
    /// <param name="saved">Where they go on; null to begin anew.</param>
    /// <exception cref="StateException">The state is damaged.</exception>
    public FirstStages(ProcessorPlan plan, BatchMeter? batches, StateReader? saved)
    {
        _plan = plan;
        _batches = batches;
        _selections = new QuerySelection?[plan.Queries.Count];
        _stages = new WindowAssignmentStage[_selections.Length];
        for (var query = 0; query < _stages.Length; query++)
        {
            _selections[query] = SelectionOf(plan.Inputs[0], plan.Queries[query]);
            _stages[query] = QueryState.NewAssignment(plan, plan.Queries[query], _selections[query]);
        }

        if (saved is not null)
            Load(saved);
    }

    /// <summary>The events that they have handled.</summary>
    public long EventsHandled => _stages[0].Counters.EventsHandled;

    /// <summary>The queries behind them.</summary>
    /// <param name="context">What all queries share.</param>
    /// <param name="deliveries">Make the ways of the results.</param>
    /// <param name="ledger">The keys.</param>
    public QueryParts[] NewQueries(QueryContext context, IReadOnlyList<DeliveryMaker> deliveries, Ledger ledger)
    {
        var feeds = new PaneFeeds(_plan, ledger);
        var queries = new QueryParts[_stages.Length];
        for (var query = 0; query < queries.Length; query++)
        {
            // All queries see the same batches, so one tells of them.
            var assignment = new GuardedAssignment(_stages[query], query == 0 ? _batches : null);
            queries[query] = new QueryParts(
                context,
                _plan.Queries[query],
                deliveries[query],
                ledger,
                _stages[query],
                assignment,
                _selections[query],
                feeds.InputOf(query),
                feeds.ReadersOf(query));
        }

        return queries;
    }

    /// <summary>Those that were not saved begin where event time is in one that was.</summary>
    private void Load(StateReader saved)
    {
        var isLoaded = new bool[_stages.Length];
        var clock = default(WindowAssignmentStage);
        StateSaver.LoadQueries(
            _plan,
            saved,
            load: place =>
            {
                _stages[place].Load(saved);
                isLoaded[place] = true;
                clock ??= _stages[place];
            },
            leaveOut: () => clock ??= LoadClock(saved));
        for (var place = 0; place < _stages.Length; place++)
        {
            if (!isLoaded[place])
                _stages[place].GoOnWith(clock!, saved.KeyRanges);
        }
    }

    private WindowAssignmentStage LoadClock(StateReader saved)
    {
        var stage = QueryState.NewAssignment(_plan, _plan.Queries[0], selection: null);
        stage.LoadClock(saved);
        return stage;
    }

    private static QuerySelection? SelectionOf(InputPlan input, QueryPlan query) =>
        query.Selection is null ? null : new QuerySelection(query, input);
}
