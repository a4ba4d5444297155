using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions.Silences;

/// <summary>
/// Runs of events that are less than the time of a silence apart. One that the watermark has passed takes no event any
/// more, and stays until the key's next run has begun: what lies between the two is the silence.
/// </summary>
internal sealed unsafe class SilenceRuns : MergingSessions
{
    private readonly SilenceFiring _firing;

    public SilenceRuns(
        StoreContext context, long afterTicks, SessionTable sessions, SilenceFiring firing, SessionBatch batch)
        : base(context, afterTicks, closed: PaneMarks.Completed, sessions, firing, batch) => _firing = firing;

    public override void Add(in EventView events, int index, long time, long watermark, long clockTicks)
    {
        var head = Sessions.HeadOf(events.Slots[index].KeyId);
        if (head < 0 || !TryExtend(Sessions.At(head), time))
        {
            head = Place(events, index, time, watermark);
            if (head < 0)
                return;
        }

        Enter(events, index, head, clockTicks);
    }

    public override bool MayHave(int keyId, in TimeWindow window) => window.EndTicks - window.StartTicks >= GapTicks;

    /// <summary>
    /// The common case: the event lies in the key's newest run, which has not been passed. Where the run begins, and so
    /// where the silence before it ends, stays as it is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryExtend(Session* run, long time)
    {
        if (time < run->StartTicks || time >= run->EndTicks
            || (SessionTable.StateOf(run)->Marks & (PaneMarks.Completed | PaneMarks.Due)) != PaneMarks.None)
        {
            return false;
        }

        run->EndTicks = Math.Max(run->EndTicks, time + GapTicks);
        return true;
    }

    /// <summary>Finds, merges or opens the run of an event. Returns -1 when the event is dropped.</summary>
    private int Place(in EventView events, int index, long time, long watermark)
    {
        var keyId = events.Slots[index].KeyId;
        BeginPlacing(keyId);
        var sequence = events.CauseOf(index);
        var passed = FindPassed(keyId, out var open);
        if (open >= Context.MaxWindowsPerKey && !Overlaps(keyId, passed, time)
            && watermark < time + GapTicks && Context.WindowOverflow == WindowOverflowPolicy.EvictOldest)
        {
            _firing.TellOldest(keyId, sequence);
            passed = FindPassed(keyId, out open);
            if (Sessions.LaterOf(passed) is var next and >= 0)
                Sessions.Due.File(passed, Sessions.At(next)->StartTicks);
        }

        if (passed >= 0 && time <= _firing.LastOf(Sessions.At(passed)))
            return Recall(events, index, passed, time, watermark);
        var at = Enlarge(events, index, open, time, watermark);
        if (at >= 0 && passed >= 0)
            NoteNext(passed, watermark, sequence);
        return at;
    }

    /// <summary>The run before the silence, if there is one; counts those that have not been passed.</summary>
    private int FindPassed(int keyId, out int open)
    {
        var passed = -1;
        open = 0;
        for (var at = Sessions.HeadOf(keyId); at >= 0; at = Sessions.At(at)->Next)
        {
            if (SessionTable.Has(Sessions.At(at), PaneMarks.Completed))
                passed = at;
            else
                open++;
        }

        return passed;
    }

    private bool Overlaps(int keyId, int passed, long time) =>
        (passed >= 0 && time <= _firing.LastOf(Sessions.At(passed)))
        || FindOverlapping(keyId, time, time + GapTicks) > 0;

    /// <summary>
    /// An event in or before the run whose silence has started: late, except where that was told before its time.
    /// </summary>
    private int Recall(in EventView events, int index, int passed, long time, long watermark)
    {
        var run = Sessions.At(passed);
        var end = time + GapTicks;
        if (watermark < end || (end > run->StartTicks && run->EndTicks > watermark))
            return passed;
        return DropLate(events, index);
    }

    private int Enlarge(in EventView events, int index, int open, long time, long watermark)
    {
        var keyId = events.Slots[index].KeyId;
        var end = time + GapTicks;
        var count = FindOverlapping(keyId, time, end);
        if (count > 0)
            return Merge(count, time, end, watermark);
        if (watermark >= end)
            return DropLate(events, index);
        return open < Context.MaxWindowsPerKey
            ? Open(keyId, time, end, watermark)
            : DropAtLimit(events, index);
    }

    /// <summary>The run after the silence has begun, or begins earlier than it did.</summary>
    private void NoteNext(int passed, long watermark, long sequence)
    {
        var next = Sessions.At(Sessions.LaterOf(passed))->StartTicks;
        if (next <= watermark)
            _firing.End(passed, next, sequence, PaneTiming.Late, ResultFlags.None, staged: true);
        else
            Sessions.Due.File(passed, next);
    }
}
