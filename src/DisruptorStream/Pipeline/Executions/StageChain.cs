using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;
using DisruptorStream.State.Memory.Copying;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>
/// All stages on one thread: each batch passes through those of one query after the other while it is in cache.
/// </summary>
internal sealed class StageChain
{
    /// <summary>The most slots between two deliveries; slots are given back as often.</summary>
    public const int MaxBatch = 1024;

    private readonly SlotBuffer _slots;
    private readonly QueryChain[] _queries;
    private readonly QueryChain _first;
    private readonly KeyRetirements _retirements;
    private readonly Deliveries _deliveries;
    private readonly SavePoints _saves;
    private readonly bool _mayWait;
    private readonly SlotMeeting _saving;
    private readonly ShardCopy[] _copies;
    private QueryChain _current;

    /// <param name="slots">The slots.</param>
    /// <param name="queries">The stages of each query; at least one.</param>
    /// <param name="retirements">Give idle keys up.</param>
    /// <param name="deliveries">How far results have come.</param>
    /// <param name="saves">The saves that were asked for.</param>
    /// <param name="mayWait">Whether the thread may wait for a gate: it is none that publishes.</param>
    /// <param name="saving">Where all threads that run stages meet for them.</param>
    /// <param name="copies">Copy the state for snapshots; none where nobody does.</param>
    public StageChain(
        SlotBuffer slots,
        QueryChain[] queries,
        KeyRetirements retirements,
        Deliveries deliveries,
        SavePoints saves,
        bool mayWait,
        SlotMeeting saving,
        ShardCopy[] copies)
    {
        _slots = slots;
        _queries = queries;
        _first = _current = queries[0];
        _retirements = retirements;
        _deliveries = deliveries;
        _saves = saves;
        _mayWait = mayWait;
        _saving = saving;
        _copies = copies;
    }

    /// <summary>The sequence that is being handled.</summary>
    public long CurrentSequence => _current.CurrentSequence;

    public bool HasBacklog
    {
        get
        {
            foreach (var query in _queries)
            {
                if (query.HasBacklog)
                    return true;
            }

            return _retirements.IsActive;
        }
    }

    /// <summary>Everything up to this sequence has been delivered.</summary>
    public long DeliveredThrough => _deliveries.CompletedThrough;

    /// <summary>Whether a gate holds something back.</summary>
    public bool IsHeld => _deliveries.IsHeld;

    /// <summary>Handles first..last. Returns true when the Stop slot was among them.</summary>
    public bool Handle(long first, long last)
    {
        while (first <= last)
        {
            var count = Math.Min(MaxBatch, _slots.ContiguousCount(first, last));
            var view = _slots.View(first, count);
            var taken = Handle(_first, view);
            for (var query = 1; query < _queries.Length; query++)
                Handle(_queries[query], view.Slice(0, taken));
            if (MeetAtEnd(view))
                return true;

            first += taken;
        }

        return false;
    }

    /// <summary>Handles events outside of the ring. Only where there is one query.</summary>
    public void HandleInPlace(in AcceptedEvents events) => _first.HandleInPlace(events);

    /// <summary>
    /// Which events every query would judge as the one before, and which fire nothing; false where there are none.
    /// </summary>
    public bool TryExpect(out AlikeEvents alike)
    {
        if (!_first.TryExpect(out alike))
            return false;
        for (var query = 1; query < _queries.Length; query++)
        {
            if (!_queries[query].TryExpect(out var others))
                return false;
            alike.Restrict(others);
        }

        return alike.HasAny;
    }

    /// <summary>Handles a slot and delivers, where it is an event like the one before it.</summary>
    /// <param name="sequence">The slot.</param>
    /// <param name="isDelivered">Whether all that it fired is delivered: a query may have taken the long way.</param>
    /// <returns>False, with nothing done, where it must take the long way.</returns>
    public bool TryHandleOne(long sequence, out bool isDelivered)
    {
        var one = _slots.View(sequence, 1);
        isDelivered = true;
        _current = _first;
        if (!_first.TryHandleOne(one))
            return false;
        for (var query = 1; query < _queries.Length; query++)
        {
            _current = _queries[query];
            if (_current.TryHandleOne(one))
                continue;
            _current.Handle(one);
            isDelivered = false;
        }

        return true;
    }

    /// <summary>Fires some panes of what is due, delivers what there is, and goes on with idle keys.</summary>
    public void Deliver(int budget)
    {
        foreach (var query in _queries)
        {
            _current = query;
            query.Work(budget);
        }

        _retirements.Step();
    }

    /// <summary>
    /// Copies a part of the state, where a snapshot wants it. Returns whether there is more that can be copied at once.
    /// </summary>
    public bool CopySome()
    {
        var more = false;
        foreach (var copy in _copies)
            more |= copy.Step();
        return more;
    }

    /// <summary>Called on any thread when there is room for copies again.</summary>
    public void OnRoomForCopies(Action wake)
    {
        foreach (var copy in _copies)
            copy.Wake = wake;
    }

    /// <summary>
    /// Delivers, as the gates move, until nothing is held. Returns false where the processor ends before.
    /// </summary>
    public bool DeliverHeld(RingFault fault) => _deliveries.EmitHeld(fault);

    /// <summary>Tells the sinks that somebody waits for all that has been delivered.</summary>
    public void FlushSinks() => _deliveries.FlushSinks();

    private int Handle(QueryChain query, in EventView view)
    {
        _current = query;
        return query.Handle(view);
    }

    /// <summary>
    /// All queries have handled the batch: does what the clock and the last slot ask for. Returns whether it is the
    /// end.
    /// </summary>
    private bool MeetAtEnd(in EventView view)
    {
        var runs = _first.Runs;
        foreach (ref readonly var run in runs)
            _retirements.OnRun(run, view);
        if (runs.IsEmpty)
            return false;
        ref readonly var last = ref runs[^1];
        if (last.Kind == RunKind.Save)
            Save(last.FirstSequence);
        return last.Kind == RunKind.Stop;
    }

    /// <summary>
    /// What the slots up to this one fired is delivered; then all stages are at rest. What a gate holds back is in no
    /// state, so it is waited for.
    /// </summary>
    private void Save(long sequence)
    {
        foreach (var query in _queries)
            query.Emit();
        var isDelivered = _mayWait ? DeliverHeld(_slots.Sequencer.Fault) : !IsHeld;
        if (!_saving.Attend())
            return;
        if (isDelivered && !_slots.Sequencer.Fault.IsFaulted)
            _saves.Do(sequence);
        else if (!_mayWait)
            _saves.PutOff(sequence);

        // Where a thread has waited in vain the processor ends, and who asked is told that.
        _saving.Adjourn();
    }
}
