using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// Sessions: an event opens [t, t + gap) and merges with every live session of its key that overlaps it.
/// </summary>
internal sealed unsafe class GapSessions : MergingSessions
{
    public GapSessions(
        StoreContext context, long gapTicks, SessionTable sessions, SessionFiring firing, SessionBatch batch)
        : base(context, gapTicks, closed: PaneMarks.None, sessions, firing, batch)
    {
    }

    public override void Add(in EventView events, int index, long time, long watermark, long clockTicks)
    {
        var keyId = events.Slots[index].KeyId;
        var head = Sessions.HeadOf(keyId);
        if (head < 0 || !TryExtend(Sessions.At(head), time))
        {
            head = Place(events, index, time, watermark);
            if (head < 0)
                return;
        }

        Enter(events, index, head, clockTicks);
    }

    /// <summary>
    /// The common case: the key has one session, which has not fired, and the event lies in it or touches its rim.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryExtend(Session* session, long time)
    {
        var end = time + GapTicks;
        if (session->Next >= 0 || time >= session->EndTicks || end <= session->StartTicks
            || (SessionTable.StateOf(session)->Marks & (PaneMarks.Completed | PaneMarks.Due)) != PaneMarks.None)
        {
            return false;
        }

        session->StartTicks = Math.Min(session->StartTicks, time);
        session->EndTicks = Math.Max(session->EndTicks, end);
        return true;
    }

    /// <summary>Finds, merges or opens the session of an event. Returns -1 when the event is dropped.</summary>
    private int Place(in EventView events, int index, long time, long watermark)
    {
        var keyId = events.Slots[index].KeyId;
        BeginPlacing(keyId);
        var end = time + GapTicks;
        var count = FindOverlapping(keyId, time, end);
        if (count > 0)
            return Merge(count, time, end, watermark);

        if (watermark >= TickMath.SaturatingAdd(end, Context.AllowedLatenessTicks))
            return DropLate(events, index);
        if (Sessions.CountOf(keyId) >= Context.MaxWindowsPerKey)
        {
            if (Context.WindowOverflow == WindowOverflowPolicy.RejectEvent)
                return DropAtLimit(events, index);
            Sessions.EvictOldest(keyId, events.CauseOf(index), keep: []);
        }

        return Open(keyId, time, end, watermark);
    }
}
