using System.Runtime.InteropServices;

namespace DisruptorStream.Events;

/// <summary>
/// What window assignment decided for consecutive slots. Inside a run no watermark change can alter a verdict about
/// slices; sessions and custom windows follow the watermark event by event from the three values given here.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct EventRun
{
    public long FirstSequence;

    public int Count;

    /// <summary>
    /// The place of the run's one event among the copies, where it came at an earlier slot and is decided on at this
    /// one; 0 for slots in the ring.
    /// </summary>
    public int Copy;

    public RunKind Kind;

    public DropReason Reason;

    /// <summary>Another run ends at the same sequence: what its slot does is not finished with this one.</summary>
    public bool HasMore;

    /// <summary>
    /// Some of the events may be of the slice before: those before <see cref="SliceStartTicks"/>. All windows of both
    /// slices are incomplete.
    /// </summary>
    public bool HasOlder;

    /// <summary>
    /// The absolute slice of the events, for windows of slices; for <see cref="RunKind.Watermark"/> the newest that has
    /// had an accepted event.
    /// </summary>
    public long Slice;

    /// <summary>Where the slice begins, for a run that has older events too.</summary>
    public long SliceStartTicks;

    /// <summary>The watermark before the run's first slot; for <see cref="RunKind.Watermark"/> the new one.</summary>
    public long WatermarkTicks;

    /// <summary>
    /// The largest timestamp of the run's source before the run; for <see cref="RunKind.Clock"/> how far the quiet
    /// clock has come since the tick before.
    /// </summary>
    public long SourceMaxTicks;

    /// <summary>
    /// The largest timestamp of the run's source after the run, for sessions and custom windows; for <see
    /// cref="RunKind.Clock"/> the time of day.
    /// </summary>
    public long EndMaxTicks;

    /// <summary>What the other sources allow the watermark to reach.</summary>
    public long WatermarkCapTicks;

    /// <summary>The steady time as of the run, which delays and retention go by.</summary>
    public long SteadyTicks;

    public readonly long LastSequence => FirstSequence + Count - 1;
}
