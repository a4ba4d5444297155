using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>The stages of one query on one thread: a batch passes through them while it is in cache.</summary>
internal sealed class QueryChain
{
    private readonly GuardedAssignment _assignment;
    private readonly AggregationStage _shard;
    private readonly EmissionStage _emission;
    private readonly QuerySelection? _selection;
    private readonly PaneFeed? _panes;
    private readonly bool _isRead;
    private readonly RunList _runs = new();
    private readonly RunList _paneRuns = new();

    /// <param name="assignment">The first stage.</param>
    /// <param name="shard">The second.</param>
    /// <param name="emission">The last.</param>
    /// <param name="selection">What the query takes of a batch; null for all.</param>
    /// <param name="panes">The panes that are its events; null where it has those of the batch.</param>
    /// <param name="isRead">
    /// Whether others read its panes, so that all that is due must be fired within the batch.
    /// </param>
    public QueryChain(
        GuardedAssignment assignment,
        AggregationStage shard,
        EmissionStage emission,
        QuerySelection? selection,
        PaneFeed? panes = null,
        bool isRead = false)
    {
        _assignment = assignment;
        _shard = shard;
        _emission = emission;
        _selection = selection;
        _panes = panes;
        _isRead = isRead;
    }

    /// <summary>The runs of the last batch.</summary>
    public ReadOnlySpan<EventRun> Runs => _runs.Runs;

    /// <summary>The sequence that is being handled.</summary>
    public long CurrentSequence { get; private set; } = -1;

    public bool HasBacklog => _shard.HasBacklog;

    /// <summary>Handles slots, and returns how many it took: see <see cref="WindowAssignmentStage.OnBatch"/>.</summary>
    public int Handle(in EventView view)
    {
        var taken = _panes is null ? HandleSlots(view) : HandlePanesAndSlots(_panes, view);
        if (_isRead)
            _shard.FinishFiring();
        return taken;
    }

    /// <summary>Handles events outside of the ring. Only without a selection.</summary>
    public void HandleInPlace(in AcceptedEvents events)
    {
        CurrentSequence = events.View.FirstSequence;
        _runs.Clear();
        _assignment.OnEvents(events, _runs);
        HandleRuns(events.View);
    }

    /// <summary>
    /// Handles an event that is like the one before it, and delivers; returns false, and does nothing, where it must
    /// take the long way.
    /// </summary>
    public unsafe bool TryHandleOne(in EventView one)
    {
        if (_panes is not null || _isRead || one.Slots->Kind != SlotKind.Event)
            return false;
        var own = one;
        if (_selection is not null && !_selection.TryTake(ref own))
            return false;
        _shard.Fetch(own.Slots->KeyId);
        if (!_assignment.TryTakeOne(one.Slots, one.FirstSequence))
            return false;

        CurrentSequence = one.FirstSequence;
        if (_shard.OnOne(_assignment.OneRun, own))
            _emission.Pass(one.FirstSequence);
        else
            Work(int.MaxValue);
        return true;
    }

    /// <summary>Which events are judged as the one before and fire nothing; false where there are none.</summary>
    public bool TryExpect(out AlikeEvents alike)
    {
        alike = _assignment.Alike;
        return alike.HasAny && _panes is null && !_isRead && _shard.TakesAlikeQuietly;
    }

    /// <summary>Fires some panes of what is due.</summary>
    public void Work(int budget)
    {
        _shard.Work(budget);
        Emit();
    }

    /// <summary>Delivers what there is.</summary>
    public void Emit()
    {
        _shard.ReportProgress();
        _emission.Emit();
    }

    private int HandleSlots(in EventView view)
    {
        CurrentSequence = view.FirstSequence;
        _runs.Clear();
        _selection?.Begin(view);
        var taken = _assignment.OnBatch(view, _runs);
        if (_selection is null)
            HandleRuns(view);
        else
            HandleSelected(_selection);
        return taken;
    }

    /// <summary>
    /// Takes the panes that a slot fired before the slot itself: before the watermark that fired them.
    /// </summary>
    private int HandlePanesAndSlots(PaneFeed panes, in EventView view)
    {
        var at = 0;
        for (var next = panes.NextSequence; next != long.MaxValue; next = panes.NextSequence)
        {
            var place = (int)(next - view.FirstSequence);
            if (place > at)
                at += HandleSlots(view.Slice(at, place - at));
            HandlePanes(panes.Take());
        }

        panes.Clear();
        return at + HandleSlots(view.Slice(at, view.Count - at));
    }

    private void HandlePanes(in EventView events)
    {
        CurrentSequence = events.FirstSequence;
        _paneRuns.Clear();
        _assignment.OnPanes(events, _paneRuns);
        _shard.OnPanes(_paneRuns.Runs[0], events);
    }

    private void HandleRuns(in EventView view)
    {
        foreach (ref readonly var run in _runs.Runs)
        {
            CurrentSequence = run.FirstSequence;
            if (run.Copy == 0)
                _shard.OnRun(run, view.Slice((int)(run.FirstSequence - view.FirstSequence), run.Count));
            else
                _assignment.Copies.HandTo(_shard, run);
        }
    }

    private void HandleSelected(QuerySelection selection)
    {
        foreach (ref readonly var run in _runs.Runs)
        {
            CurrentSequence = run.FirstSequence;
            if (run.Copy == 0)
                _shard.OnRun(run, selection.EventsOf(run));
            else
                _assignment.Copies.HandTo(_shard, run, selection);
        }
    }
}
