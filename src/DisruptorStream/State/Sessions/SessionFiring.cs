using System.Runtime.InteropServices;
using DisruptorStream.State.Firing;
using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Timing;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions;

/// <summary>The sessions that a watermark step has completed or expired, emitted in order and in pieces.</summary>
internal unsafe class SessionFiring : IDisposable
{
    /// <summary>How many sessions, or keys, are looked at for one unit of a budget.</summary>
    protected const int LooksPerUnit = 4;

    private readonly StoreContext _context;
    private readonly SessionTable _sessions;
    private readonly DueOrder _order = new();
    private readonly PaneGroup _panes;
    private readonly nint* _records;
    private readonly long[] _spansTicks = new long[PaneGroup.Capacity];
    private DueSession[] _due = new DueSession[64];
    private int _count;
    private int _next;

    // What is not in order yet begins there.
    private int _unordered;
    private Gathering _gathering;
    private int _gathered;
    private FiringStep _step = new(Sequence: -1, Ticks: long.MinValue, FromTicks: long.MinValue);

    /// <param name="context">The shard.</param>
    /// <param name="sessions">The sessions.</param>
    /// <param name="mayFireOnce">Whether a session that is due may be over with one pane.</param>
    public SessionFiring(StoreContext context, SessionTable sessions, bool mayFireOnce = true)
    {
        _context = context;
        _sessions = sessions;
        _panes = new PaneGroup(context.Plan.Metrics.Count, sharesHeader: false);
        _records = (nint*)NativeMemory.Alloc(PaneGroup.Capacity * (nuint)sizeof(nint));
        FiresOnce = mayFireOnce && context is { AllowedLatenessTicks: 0, Early: null, Late: null }
            && context.Accumulation != AccumulationMode.Retracting;
    }

    private enum Gathering
    {
        None,
        OfDue,
        OfAll,
        OfDelayed,
    }

    protected StoreContext Context => _context;

    protected SessionTable Sessions => _sessions;

    /// <summary>The step that is under way.</summary>
    protected ref readonly FiringStep Step => ref _step;

    /// <summary>Room for what is taken off a wheel at once.</summary>
    protected int[] Looks { get; } = new int[64];

    /// <summary>
    /// Whether a session that is due is over and shows its only pane. Then panes are read and handed on together, and
    /// those of several steps of the watermark may wait for one another.
    /// </summary>
    public bool FiresOnce { get; }

    public bool IsActive => _gathering != Gathering.None || _next < _count;

    /// <summary>Whether what fires is still being looked for: no session may change meanwhile.</summary>
    public bool IsGathering => _gathering != Gathering.None;

    /// <summary>Whether a tick is under way.</summary>
    public bool HasTick => _step.IsTick && IsActive;

    /// <summary>No trigger wants to be asked before this time. Known when no tick is under way.</summary>
    public long NextDeadlineTicks { get; private set; } = long.MaxValue;

    /// <summary>That of the first session that waits.</summary>
    public long Sequence => _next < _count ? _due[_next].Sequence : _step.Sequence;

    /// <summary>The next tick asks all triggers.</summary>
    public void AskAtNextTick() => NextDeadlineTicks = long.MinValue;

    public void NoteDeadline(byte* pane, bool isLate) =>
        NextDeadlineTicks = Math.Min(NextDeadlineTicks, _sessions.Panes.DeadlineTicks(pane, isLate));

    /// <summary>Notes that the watermark has moved so far that something is due.</summary>
    public void Start(long sequence, long watermark) =>
        Begin(new FiringStep(sequence, watermark, watermark));

    /// <summary>Notes that the time of delayed panes has come.</summary>
    public void StartTick(in FiringStep tick)
    {
        Begin(tick);
        NextDeadlineTicks = long.MaxValue;
    }

    /// <summary>
    /// Takes all that is due at the watermark off the wheel, in order. The caller sets the sequence at which each
    /// fires.
    /// </summary>
    public Span<DueSession> Take(long watermark)
    {
        Start(sequence: -1, watermark);
        var first = _count;
        FinishGathering();
        while (!_order.IsDone)
            Order(WindowStateStore.PanesPerTurn);
        return _due.AsSpan(first, _count - first);
    }

    /// <summary>Finds all that fires, so that sessions may change.</summary>
    public void FinishGathering()
    {
        while (IsGathering)
        {
            _context.Abort.ThrowIfCancellationRequested();
            Gather(WindowStateStore.PanesPerTurn);
        }
    }

    /// <summary>Emits about as many panes as the budget says, at most; returns what is left of it.</summary>
    public int Run(int budget)
    {
        while (budget > 0 && IsActive)
        {
            if (IsGathering)
                budget = Gather(budget);
            else if (_next >= _unordered && !_order.IsDone)
                budget = Order(budget);
            else if (FiresOnce)
                budget -= FireTogether(Math.Min(Math.Min(budget, Ordered - _next), PaneGroup.Capacity));
            else
                budget = FireEach(budget);
        }

        return budget;
    }

    public void Dispose() => NativeMemory.Free(_records);

    // How far sessions are in their order.
    private int Ordered => _order.IsDone ? _count : _unordered;

    private void Begin(in FiringStep step)
    {
        FinishGathering();
        while (!_order.IsDone)
            Order(WindowStateStore.PanesPerTurn);
        if (!FiresOnce || step.Ticks == long.MaxValue || _count - _next >= PaneGroup.Capacity)
            Finish();
        if (!IsActive)
            _count = _next = 0;
        _step = step;
        _unordered = _count;
        _gathered = 0;
        _gathering = step.IsTick ? Gathering.OfDelayed
            : step.Ticks == long.MaxValue ? Gathering.OfAll
            : Gathering.OfDue;
    }

    /// <summary>Emits all that is due.</summary>
    public void Finish()
    {
        while (IsActive)
        {
            _context.Abort.ThrowIfCancellationRequested();
            Run(WindowStateStore.PanesPerTurn);
        }
    }

    /// <summary>Looks at as many sessions as the budget allows; returns what is left of it.</summary>
    private int Gather(int budget)
    {
        var isDone = _gathering switch
        {
            Gathering.OfDue => TryGatherDue(ref budget),
            Gathering.OfAll => TryGatherAll(ref budget),
            _ => TryGatherDelayed(ref budget),
        };
        if (!isDone)
            return budget;
        _gathering = Gathering.None;
        _order.Begin(_due, _unordered, _count - _unordered);
        return budget;
    }

    private int Order(int budget)
    {
        _context.Abort.ThrowIfCancellationRequested();
        _order.Work(ref budget);
        return budget;
    }

    /// <summary>Finds what is due at the step that is under way; true once all is found.</summary>
    protected virtual bool TryGatherDue(ref int budget)
    {
        while (budget > 0)
        {
            var taken = _sessions.Due.Take(_step.Ticks, Looks);
            if (taken == 0)
                return true;

            // They have not been touched for a gap: they come together, not one after the other.
            foreach (var index in Looks.AsSpan(0, taken))
                _sessions.Prefetch(index);
            foreach (var index in Looks.AsSpan(0, taken))
                Look(index);
            budget -= (taken + LooksPerUnit - 1) / LooksPerUnit;
        }

        return false;
    }

    /// <summary>A session was taken off the wheel: it fires, or is filed again.</summary>
    protected virtual void Look(int index)
    {
        var session = _sessions.At(index);
        var due = _sessions.DueOf(session);
        if (due > _step.Ticks)
            _sessions.Due.File(index, due);
        else
            AddDue(session, index, _step.Ticks);
    }

    /// <summary>The end of input: everything is due, also what would never expire.</summary>
    private bool TryGatherAll(ref int budget)
    {
        var end = (int)Math.Min(_sessions.IndexRange, _gathered + ((long)budget * LooksPerUnit));
        budget -= (end - _gathered + LooksPerUnit - 1) / LooksPerUnit;
        for (; _gathered < end; _gathered++)
        {
            var session = _sessions.At(_gathered);
            if (session->KeyId >= 0)
                AddDue(session, _gathered, long.MaxValue);
        }

        return _gathered == _sessions.IndexRange;
    }

    /// <summary>Asks triggers whether the time of delayed panes has come.</summary>
    private bool TryGatherDelayed(ref int budget)
    {
        // The end by the clock of the deadlines, which the time of day is ahead of.
        var aheadTicks = _step.FromTicks - _step.Ticks;
        for (; _gathered < _sessions.IndexRange; _gathered++, budget--)
        {
            if (budget <= 0)
                return false;
            var session = _sessions.At(_gathered);
            if (session->KeyId < 0)
                continue;
            var pane = SessionTable.PaneOf(session);
            var isLate = SessionTable.Has(session, PaneMarks.Completed);
            var endTicks = TickMath.SaturatingSubtract(session->EndTicks, aheadTicks);
            if (_sessions.Panes.OnClock(pane, endTicks, _step.Ticks, isLate))
                Add(session, _gathered);
            else
                NoteDeadline(pane, isLate);
        }

        return true;
    }

    /// <summary>The session fires at the step that is under way.</summary>
    protected void AddDue(Session* session, int index, long watermark)
    {
        // What has to expire next is known to the wheel from now on, however late this firing is finished.
        var expiry = _sessions.ExpiryOf(session);
        if (expiry > watermark)
            _sessions.File(index, expiry);
        Add(session, index);
    }

    /// <summary>The watermark that the session goes by, at the step that is under way.</summary>
    protected virtual long WatermarkOf(Session* session) => _step.Ticks;

    private void Add(Session* session, int index) => Add(session, index, session->StartTicks, session->EndTicks);

    /// <summary>The session fires at the step that is under way, in the order of a window.</summary>
    protected void Add(Session* session, int index, long startTicks, long endTicks)
    {
        SessionTable.Set(session, PaneMarks.Due, on: true);
        if (_count == _due.Length)
            Array.Resize(ref _due, _count * 2);
        _due[_count++] = new DueSession(endTicks, startTicks, session->KeyId, index)
        {
            Sequence = _step.Sequence,
        };
    }

    private int FireEach(int budget)
    {
        for (; budget > 0 && _next < Ordered; budget--, _next++)
        {
            if (_step.IsTick)
                FireDelayed(_due[_next].Index);
            else
                FireOne(_due[_next].Index, _due[_next].Sequence, staged: false);
        }

        return budget;
    }

    private void FireDelayed(int index)
    {
        var session = _sessions.At(index);
        SessionTable.Set(session, PaneMarks.Due, on: false);
        var isLate = SessionTable.Has(session, PaneMarks.Completed);
        var timing = isLate ? PaneTiming.Late : PaneTiming.Early;
        _sessions.Emit(index, _step.Sequence, timing, ResultFlags.None, _step.IsStaged);
        NoteDeadline(SessionTable.PaneOf(session), isLate);
    }

    /// <summary>Emits sessions that are over, and forgets them. Returns how many.</summary>
    private int FireTogether(int count)
    {
        var due = _due.AsSpan(_next, count);

        // Of many that fall due together most are far away again by the time of their turn.
        foreach (ref readonly var next in due)
        {
            _sessions.Prefetch(next.Index);
            _sessions.PrefetchKey(next.KeyId);
        }

        for (var pane = 0; pane < due.Length; pane++)
        {
            var session = _sessions.At(due[pane].Index);
            _records[pane] = (nint)SessionTable.AccumulatorsOf(session);
            _spansTicks[pane] = session->EndTicks - session->StartTicks;
            _panes.KeyIds[pane] = session->KeyId;
            _panes.Headers[pane] =
                SessionTable.HeaderOf(session, due[pane].Sequence, PaneTiming.OnTime, ResultFlags.Last);
        }

        _panes.Count = count;
        _context.Plan.ReadEach(_records, _spansTicks, _panes.Values, _panes.FailureIndexes[..count]);
        _context.Counters.WindowsFired += count;
        _context.Output.Write(_panes);
        foreach (ref readonly var over in due)
        {
            _context.Activity.Touch(over.KeyId, over.Sequence);
            _sessions.Close(over.Index);
        }

        // Not before its rows are written: where that waits for room, emission is told how far the rows are complete.
        _next += count;
        return count;
    }

    /// <summary>Emits a session that is due, and forgets it if it has expired.</summary>
    protected virtual void FireOne(int index, long sequence, bool staged)
    {
        var session = _sessions.At(index);
        SessionTable.Set(session, PaneMarks.Due, on: false);
        var expired = WatermarkOf(session) >= _sessions.ExpiryOf(session);
        var flags = expired ? ResultFlags.Last : ResultFlags.None;
        if (!SessionTable.Has(session, PaneMarks.Completed))
            _sessions.Emit(index, sequence, PaneTiming.OnTime, flags, staged);
        else if (SessionTable.StateOf(session)->HasPending)
            _sessions.Emit(index, sequence, PaneTiming.Late, flags, staged);

        if (expired)
        {
            _context.Activity.Touch(session->KeyId, sequence);
            _sessions.Close(index);
            return;
        }

        SessionTable.Set(session, PaneMarks.Completed, on: true);
    }
}
