using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions.Spans;

/// <summary>Windows that do not depend on the events in them, each with state of its own for each key.</summary>
/// <remarks>
/// An event is folded into each of its windows, so the cost grows with their number; where they tumble, the newest one
/// of the key is looked at first.
/// </remarks>
internal sealed unsafe class SpanWindows : KeyedWindows
{
    private readonly SpanRule _rule;
    private readonly bool _isTumbling;
    private readonly TimeWindow[] _assigned;

    public SpanWindows(
        StoreContext context, SpanRule rule, SessionTable sessions, SessionFiring firing, SessionBatch batch)
        : base(context, sessions, firing, batch)
    {
        _rule = rule;
        _isTumbling = rule.IsTumbling;
        _assigned = new TimeWindow[rule.MaxWindowsPerEvent];
    }

    public override void Add(in EventView events, int index, long time, long watermark, long clockTicks)
    {
        if (_isTumbling)
        {
            var head = Sessions.HeadOf(events.Slots[index].KeyId);
            if (head >= 0 && IsIn(Sessions.At(head), time))
            {
                Enter(events, index, head, clockTicks);
                return;
            }
        }

        Place(events, index, time, watermark, clockTicks);
    }

    public override bool MayHave(int keyId, in TimeWindow window) => _rule.MayHave(keyId, window);

    public override void Forget(int keyId) => _rule.Forget(keyId);

    public override void Save(StateWriter writer, KeyedWindows[] shards) => _rule.Save(writer, RulesOf(shards));

    public override void Load(StateReader reader, KeyedWindows[] shards) => _rule.Load(reader, RulesOf(shards));

    private static SpanRule[] RulesOf(KeyedWindows[] shards) =>
        Array.ConvertAll(shards, shard => ((SpanWindows)shard)._rule);

    /// <summary>Whether the event is in a window that has not fired.</summary>
    private static bool IsIn(Session* session, long time) =>
        time >= session->StartTicks && time < session->EndTicks
        && (SessionTable.StateOf(session)->Marks & (PaneMarks.Completed | PaneMarks.Due)) == PaneMarks.None;

    private void Place(in EventView events, int index, long time, long watermark, long clockTicks)
    {
        // A key may have as many windows as its limit says, and all of them are looked at.
        Context.Abort.ThrowIfCancellationRequested();
        var keyId = events.Slots[index].KeyId;
        if (!TryAssign(events, index, time, out var count))
            return;
        var live = KeepLive(count, watermark);
        if (live.IsEmpty)
        {
            Drop(events, index, DropReason.Late);
            return;
        }

        if (Sessions.HeadOf(keyId) >= 0)
            Firing.Finish();
        var entered = 0;
        foreach (ref readonly var window in live)
        {
            var at = Find(keyId, window);
            if (at < 0)
                at = TryOpen(events, index, window, live, watermark);
            if (at < 0)
                continue;
            Enter(events, index, at, clockTicks);
            entered++;
        }

        if (entered == 0)
            Drop(events, index, DropReason.WindowLimit);
    }

    private bool TryAssign(in EventView events, int index, long time, out int count)
    {
        try
        {
            count = _rule.Assign(events.Slots[index].KeyId, time, _assigned);
        }
        catch (Exception exception)
        {
            count = 0;
            Context.Counters.NoteUserFailure(exception);
            Drop(events, index, DropReason.AssignerFailed);
            return false;
        }

        if (count < 0)
            Drop(events, index, DropReason.TimestampOutOfRange);
        else if (count == 0)
            Context.Counters.EventsInNoWindow++;
        return count > 0;
    }

    /// <summary>Those of the windows that have not expired.</summary>
    private ReadOnlySpan<TimeWindow> KeepLive(int count, long watermark)
    {
        var live = 0;
        for (var window = 0; window < count; window++)
        {
            if (watermark < TickMath.SaturatingAdd(_assigned[window].EndTicks, Context.AllowedLatenessTicks))
                _assigned[live++] = _assigned[window];
        }

        Context.Counters.LateDroppedAssignments += count - live;
        return _assigned.AsSpan(0, live);
    }

    private int Find(int keyId, in TimeWindow window)
    {
        for (var at = Sessions.HeadOf(keyId); at >= 0; at = Sessions.At(at)->Next)
        {
            var session = Sessions.At(at);
            if (session->StartTicks == window.StartTicks && session->EndTicks == window.EndTicks)
                return at;
            if (session->StartTicks < window.StartTicks)
                break;
        }

        return -1;
    }

    /// <summary>Opens a window, and gives the key's oldest one up if there are now too many.</summary>
    private int TryOpen(
        in EventView events, int index, in TimeWindow window, ReadOnlySpan<TimeWindow> keep, long watermark)
    {
        var keyId = events.Slots[index].KeyId;
        if (Sessions.CountOf(keyId) >= Context.MaxWindowsPerKey)
        {
            if (Context.WindowOverflow == WindowOverflowPolicy.RejectEvent)
            {
                Context.Counters.WindowLimitDroppedAssignments++;
                return -1;
            }

            Batch.Fold();
            Sessions.EvictOldest(keyId, events.CauseOf(index), keep);
        }

        return Open(keyId, window.StartTicks, window.EndTicks, watermark);
    }
}
