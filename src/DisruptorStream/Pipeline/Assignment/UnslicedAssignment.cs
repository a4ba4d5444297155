using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Saving;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>
/// Sessions and custom windows: runs are all that one source sent in a row. The stores follow the watermark themselves,
/// and judge lateness.
/// </summary>
internal sealed class UnslicedAssignment : WindowAssignmentStage
{
    /// <param name="tracker">The sources.</param>
    /// <param name="rules">The time domain.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    public UnslicedAssignment(WatermarkTracker tracker, AssignmentRules rules, QuerySelection? selection = null)
        : base(tracker, rules, selection)
    {
    }

    protected override bool IsInRange(long time) => true;

    protected override int TakeRun(in EventView view, ushort source, in TimestampRange known, long limitTicks)
    {
        var run = StartRun(view.FirstSequence, source);
        var max = Math.Max(run.SourceMaxTicks, known.Latest);
        var count = view.Count;
        if (known == TimestampRange.Unknown || known.Latest >= limitTicks)
        {
            max = run.SourceMaxTicks;
            count = SlotScan.Count(view, long.MinValue, limitTicks, ref max);
        }

        run.Count = count;
        run.EndMaxTicks = max;
        CountEvents(run);
        Runs.Add(run);
        Finish(source, max);
        return count;
    }

    protected override void TakePanes(in EventView panes, EventRun run) => Runs.Add(run);

    // Under processing time the stores are told at each tick.
    protected override bool IsTold(bool isHigher) => isHigher || ProcessingTime;

    protected override void SaveSlices(StateWriter writer) => OpenSlices.SaveNone(writer);

    protected override void LoadSlices(StateReader reader) => OpenSlices.LoadNone(reader);
}
