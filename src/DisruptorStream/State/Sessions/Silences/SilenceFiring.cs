using DisruptorStream.State.Panes;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.State.Sessions.Silences;

/// <summary>
/// The silences that a watermark step has started or ended, emitted in order and in pieces. A run that is completed is
/// the one before a silence.
/// </summary>
/// <remarks>
/// A step may do both, so that a run may wait for its turn twice. Which of the two its turn is, the run itself says.
/// </remarks>
internal sealed unsafe class SilenceFiring : SessionFiring
{
    private readonly SilenceWindows _windows;

    public SilenceFiring(StoreContext context, SessionTable sessions, SilenceWindows windows)
        : base(context, sessions, mayFireOnce: false) => _windows = windows;

    /// <summary>The newest event of a run.</summary>
    public long LastOf(Session* run) => run->EndTicks - _windows.AfterTicks;

    /// <summary>The silence behind a run is over.</summary>
    /// <param name="index">The run.</param>
    /// <param name="nextTicks">The first event of the next run.</param>
    /// <param name="sequence">What caused it.</param>
    /// <param name="timing">How it is told.</param>
    /// <param name="flags">What else is told.</param>
    /// <param name="staged">Whether the row waits for its place.</param>
    public void End(int index, long nextTicks, long sequence, PaneTiming timing, ResultFlags flags, bool staged)
    {
        var run = Sessions.At(index);
        Emit(run, nextTicks, 1, sequence, timing, flags | ResultFlags.SilenceEnded | ResultFlags.Last, staged);
        Forget(index, sequence);
    }

    /// <summary>
    /// Gives up to wait for events in front of the key's oldest run, whose silence is told as it is known by now; also
    /// the end of the one before it.
    /// </summary>
    public void TellOldest(int keyId, long sequence)
    {
        var oldest = -1;
        var before = -1;
        for (var at = Sessions.HeadOf(keyId); at >= 0; at = Sessions.At(at)->Next)
        {
            if (SessionTable.Has(Sessions.At(at), PaneMarks.Completed))
                before = at;
            else
                oldest = at;
        }

        var run = Sessions.At(oldest);
        if (before >= 0)
            End(before, run->StartTicks, sequence, PaneTiming.Early, ResultFlags.Evicted, staged: true);
        Context.Counters.WindowsEvicted++;
        Start(oldest, sequence, PaneTiming.Early, ResultFlags.Evicted, staged: true);
    }

    /// <summary>Whether runs of a key do not overlap, and none is before the one whose silence has started.</summary>
    public bool IsInOrder(int keyId)
    {
        var nextTicks = long.MaxValue;
        for (var at = Sessions.HeadOf(keyId); at >= 0; at = Sessions.At(at)->Next)
        {
            var run = Sessions.At(at);
            var isPassed = SessionTable.Has(run, PaneMarks.Completed);
            if (isPassed ? run->Next >= 0 || LastOf(run) >= nextTicks : run->EndTicks > nextTicks)
                return false;
            nextTicks = run->StartTicks;
        }

        return true;
    }

    /// <summary>When the run next does something by the watermark.</summary>
    private long DueOf(Session* run, int index) =>
        SessionTable.Has(run, PaneMarks.Completed) ? OverOf(run, index) : run->EndTicks;

    /// <summary>When the silence behind a run ends, or is forgotten.</summary>
    private long OverOf(Session* run, int index)
    {
        var next = Sessions.LaterOf(index);
        return next < 0 ? ForgottenOf(run) : Math.Min(ForgottenOf(run), Sessions.At(next)->StartTicks);
    }

    private long ForgottenOf(Session* run) => TickMath.SaturatingAdd(LastOf(run), _windows.KeptTicks);

    protected override void Look(int index)
    {
        var run = Sessions.At(index);
        var due = DueOf(run, index);
        if (due > Step.Ticks)
        {
            Sessions.Due.File(index, due);
            return;
        }

        if (!SessionTable.Has(run, PaneMarks.Completed))
            Add(run, index, LastOf(run), run->EndTicks);
        var over = OverOf(run, index);
        if (over <= Step.Ticks)
            Add(run, index, LastOf(run), over);
        else
            Sessions.Due.File(index, over);
    }

    protected override void FireOne(int index, long sequence, bool staged)
    {
        var run = Sessions.At(index);
        if (Step.Ticks == long.MaxValue)
        {
            // Nothing is known of the time behind the input.
            Forget(index, sequence);
            return;
        }

        if (!SessionTable.Has(run, PaneMarks.Completed))
        {
            SessionTable.Set(run, PaneMarks.Due, OverOf(run, index) <= Step.Ticks);
            Start(index, sequence, PaneTiming.OnTime, ResultFlags.None, staged);
            return;
        }

        var next = Sessions.LaterOf(index);
        if (next >= 0 && Sessions.At(next)->StartTicks <= ForgottenOf(run))
            End(index, Sessions.At(next)->StartTicks, sequence, PaneTiming.OnTime, ResultFlags.None, staged);
        else
            Forget(index, sequence);
    }

    private void Start(int index, long sequence, PaneTiming timing, ResultFlags flags, bool staged)
    {
        var run = Sessions.At(index);
        Emit(run, run->EndTicks, 0, sequence, timing, flags | ResultFlags.SilenceStarted, staged);
        SessionTable.Set(run, PaneMarks.Completed, on: true);
        SessionTable.StateOf(run)->ClearPending();
    }

    private void Emit(
        Session* run,
        long endTicks,
        int paneIndex,
        long sequence,
        PaneTiming timing,
        ResultFlags flags,
        bool staged)
    {
        var header = SessionTable.HeaderOf(run, sequence, timing, flags);
        header.StartTicks = header.OrderStartTicks = LastOf(run);
        header.EndTicks = header.OrderEndTicks = endTicks;
        header.PaneIndex = header.OrderPaneIndex = paneIndex;
        var spanTicks = run->EndTicks - run->StartTicks;
        Sessions.Panes.Write(SessionTable.AccumulatorsOf(run), header, spanTicks, staged);
    }

    private void Forget(int index, long sequence)
    {
        Context.Activity.Touch(Sessions.At(index)->KeyId, sequence);
        Sessions.Close(index);
    }
}
