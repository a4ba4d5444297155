using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Events;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// The short way of an event that extends the newest session of its key or opens a newer one. It can touch no other
/// session, no pane and no verdict, so that what is the same for many events is looked at once for all of them.
/// </summary>
/// <remarks>
/// Nor does it touch a session that the watermark has passed. Hence what became due in between may be taken off
/// afterwards, in the order and at the events that it would have been.
/// </remarks>
internal sealed unsafe class InOrderSessions
{
    // The sessions of this many keys stay in the nearer caches as a rule.
    private const int NearKeys = 32_768;
    private const int EventsAhead = 256;

    private readonly StoreContext _context;
    private readonly SessionTable _sessions;
    private readonly SessionFiring _firing;
    private readonly SessionBatch _batch;
    private readonly long _gapTicks;
    private readonly bool _foldsAtOnce;

    public InOrderSessions(
        StoreContext context, long gapTicks, SessionTable sessions, SessionFiring firing, SessionBatch batch)
    {
        _context = context;
        _sessions = sessions;
        _firing = firing;
        _batch = batch;
        _gapTicks = gapTicks;
        _foldsAtOnce = context.Plan.IsMomentsAlone;
    }

    /// <summary>
    /// Takes events from one on for as long as this is all there is to do, and whatever falls due at them. Returns how
    /// many.
    /// </summary>
    public int Take(in EventView events, int from, ref RunClock clock)
    {
        var at = from;
        while (at < events.Count)
        {
            var noted = _batch.Begin(at);
            if (_foldsAtOnce && noted > 0)
            {
                _batch.Fold();
                noted = 0;
            }

            var isFar = _sessions.NewestCount > NearKeys;
            var most = Math.Min(SessionBatch.Capacity - noted, isFar ? EventsAhead : SessionBatch.Capacity);
            var end = at + Math.Min(events.Count - at, most);
            if (isFar)
                Prefetch(events.Slots + at, events.Slots + end);
            var max = clock.MaxTicks;
            var taken = TakeInOrder(events.Slice(at, end - at), _batch.Records + noted, clock.Bound, ref max);
            if (!_foldsAtOnce)
                _batch.Take(taken);
            Fire(events, at, taken, max, ref clock);
            at += taken;
            if (at < end)
                break;
        }

        return at - from;
    }

    /// <summary>Asks for the sessions of many events, all at once, where each is far away.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Prefetch(EventSlot* slot, EventSlot* end)
    {
        if (!Sse.IsSupported)
            return;
        var newest = _sessions.Newest;
        var keys = (uint)_sessions.NewestCount;
        for (; slot < end; slot++)
        {
            if ((uint)slot->KeyId >= keys)
                continue;
            _sessions.PrefetchKey(slot->KeyId);
            Sse.Prefetch0(newest[slot->KeyId]);
        }
    }

    private int TakeInOrder(in EventView events, nint* records, in WatermarkBound bound, ref long max)
    {
        var taken = 0;
        while (true)
        {
            taken += _foldsAtOnce
                ? Extend(events, taken, default(MomentsFold), bound, ref max)
                : Extend(events, taken, new NotedFold(records + taken), bound, ref max);
            var slot = events.Slots + taken;
            if (taken == events.Count || !TrySettle(slot->KeyId, slot->TimestampTicks, bound.Of(max)))
                return taken;
        }
    }

    /// <summary>
    /// The common case: the newest session lasts, and the event lies in it. Then it touches no older one. Returns how
    /// many events are like that.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Extend<TFold>(in EventView events, int from, TFold fold, in WatermarkBound bound, ref long maxTicks)
        where TFold : struct, IEventFold
    {
        var newest = _sessions.Newest;
        var keys = (uint)_sessions.NewestCount;
        var gapTicks = _gapTicks;
        var boundAtEnd = bound.AtEndTicks;
        var max = maxTicks;
        var ahead = events.NextBytes;
        var first = events.Slots + from;
        var slot = first;
        for (var end = events.Slots + events.Count; slot < end; slot++)
        {
            // What comes next is asked for here and there, while this waits for records, and not all at once.
            if (Sse.IsSupported)
                Sse.Prefetch0((byte*)slot + ahead);
            var keyId = (uint)slot->KeyId;
            if (keyId >= keys)
                break;
            var session = newest[keyId];
            var time = slot->TimestampTicks;
            var startTicks = session->StartTicks;
            var endTicks = session->EndTicks;
            if ((ulong)(time - startTicks) >= (ulong)(endTicks - startTicks)
                || (endTicks <= boundAtEnd && endTicks <= bound.Of(max)))
            {
                break;
            }

            // An event is pending already: a session that has not fired holds one, and no early pane comes this way.
            session->EndTicks = Math.Max(endTicks, time + gapTicks);
            max = Math.Max(max, time);
            fold.Take(slot, SessionTable.AccumulatorsOf(session));
        }

        maxTicks = max;
        return (int)(slot - first);
    }

    /// <summary>Stretches or opens the session of an event that none holds; false when it takes the long way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TrySettle(int keyId, long time, long watermark)
    {
        var end = time + _gapTicks;
        var head = _sessions.HeadOf(keyId);
        if (head >= 0)
        {
            var session = _sessions.At(head);
            if (time < session->EndTicks)
                return TryStretchBack(session, time, end, watermark);

            // What waits to be emitted still counts as one of the key's, and may be counted here that is due already.
            if (_sessions.CountOf(keyId) >= _context.MaxWindowsPerKey)
                return false;
        }

        if (end <= watermark)
            return false;
        var opened = _sessions.Open(keyId, time, end);
        _sessions.File(opened);
        SessionTable.StateOf(_sessions.At(opened))->AddPending();
        return true;
    }

    private static bool TryStretchBack(Session* session, long time, long end, long watermark)
    {
        if (end <= session->StartTicks || session->Next >= 0 || session->EndTicks <= watermark)
            return false;
        session->StartTicks = Math.Min(session->StartTicks, time);
        session->EndTicks = Math.Max(session->EndTicks, end);
        return true;
    }

    /// <summary>Takes off what has become due, at the very events that took the watermark there.</summary>
    private void Fire(in EventView events, int from, int count, long max, ref RunClock clock)
    {
        if (max >= clock.TimeReaching(_sessions.Due.NextDueTicks))
        {
            if (_firing.FiresOnce)
                TakeOver(events.Slice(from, count), max, clock);
            else
                FireEach(events, from, count, max, ref clock);
        }

        clock.Advance(max);
    }

    /// <summary>Sessions that are over when due do not mind when they are taken off: all at once, then.</summary>
    private void TakeOver(in EventView events, long max, in RunClock clock)
    {
        _batch.Fold();
        var after = clock;
        after.Advance(max);
        var slot = events.Slots;
        var end = slot + events.Count;
        foreach (ref var due in _firing.Take(after.WatermarkTicks))
        {
            slot = FindReaching(slot, end, clock.TimeReaching(Math.Max(due.EndTicks, clock.WatermarkTicks + 1)));
            due.Sequence = events.CauseOf((int)(slot - events.Slots));
        }
    }

    private void FireEach(in EventView events, int from, int count, long max, ref RunClock clock)
    {
        var slot = events.Slots + from;
        var end = slot + count;
        for (; max >= clock.TimeReaching(_sessions.Due.NextDueTicks); slot++)
        {
            slot = FindReaching(slot, end, clock.TimeReaching(_sessions.Due.NextDueTicks));
            if (slot == end)
                break;
            if (!clock.Advance(slot->TimestampTicks) || clock.WatermarkTicks < _sessions.Due.NextDueTicks)
                continue;
            _batch.Fold();
            _firing.Start(events.CauseOf((int)(slot - events.Slots)), clock.WatermarkTicks);
            _firing.FinishGathering();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static EventSlot* FindReaching(EventSlot* slot, EventSlot* end, long time)
    {
        while (slot < end && slot->TimestampTicks < time)
            slot++;
        return slot;
    }
}
