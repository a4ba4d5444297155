using DisruptorStream.Windows;

namespace DisruptorStream.State.Panes;

/// <summary>
/// The record of a window that keeps panes of its own: pane state, accumulators, a copy of the pane emitted last where
/// panes are withdrawn, early and late trigger state. Knows how such a record takes events and emits panes.
/// </summary>
internal sealed unsafe partial class PaneRecords
{
    private readonly StoreContext _context;
    private readonly AggregatePlan _plan;
    private readonly int _currentOffset = PaneState.SizeBytes;
    private readonly int _retainedOffset;
    private readonly int _earlyOffset;
    private readonly int _lateOffset;
    private readonly bool _keepsRetained;
    private readonly bool _isSession;
    private readonly bool _hasOneTriggerState;
    private readonly long[] _values;

    /// <param name="context">The shard.</param>
    /// <param name="keepsRetained">
    /// Whether the record itself holds the copy of the pane emitted last; sessions keep it elsewhere.
    /// </param>
    public PaneRecords(StoreContext context, bool keepsRetained)
    {
        _context = context;
        _plan = context.Plan;
        _isSession = !keepsRetained;
        _keepsRetained = keepsRetained && context.Accumulation == AccumulationMode.Retracting;

        _retainedOffset = _currentOffset + _plan.RecordBytes;
        _earlyOffset = _keepsRetained ? _retainedOffset + _plan.RecordBytes : _retainedOffset;

        // Events since the last pane are counted in one place, also where a session that has fired goes on.
        _hasOneTriggerState = context is { Early: { } early, Late: { } late } && early.SharesStateWith(late);
        _lateOffset = _hasOneTriggerState ? _earlyOffset : _earlyOffset + (context.Early?.StateBytes ?? 0);
        RecordBytes = _lateOffset + (context.Late?.StateBytes ?? 0);
        _values = new long[_plan.Metrics.Count];
        Initial = new byte[RecordBytes];
        _plan.InitialRecord.CopyTo(Initial.AsSpan(_currentOffset));
        if (_keepsRetained)
            _plan.InitialRecord.CopyTo(Initial.AsSpan(_retainedOffset));
    }

    public int RecordBytes { get; }

    /// <summary>A record before any event.</summary>
    public byte[] Initial { get; }

    /// <summary>From the record's start to its accumulators.</summary>
    public int CurrentOffset => _currentOffset;

    /// <summary>Releases what the records of a table hold; null where they hold nothing.</summary>
    public PlanReleaser? Releaser => PlanReleaser.For(_plan, _currentOffset, _keepsRetained ? _retainedOffset : -1);

    public static PaneState* StateOf(byte* record) => (PaneState*)record;

    /// <summary>
    /// Counts an event and asks the trigger whether it fires a pane. The event itself is folded in apart.
    /// </summary>
    public bool OnEvent(byte* record, in TriggerContext seen, bool isLate)
    {
        StateOf(record)->AddPending();
        var trigger = isLate ? _context.Late : _context.Early;
        return trigger is not null && trigger.OnEvent(record + (isLate ? _lateOffset : _earlyOffset), seen);
    }

    /// <summary>When the record next wants to be asked by the clock.</summary>
    public long DeadlineTicks(byte* record, bool isLate)
    {
        var trigger = isLate ? _context.Late : _context.Early;
        return trigger is null ? long.MaxValue : trigger.DeadlineTicks(record + (isLate ? _lateOffset : _earlyOffset));
    }

    /// <param name="record">The record.</param>
    /// <param name="windowEndTicks">When the window ends, by the same clock as the deadlines.</param>
    /// <param name="clockTicks">The time now.</param>
    /// <param name="isLate">Whether the window is complete.</param>
    public bool OnClock(byte* record, long windowEndTicks, long clockTicks, bool isLate)
    {
        var trigger = isLate ? _context.Late : _context.Early;
        if (trigger is null)
            return false;
        var memory = record + (isLate ? _lateOffset : _earlyOffset);
        var deadline = trigger.DeadlineTicks(memory);

        // Under processing time a deadline at or after the end is not early any more: the window completes first.
        var isOvertaken = _context.ProcessingTime && !isLate && deadline >= windowEndTicks;
        return clockTicks >= deadline && !isOvertaken && trigger.OnClock(memory, clockTicks);
    }

    /// <summary>
    /// Emits the pane: withdraws the one before if panes are retracted, and starts anew if they are discarded.
    /// </summary>
    public void Emit(byte* record, in ResultHeader pane, bool staged)
    {
        var state = StateOf(record);
        var header = pane;
        header.PaneIndex = state->NextIndex;
        header.OrderPaneIndex = state->NextIndex;
        if (_keepsRetained && (state->Marks & PaneMarks.Emitted) != PaneMarks.None)
            Retract(record + _retainedOffset, header, header.PaneIndex - 1, staged);
        Write(record + _currentOffset, header, staged);
        if (_keepsRetained)
        {
            _plan.Replace(record + _currentOffset, record + _retainedOffset);
            state->Marks |= PaneMarks.Emitted;
        }

        AfterPane(record);
    }

    /// <summary>Emits a withdrawal of accumulators that an earlier pane showed.</summary>
    public void Retract(byte* accumulators, in ResultHeader replacement, int paneIndex, bool staged)
    {
        var header = replacement;
        header.PaneIndex = paneIndex;
        header.Timing = PaneTiming.Retract;
        header.Flags = ResultFlags.None;
        Write(accumulators, header, staged);
    }

    /// <summary>The values of the row that was emitted last.</summary>
    public ReadOnlySpan<long> LastValues => _values;

    /// <summary>Where the failure of the row that was emitted last is kept; -1 for none.</summary>
    public int LastFailureIndex { get; private set; } = -1;

    /// <summary>Emits a row with what the accumulators hold.</summary>
    public void Write(byte* accumulators, in ResultHeader pane, bool staged) =>
        Write(accumulators, pane, pane.EndTicks - pane.StartTicks, staged);

    /// <summary>Emits a row with what the accumulators hold.</summary>
    /// <param name="accumulators">The accumulators.</param>
    /// <param name="pane">The rest of the row.</param>
    /// <param name="spanTicks">How long it took what they hold to come: what rates are per time of.</param>
    /// <param name="staged">Whether the row waits for its place.</param>
    public void Write(byte* accumulators, in ResultHeader pane, long spanTicks, bool staged)
    {
        var header = pane;
        _plan.Read(accumulators, spanTicks, _values);
        header.FailureIndex = _plan.FailureOf(accumulators);
        LastFailureIndex = header.FailureIndex;
        if (header.Timing == PaneTiming.Retract)
            _context.Counters.RetractionsFired++;
        else
            _context.Counters.WindowsFired++;
        if (header.Timing == PaneTiming.Late)
            _context.Counters.LatePanes++;
        if (staged)
            _context.Output.Stage(header, _values);
        else
            _context.Output.Write(header, _values);
    }

    /// <summary>What every pane resets.</summary>
    public void AfterPane(byte* record)
    {
        var state = StateOf(record);
        state->NextIndex++;
        state->ClearPending();
        _context.Early?.OnPane(record + _earlyOffset);
        _context.Late?.OnPane(record + _lateOffset);
        if (_context.Accumulation == AccumulationMode.Discarding)
            _plan.Reset(record + _currentOffset);
    }

    /// <summary>
    /// Folds the record of a later session of the same key in; the copy of an emitted pane is not touched.
    /// </summary>
    public void Merge(byte* into, byte* later)
    {
        var state = StateOf(into);
        var other = StateOf(later);
        state->MergePending(*other);
        state->NextIndex = Math.Max(state->NextIndex, other->NextIndex);
        _context.Early?.Merge(into + _earlyOffset, later + _earlyOffset);
        if (!_hasOneTriggerState)
            _context.Late?.Merge(into + _lateOffset, later + _lateOffset);
        _plan.Merge(into + _currentOffset, later + _currentOffset);
    }
}
