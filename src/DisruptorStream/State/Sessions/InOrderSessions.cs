using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Events;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// The short way of an event that extends the newest session of its key or opens a newer one. It can touch no other
/// session, no pane and no verdict, so that what is the same for a run is looked at once for the run.
/// </summary>
internal sealed unsafe class InOrderSessions
{
    private const PaneMarks Fired = PaneMarks.Completed | PaneMarks.Due;

    // The sessions of so many keys stay in the first two caches as a rule.
    private const int NearKeys = 1024;
    private const int EventsAhead = 256;

    private readonly StoreContext _context;
    private readonly SessionTable _sessions;
    private readonly SessionFiring _firing;
    private readonly SessionBatch _batch;
    private readonly long _gapTicks;
    private int _fetched;

    public InOrderSessions(StoreContext context, SessionTable sessions, SessionFiring firing, SessionBatch batch)
    {
        _context = context;
        _sessions = sessions;
        _firing = firing;
        _batch = batch;
        _gapTicks = context.Window.GapTicks;
    }

    /// <summary>Begins with other events.</summary>
    public void Begin() => _fetched = 0;

    /// <summary>
    /// Takes events from one on for as long as this is all there is to do and nothing becomes due. Returns how many.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Take(in EventView events, int from, ref RunClock clock)
    {
        var taken = _batch.Begin(from);
        var records = _batch.Records + taken;
        var slot = events.Slots + from;
        var most = Math.Min(Math.Min(events.Count - from, SessionBatch.Capacity - taken), EventsAhead);
        var heads = _sessions.Heads;
        var addresses = _sessions.Addresses;
        if (heads.Length > NearKeys && from >= _fetched)
            Prefetch(events, from, heads, addresses);
        var gapTicks = _gapTicks;
        var accumulators = sizeof(Session) + _sessions.Panes.CurrentOffset;
        var stop = clock.TimeReaching(_sessions.Due.NextDueTicks);
        var max = clock.MaxTicks;
        var count = 0;
        for (; count < most; count++, slot++)
        {
            var time = slot->Timestamp;
            if (time >= stop)
                break;
            var keyId = slot->KeyId;
            var head = (uint)keyId < (uint)heads.Length ? heads[keyId] : -1;
            var session = head >= 0 ? (Session*)addresses[head] : null;
            if (session == null || !TryExtend(session, time, gapTicks))
            {
                clock.Advance(max);
                session = Settle(keyId, head, time, clock.Watermark);
                if (session == null)
                    break;
                heads = _sessions.Heads;
                addresses = _sessions.Addresses;
                stop = clock.TimeReaching(_sessions.Due.NextDueTicks);
            }

            max = Math.Max(max, time);
            records[count] = (nint)((byte*)session + accumulators);
        }

        clock.Advance(max);
        _batch.Take(count);
        return count;
    }

    /// <summary>
    /// The common case: the newest session has not fired, and the event lies in it. Then it touches no older one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryExtend(Session* session, long time, long gapTicks)
    {
        var start = session->StartTicks;
        var end = session->EndTicks;
        if ((ulong)(time - start) >= (ulong)(end - start)
            || (SessionTable.StateOf(session)->Marks & Fired) != PaneMarks.None)
        {
            return false;
        }

        // An event is pending already: a session that has not fired holds one, and early panes do not come this way.
        session->EndTicks = Math.Max(end, time + gapTicks);
        return true;
    }

    /// <summary>
    /// Asks for the sessions of the next events, all at once: one that is far away holds up only the event that breaks
    /// the run, but that one for as long as it takes.
    /// </summary>
    private void Prefetch(in EventView events, int from, ReadOnlySpan<int> heads, SlabAddresses addresses)
    {
        _fetched = Math.Min(events.Count, from + EventsAhead);
        if (!Sse.IsSupported)
            return;
        fixed (int* first = heads)
        {
            for (var i = from; i < _fetched; i++)
            {
                var keyId = events.Slots[i].KeyId;
                if ((uint)keyId < (uint)heads.Length && first[keyId] >= 0)
                    Sse.Prefetch0(addresses[first[keyId]]);
            }
        }
    }

    /// <summary>The session of an event that no session holds; null when it takes the long way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Session* Settle(int keyId, int head, long time, long watermark)
    {
        var end = time + _gapTicks;
        if (head >= 0)
        {
            // What waits to be emitted still counts as one of the key's.
            if (_firing.IsActive)
                return null;
            var session = _sessions.At(head);
            if (time < session->EndTicks)
                return TryStretchBack(session, time, end) ? session : null;
            if (_sessions.CountOf(keyId) >= _context.MaxWindowsPerKey)
                return null;
        }

        if (end <= watermark)
            return null;
        var opened = _sessions.Open(keyId, time, end);
        _sessions.File(opened);
        SessionTable.StateOf(_sessions.At(opened))->AddPending();
        return _sessions.At(opened);
    }

    private static bool TryStretchBack(Session* session, long time, long end)
    {
        var isApart = end <= session->StartTicks || session->Next >= 0;
        if (isApart || (SessionTable.StateOf(session)->Marks & Fired) != PaneMarks.None)
            return false;
        session->StartTicks = Math.Min(session->StartTicks, time);
        session->EndTicks = Math.Max(session->EndTicks, end);
        return true;
    }
}
