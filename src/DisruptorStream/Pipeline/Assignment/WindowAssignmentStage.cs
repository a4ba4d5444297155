using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>
/// Decides, once and in global order, what becomes of every slot: follows the watermark, judges lateness and cuts the
/// slots into runs inside which no verdict can change, so that the work per event downstream is a tight loop.
/// </summary>
/// <remarks>
/// One thread owns each instance. Everything it knows comes out of the slots, so a replay decides the same.
/// </remarks>
internal abstract unsafe partial class WindowAssignmentStage
{
    private readonly WatermarkTracker _tracker;
    private long _steadyTicks = long.MinValue;
    private long _timeOfDayTicks = long.MinValue;
    private readonly JumpGuard? _guard;
    private readonly bool _hasKeyTime;
    private JumpGuard? _left;
    private int _copy;
    private bool _ended;

    /// <param name="tracker">The sources.</param>
    /// <param name="rules">What it judges by.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    protected WindowAssignmentStage(WatermarkTracker tracker, AssignmentRules rules, QuerySelection? selection)
    {
        _tracker = tracker;
        Selection = selection;
        ProcessingTime = rules.ProcessingTime;
        _hasKeyTime = rules.HasKeyTime;
        Copies = EventCopies.Of(rules);
        if (rules.Jumps is { } jumps)
            _guard = new JumpGuard(jumps, rules.MaxOutOfOrdernessTicks, Copies);
        if (rules.HistoryCapacity > 0)
            History = new WatermarkHistory(rules.HistoryCapacity, rules.HistoryStepTicks);
    }

    public AssignmentCounters Counters { get; } = new();

    /// <summary>The combined watermark after the slots handled so far.</summary>
    public long WatermarkTicks { get; private set; } = long.MinValue;

    /// <summary>The time of day as of the slots handled so far; long.MinValue before the first tick.</summary>
    public long TimeOfDayTicks => _timeOfDayTicks;

    /// <summary>The steady time as of the slots handled so far; long.MinValue before the first tick.</summary>
    public long SteadyTicks => _steadyTicks;

    public WatermarkTracker Tracker => _tracker;

    /// <summary>Whether windows go by the clock.</summary>
    protected bool ProcessingTime { get; }

    /// <summary>What the query takes of the slots; null for all.</summary>
    protected QuerySelection? Selection { get; }

    /// <summary>The newest slice that has had an accepted event; long.MinValue for none.</summary>
    protected virtual long NewestSlice => long.MinValue;

    /// <summary>Where the runs of the batch go.</summary>
    protected RunList Runs { get; private set; } = new();

    /// <summary>
    /// Cuts contiguous slots into runs, appended to the list, and returns how many slots it took: all, or those up to
    /// one at which all stages meet, for a save or to give a key up; its runs are the last. Nothing is behind a Stop.
    /// </summary>
    public int OnBatch(in EventView view, RunList runs)
    {
        Begin(runs);
        ReleaseLeft(view.FirstSequence);
        for (var at = 0; at < view.Count;)
        {
            ref readonly var slot = ref view.Slots[at];
            if (slot.Kind == SlotKind.Event)
            {
                at += Take(view.Slice(at, view.Count - at), slot.SourceId, TimestampRange.Unknown);
                continue;
            }

            if (slot.Kind == SlotKind.Partial)
                TakeGuardedPartial(view.Slice(at, 1), slot.SourceId);
            else
                OnControl(slot, view.FirstSequence + at);
            at++;
            if (slot.Kind == SlotKind.Stop)
                return view.Count;
            if (slot.Kind is SlotKind.Save or SlotKind.KeyRetiring)
                return at;
        }

        return view.Count;
    }

    /// <summary>As <see cref="OnBatch"/>, for events outside of the ring.</summary>
    public void OnEvents(in AcceptedEvents events, RunList runs)
    {
        Begin(runs);
        var view = events.View;
        ReleaseLeft(view.FirstSequence);
        for (var at = 0; at < view.Count;)
            at += Take(view.Slice(at, view.Count - at), events.Source, events.Timestamps);
    }

    /// <summary>Judges panes of another query, all of one time, which are events here and move nothing.</summary>
    /// <param name="panes">The panes, all at the sequence that comes next.</param>
    /// <param name="runs">Where the run of them goes; nothing else is in it.</param>
    public void OnPanes(in EventView panes, RunList runs)
    {
        Begin(runs);
        Counters.EventsProcessed += panes.Count;
        TakePanes(panes, new EventRun
        {
            FirstSequence = panes.FirstSequence,
            Count = panes.Count,
            WatermarkTicks = WatermarkTicks,
            WatermarkCapTicks = WatermarkTicks,
            SourceMaxTicks = long.MaxValue,
            EndMaxTicks = WatermarkTicks,
            SteadyTicks = _steadyTicks,
        });
    }

    /// <summary>Adds the run of panes with its verdict.</summary>
    protected abstract void TakePanes(in EventView panes, EventRun run);

    /// <param name="view">Slots, the first of which is an event.</param>
    /// <param name="source">The event's source.</param>
    /// <param name="known">
    /// Where all are events of the source, and none lies outside of this; no event of it that is not among them was
    /// refused.
    /// </param>
    private int Take(in EventView view, ushort source, in TimestampRange known)
    {
        if (_ended)
            return RefuseAfterEnd(view);
        return _guard is { } guard
            ? TakeGuarded(guard, view, source)
            : TakeMeasured(view, source, known, long.MaxValue);
    }

    /// <summary>Cuts a run off the front, and returns how many slots it takes; the input has not ended.</summary>
    /// <param name="view">Slots, the first of which is an event.</param>
    /// <param name="source">The event's source.</param>
    /// <param name="known">
    /// Where all are events of the source, and none lies outside of this; no event of it that is not among them was
    /// refused.
    /// </param>
    /// <param name="limitTicks">An event of this time or a later one ends the run, unless it is the first.</param>
    protected abstract int TakeRun(in EventView view, ushort source, in TimestampRange known, long limitTicks);

    /// <summary>Whether the shards are told of the watermark as it is now.</summary>
    /// <param name="isHigher">Whether it has moved up.</param>
    protected abstract bool IsTold(bool isHigher);

    /// <summary>The shards have been told of the watermark.</summary>
    protected virtual void OnTold()
    {
    }

    protected EventRun StartRun(long sequence, int source)
    {
        var run = new EventRun { FirstSequence = sequence, SteadyTicks = _steadyTicks, Copy = _copy };
        if (ProcessingTime)
        {
            run.WatermarkTicks = WatermarkTicks;
            run.SourceMaxTicks = WatermarkTicks;
            run.WatermarkCapTicks = long.MaxValue;
            return run;
        }

        var progress = _tracker.Begin(source, _steadyTicks);
        run.WatermarkTicks = progress.WatermarkTicks;
        run.SourceMaxTicks = progress.SourceMaxTicks;
        run.WatermarkCapTicks = progress.CapTicks;
        return run;
    }

    protected void Finish(int source, long max)
    {
        if (ProcessingTime)
        {
            WatermarkTicks = Math.Max(WatermarkTicks, max);
            return;
        }

        _tracker.OnEvents(source, max, _steadyTicks);
        WatermarkTicks = ReachedBySources;
    }

    /// <param name="run">The run.</param>
    /// <param name="reason">Why.</param>
    /// <param name="count">How many of its events are the query's.</param>
    protected void Drop(ref EventRun run, DropReason reason, int count)
    {
        run.Kind = RunKind.Dropped;
        run.Reason = reason;
        Counters.Drop(reason, count);
    }

    /// <summary>Counts the events of a run, and returns how many of them are the query's.</summary>
    protected int CountEvents(in EventRun run)
    {
        if (Selection is { TakesNothing: true })
            return 0;
        var count = CountKept(run.FirstSequence, run.Count);
        Counters.EventsProcessed += count;
        Counters.EventsFiltered += run.Count - count;
        return count;
    }

    /// <summary>Refuses the first event, whose windows do not fit the range of time.</summary>
    protected int RefuseOutOfOwnRange(in EventView view)
    {
        if (AddRefused(RunOf(view.FirstSequence), DropReason.TimestampOutOfRange))
            Counters.OutOfOwnRange++;
        return 1;
    }

    private int RefuseAfterEnd(in EventView view)
    {
        Counters.RefuseForTime(DropReason.AfterEnd);
        AddRefused(RunOf(view.FirstSequence), DropReason.AfterEnd);
        return 1;
    }

    private EventRun RunOf(long sequence) =>
        new() { FirstSequence = sequence, Count = 1, SteadyTicks = _steadyTicks, Copy = _copy };

    /// <summary>Returns whether the event is the query's.</summary>
    private bool AddRefused(EventRun run, DropReason reason)
    {
        var isTaken = CountEvents(run) > 0;
        if (isTaken)
            Drop(ref run, reason, run.Count);
        else
            run.Kind = RunKind.Pass;
        Runs.Add(run);
        return isTaken;
    }

    /// <summary>
    /// Takes an event that some queries refuse, for its key or a measure. It moves the watermark whatever they say.
    /// </summary>
    private void TakePartial(in EventView view, ushort source)
    {
        var sequence = view.FirstSequence;
        if (_ended)
        {
            RefuseAfterEnd(view);
            return;
        }

        var reason = Selection is { } selection && CountKept(sequence, 1) > 0
            ? ReasonOf(selection, sequence)
            : DropReason.None;
        if (reason == DropReason.None)
        {
            TakeRun(view, source, TimestampRange.Unknown, long.MaxValue);
            return;
        }

        var run = StartRun(sequence, source);
        run.Count = 1;
        AddRefused(run, reason);
        var before = WatermarkTicks;
        Finish(source, Math.Max(run.SourceMaxTicks, view.Slots->TimestampTicks));
        if (!IsTold(WatermarkTicks > before))
            return;
        History?.Add(StepOf(*view.Slots, sequence, before));
        AddWatermark(sequence);
    }

    private void OnControl(in EventSlot slot, long sequence)
    {
        switch (slot.Kind)
        {
            case SlotKind.Refused:
                if (slot.Reason == DropReason.FutureSkew)
                    Counters.NoteSkew(slot.TimestampTicks);
                Counters.RefuseForTime(slot.Reason);
                AddRefused(RunOf(sequence), slot.Reason);
                break;
            case SlotKind.KeyRetiring:
                AddPlain(
                    _guard?.NeedsKey(slot.SourceId, slot.KeyId) == true ? RunKind.KeyKept : RunKind.KeyRetiring,
                    sequence);
                break;
            case SlotKind.Stop:
                AddPlain(RunKind.Stop, sequence);
                break;
            case SlotKind.Save:
                AddPlain(RunKind.Save, sequence);
                break;
            case SlotKind.Void:
            case SlotKind.Flush:
                AddPlain(RunKind.Pass, sequence);
                break;
            case SlotKind.Filtered:
                OnFiltered(slot, sequence);
                break;
            case SlotKind.Tick:
                OnTick(slot, sequence);
                break;
            default:
                if (_guard is { } guard)
                    GuardSource(guard, slot, sequence);
                OnSource(slot);
                _tracker.OnQuiet(stepTicks: 0);
                if (!TryMoveWatermark(slot, sequence))
                    AddPlain(RunKind.Pass, sequence);
                break;
        }
    }

    /// <summary>The watermark moves after the event, as after one that entered its windows.</summary>
    private void OnFiltered(in EventSlot slot, long sequence)
    {
        if (_guard is { } guard && !IsOrdinary(guard, slot, sequence))
        {
            AddPlain(RunKind.Pass, sequence);
            return;
        }

        if (!ProcessingTime)
            _tracker.OnEvents(slot.SourceId, slot.TimestampTicks, _steadyTicks);
        else if (!_ended)
            WatermarkTicks = Math.Max(WatermarkTicks, slot.TimestampTicks);
        if (!TryMoveWatermark(slot, sequence))
            AddPlain(RunKind.Pass, sequence);
    }

    private void OnTick(in EventSlot slot, long sequence)
    {
        _steadyTicks = Math.Max(_steadyTicks, slot.Measure);
        _timeOfDayTicks = slot.TimestampTicks;
        AddPlain(RunKind.Clock, sequence, slot.QuietStepTicks);
        if (!ProcessingTime)
        {
            _tracker.OnClock(_steadyTicks);
            _tracker.OnQuiet(slot.QuietStepTicks);
        }
        else if (!_ended)
        {
            WatermarkTicks = Math.Max(WatermarkTicks, _timeOfDayTicks);
        }

        TryMoveWatermark(slot, sequence);
    }

    /// <summary>Tells the shards of the watermark.</summary>
    protected void AddWatermark(long sequence)
    {
        Runs.Add(new EventRun
        {
            FirstSequence = sequence,
            Count = 1,
            Kind = RunKind.Watermark,
            Slice = NewestSlice,
            WatermarkTicks = WatermarkTicks,
            SteadyTicks = _steadyTicks,
        });
        OnTold();
    }

    private void AddPlain(RunKind kind, long sequence, long quietStepTicks = 0) => Runs.Add(new EventRun
    {
        FirstSequence = sequence,
        Count = 1,
        Kind = kind,
        WatermarkTicks = WatermarkTicks,
        SteadyTicks = _steadyTicks,
        SourceMaxTicks = quietStepTicks,
        EndMaxTicks = _timeOfDayTicks,
    });
}
