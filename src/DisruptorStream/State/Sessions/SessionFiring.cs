using System.Runtime.InteropServices;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions;

/// <summary>The sessions that a watermark step has completed or expired, emitted in order and in pieces.</summary>
internal sealed unsafe class SessionFiring : IDisposable
{
    private readonly StoreContext _context;
    private readonly SessionTable _sessions;
    private readonly int[] _looks = new int[64];
    private readonly DueOrder _order = new();
    private readonly PaneGroup _panes;
    private readonly nint* _records;
    private readonly long[] _spansTicks = new long[PaneGroup.Capacity];
    private DueSession[] _due = new DueSession[64];
    private int _count;
    private int _next;
    private long _watermark = long.MinValue;

    public SessionFiring(StoreContext context, SessionTable sessions)
    {
        _context = context;
        _sessions = sessions;
        _panes = new PaneGroup(context.Plan.Metrics.Count, sharesHeader: false);
        _records = (nint*)NativeMemory.Alloc(PaneGroup.Capacity * (nuint)sizeof(nint));
        FiresOnce = context is { AllowedLatenessTicks: 0, Early: null, Late: null }
            && context.Accumulation != AccumulationMode.Retracting;
    }

    /// <summary>
    /// Whether a session that is due is over and shows its only pane. Then panes are read and handed on together, and
    /// those of several steps of the watermark may wait for one another.
    /// </summary>
    public bool FiresOnce { get; }

    public bool IsActive => _next < _count;

    /// <summary>That of the first session that waits.</summary>
    public long Sequence => _due[_next].Sequence;

    /// <summary>Takes all that is due at the watermark off the wheel.</summary>
    public void Start(long sequence, long watermark)
    {
        foreach (ref var due in Take(watermark))
            due.Sequence = sequence;
    }

    /// <summary>
    /// Takes all that is due at the watermark off the wheel, in order. Whoever asks says at which sequence each fires,
    /// where they are not the same.
    /// </summary>
    public Span<DueSession> Take(long watermark)
    {
        if (!FiresOnce || watermark == long.MaxValue || _count - _next >= PaneGroup.Capacity)
            FinishFiring();
        if (!IsActive)
            _count = _next = 0;
        var first = _count;
        _watermark = watermark;
        if (watermark == long.MaxValue)
            TakeAll();
        else
            TakeDue(watermark);
        var taken = _due.AsSpan(first, _count - first);
        _order.Sort(taken, _context.Abort);
        return taken;
    }

    /// <summary>Emits at most about so many panes; returns what is left of the budget.</summary>
    public int Run(int budget)
    {
        while (FiresOnce && budget > 0 && IsActive)
            budget -= FireTogether(Math.Min(Math.Min(budget, _count - _next), PaneGroup.Capacity));
        for (; budget > 0 && IsActive; budget--)
        {
            var due = _due[_next];
            FireOne(due.Index, due.Sequence);
            _next++;
        }

        return budget;
    }

    public void Dispose() => NativeMemory.Free(_records);

    private void FinishFiring()
    {
        while (IsActive)
        {
            _context.Abort.ThrowIfCancellationRequested();
            Run(WindowStateStore.PanesPerTurn);
        }
    }

    /// <summary>Fires the delayed panes whose time has come; returns when the next one is.</summary>
    /// <param name="sequence">Of the tick.</param>
    /// <param name="clockTicks">The steady time.</param>
    /// <param name="aheadTicks">By how much the time of day, which sessions end by, is ahead of it.</param>
    public long FireDelayed(long sequence, long clockTicks, long aheadTicks)
    {
        var next = long.MaxValue;
        var panes = _sessions.Panes;
        var probe = new AbortProbe(_context.Abort);
        for (var index = 0; index < _sessions.IndexRange; index++)
        {
            probe.Step();
            var session = _sessions.At(index);
            if (session->KeyId < 0)
                continue;
            var isLate = SessionTable.Has(session, PaneMarks.Completed);
            var endTicks = TickMath.SaturatingSubtract(session->EndTicks, aheadTicks);
            if (panes.OnClock(SessionTable.PaneOf(session), endTicks, clockTicks, isLate))
            {
                var timing = isLate ? PaneTiming.Late : PaneTiming.Early;
                _sessions.Emit(index, sequence, timing, ResultFlags.None, staged: true);
            }

            next = Math.Min(next, panes.DeadlineTicks(SessionTable.PaneOf(session), isLate));
        }

        return next;
    }

    /// <summary>Gives the key's oldest session up: what it holds and has not shown goes out in a last pane.</summary>
    public void EvictOldest(int keyId, long sequence)
    {
        var oldest = _sessions.HeadOf(keyId);
        for (var at = oldest; at >= 0; at = _sessions.At(at)->Next)
        {
            if (_sessions.At(at)->EndTicks < _sessions.At(oldest)->EndTicks)
                oldest = at;
        }

        var session = _sessions.At(oldest);
        var isLate = SessionTable.Has(session, PaneMarks.Completed);
        if (!isLate || SessionTable.StateOf(session)->HasPending)
        {
            var timing = isLate ? PaneTiming.Late : PaneTiming.Early;
            _sessions.Emit(oldest, sequence, timing, ResultFlags.Last | ResultFlags.Evicted, staged: true);
        }

        _context.Counters.WindowsEvicted++;
        _sessions.Close(oldest);
    }

    private void TakeDue(long watermark)
    {
        int taken;
        while ((taken = _sessions.Due.Take(watermark, _looks)) > 0)
        {
            _context.Abort.ThrowIfCancellationRequested();

            // They have not been touched for a gap: they come together, not one after the other.
            foreach (var index in _looks.AsSpan(0, taken))
                _sessions.Prefetch(index);
            foreach (var index in _looks.AsSpan(0, taken))
                Look(index, watermark);
        }
    }

    private void Look(int index, long watermark)
    {
        var session = _sessions.At(index);
        var due = _sessions.DueOf(session);
        if (due > watermark)
            _sessions.Due.File(index, due);
        else
            AddDue(session, index);
    }

    /// <summary>The end of input: everything is due, also what would never expire.</summary>
    private void TakeAll()
    {
        var probe = new AbortProbe(_context.Abort);
        for (var index = 0; index < _sessions.IndexRange; index++)
        {
            probe.Step();
            var session = _sessions.At(index);
            if (session->KeyId >= 0)
                AddDue(session, index);
        }
    }

    private void AddDue(Session* session, int index)
    {
        SessionTable.Set(session, PaneMarks.Due, on: true);

        // What has to expire next is known to the wheel from now on, however late this firing is finished.
        var expiry = _sessions.ExpiryOf(session);
        if (expiry > _watermark)
            _sessions.Due.File(index, expiry);
        if (_count == _due.Length)
            Array.Resize(ref _due, _count * 2);
        _due[_count++] = new DueSession(session->EndTicks, session->StartTicks, session->KeyId, index);
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

    private void FireOne(int index, long sequence)
    {
        var session = _sessions.At(index);
        SessionTable.Set(session, PaneMarks.Due, on: false);
        var expired = _watermark >= _sessions.ExpiryOf(session);
        var flags = expired ? ResultFlags.Last : ResultFlags.None;
        if (!SessionTable.Has(session, PaneMarks.Completed))
            _sessions.Emit(index, sequence, PaneTiming.OnTime, flags, staged: false);
        else if (SessionTable.StateOf(session)->HasPending)
            _sessions.Emit(index, sequence, PaneTiming.Late, flags, staged: false);

        if (expired)
        {
            _context.Activity.Touch(session->KeyId, sequence);
            _sessions.Close(index);
            return;
        }

        SessionTable.Set(session, PaneMarks.Completed, on: true);
    }
}
