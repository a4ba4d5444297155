using DisruptorStream.Events;
using DisruptorStream.State.Panes;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// What lasts as long as events of the key keep coming within a gap, and merges where an event says so.
/// </summary>
internal abstract unsafe class MergingSessions : KeyedWindows
{
    private readonly PaneMarks _closed;
    private int[] _overlapping = new int[16];

    /// <param name="context">The shard.</param>
    /// <param name="gapTicks">How long one lasts after its newest event.</param>
    /// <param name="closed">Those so marked take no event.</param>
    /// <param name="sessions">Those that are open.</param>
    /// <param name="firing">What of them is due.</param>
    /// <param name="batch">What has still to be folded in.</param>
    protected MergingSessions(
        StoreContext context,
        long gapTicks,
        PaneMarks closed,
        SessionTable sessions,
        SessionFiring firing,
        SessionBatch batch)
        : base(context, sessions, firing, batch)
    {
        GapTicks = gapTicks;
        _closed = closed;
    }

    protected long GapTicks { get; }

    /// <summary>
    /// An event takes the long way: nothing of its key may be on its way meanwhile, neither panes nor events.
    /// </summary>
    protected void BeginPlacing(int keyId)
    {
        // A key may have as many sessions as its limit says, and all of them are looked at.
        Context.Abort.ThrowIfCancellationRequested();
        if (Sessions.HeadOf(keyId) < 0)
            return;
        Firing.Finish();
        Batch.Fold();
    }

    /// <summary>An event came too late. Returns -1.</summary>
    protected int DropLate(in EventView events, int index)
    {
        Context.Counters.LateDroppedAssignments++;
        Drop(events, index, DropReason.Late);
        return -1;
    }

    /// <summary>An event of a key that has as many as it may have. Returns -1.</summary>
    protected int DropAtLimit(in EventView events, int index)
    {
        Context.Counters.WindowLimitDroppedAssignments++;
        Drop(events, index, DropReason.WindowLimit);
        return -1;
    }

    /// <summary>Finds the sessions of a key that the span overlaps; returns how many.</summary>
    protected int FindOverlapping(int keyId, long start, long end)
    {
        var count = 0;
        for (var at = Sessions.HeadOf(keyId); at >= 0; at = Sessions.At(at)->Next)
        {
            var session = Sessions.At(at);
            if (session->StartTicks >= end || start >= session->EndTicks || SessionTable.Has(session, _closed))
                continue;
            if (count == _overlapping.Length)
                Array.Resize(ref _overlapping, count * 2);
            var place = count++;
            for (; place > 0 && Sessions.At(_overlapping[place - 1])->StartTicks > session->StartTicks; place--)
                _overlapping[place] = _overlapping[place - 1];
            _overlapping[place] = at;
        }

        return count;
    }

    /// <summary>
    /// Folds all sessions that were found to overlap, in order of time, into the first and stretches it over the event.
    /// </summary>
    protected int Merge(int count, long start, long end, long watermark)
    {
        var into = _overlapping[0];
        var session = Sessions.At(into);
        session->StartTicks = Math.Min(session->StartTicks, start);
        session->EndTicks = Math.Max(session->EndTicks, end);
        for (var i = 1; i < count; i++)
        {
            session->EndTicks = Math.Max(session->EndTicks, Sessions.At(_overlapping[i])->EndTicks);
            Sessions.Merge(into, _overlapping[i]);
        }

        SessionTable.Set(session, PaneMarks.Completed, session->EndTicks <= watermark);
        Sessions.File(into);
        return into;
    }
}
