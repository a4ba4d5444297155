using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions;

/// <summary>The sessions that a watermark step has completed or expired, emitted in order and in pieces.</summary>
internal sealed unsafe class SessionFiring
{
    private readonly StoreContext _context;
    private readonly SessionTable _sessions;
    private readonly int[] _looks = new int[64];
    private DueSession[] _due = new DueSession[64];
    private int _count;
    private int _next;
    private long _watermark = long.MinValue;

    public SessionFiring(StoreContext context, SessionTable sessions)
    {
        _context = context;
        _sessions = sessions;
    }

    public bool IsActive => _next < _count;

    public long Sequence { get; private set; }

    /// <summary>
    /// Takes all that is due at the watermark off the wheel. What an earlier step left is emitted first.
    /// </summary>
    public void Start(long sequence, long watermark)
    {
        while (IsActive)
            Run(int.MaxValue);
        _next = 0;
        _count = 0;
        Sequence = sequence;
        _watermark = watermark;
        if (watermark == long.MaxValue)
            TakeAll();
        else
            TakeDue(watermark);
        if (_count > 1)
            _due.AsSpan(0, _count).Sort();
    }

    /// <summary>Emits at most about so many panes; returns what is left of the budget.</summary>
    public int Run(int budget)
    {
        for (; budget > 0 && _next < _count; budget--)
            FireOne(_due[_next++].Index);
        return budget;
    }

    /// <summary>Fires the delayed panes whose time has come; returns when the next one is.</summary>
    public long FireDelayed(long sequence, long clockTicks)
    {
        var next = long.MaxValue;
        var panes = _sessions.Panes;
        for (var index = 0; index < _sessions.IndexRange; index++)
        {
            var session = _sessions.At(index);
            if (session->KeyId < 0)
                continue;
            var isLate = SessionTable.Has(session, PaneMarks.Completed);
            if (panes.OnClock(SessionTable.PaneOf(session), session->EndTicks, clockTicks, isLate))
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
        for (var index = 0; index < _sessions.IndexRange; index++)
        {
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

    private void FireOne(int index)
    {
        var session = _sessions.At(index);
        SessionTable.Set(session, PaneMarks.Due, on: false);
        var expired = _watermark >= _sessions.ExpiryOf(session);
        var flags = expired ? ResultFlags.Last : ResultFlags.None;
        if (!SessionTable.Has(session, PaneMarks.Completed))
            _sessions.Emit(index, Sequence, PaneTiming.OnTime, flags, staged: false);
        else if (SessionTable.StateOf(session)->HasPending)
            _sessions.Emit(index, Sequence, PaneTiming.Late, flags, staged: false);

        if (expired)
        {
            _context.Activity.Touch(session->KeyId);
            _sessions.Close(index);
            return;
        }

        SessionTable.Set(session, PaneMarks.Completed, on: true);
    }
}
