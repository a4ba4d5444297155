using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Saving;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>
/// Sessions, custom windows and those of each key: runs are all that one source sent in a row. The stores follow the
/// watermark themselves, or the time of each key, and judge lateness.
/// </summary>
internal sealed unsafe class UnslicedAssignment : WindowAssignmentStage
{
    private readonly long _firstTicks;
    private readonly long _endTicks;
    private readonly long _outOfOrdernessTicks;
    private readonly long _reachTicks;

    /// <param name="tracker">The sources.</param>
    /// <param name="rules">The time domain.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    public UnslicedAssignment(WatermarkTracker tracker, AssignmentRules rules, QuerySelection? selection = null)
        : base(tracker, rules, selection)
    {
        _firstTicks = rules.Range.First;
        _endTicks = rules.Range.Last == long.MaxValue ? long.MaxValue : rules.Range.Last + 1;
        _outOfOrdernessTicks = rules.ProcessingTime ? 0 : rules.MaxOutOfOrdernessTicks;
        _reachTicks = rules.ReachTicks;
    }

    public override void CopyOpenWindows(OpenWindowList windows)
    {
        if (_reachTicks > 0 && Tracker.NewestTimestamp is var newest && newest > long.MinValue)
            windows.SetReach(TickMath.SaturatingAdd(newest, _reachTicks));
    }

    public override long? LastEndOf(long time) =>
        _reachTicks > 0 ? TickMath.SaturatingAdd(time, _reachTicks) : null;

    protected override bool IsInRange(long time) => time >= _firstTicks && time < _endTicks;

    protected override int TakeRun(in EventView view, ushort source, in TimestampRange known, long limitTicks)
    {
        // What is refused for its time moves nothing.
        if (!IsInRange(view.Slots->TimestampTicks))
            return RefuseOutOfOwnRange(view);
        var run = StartRun(view.FirstSequence, source);
        var max = Math.Max(run.SourceMaxTicks, known.Latest);
        var count = view.Count;
        var end = Math.Min(limitTicks, _endTicks);
        if (known == TimestampRange.Unknown || !known.LiesIn(_firstTicks, end))
        {
            max = run.SourceMaxTicks;
            count = SlotScan.Count(view, _firstTicks, end, ref max);
        }

        run.Count = count;
        run.EndMaxTicks = max;
        CountEvents(run);
        Runs.Add(run);
        Finish(source, max);
        if (History is { } history && WatermarkTicks >= history.NextTicks)
            NoteSteps(history, run, view, source);
        return count;
    }

    /// <summary>
    /// The run has moved the watermark far: looks for the events that did, once for each step of event time.
    /// </summary>
    private void NoteSteps(WatermarkHistory history, in EventRun run, in EventView view, ushort source)
    {
        var max = run.SourceMaxTicks;
        var before = WatermarkIn(run, max, _outOfOrdernessTicks);
        for (var at = 0; at < run.Count && before < WatermarkTicks; at++)
        {
            ref readonly var slot = ref view.Slots[at];
            max = Math.Max(max, slot.TimestampTicks);
            var after = WatermarkIn(run, max, _outOfOrdernessTicks);
            if (after >= history.NextTicks)
                NoteStep(history, slot, run.FirstSequence + at, source, (before, after));
            before = after;
        }
    }

    protected override void TakePanes(in EventView panes, EventRun run) => Runs.Add(run);

    // Under processing time the stores are told at each tick.
    protected override bool IsTold(bool isHigher) => isHigher || ProcessingTime;

    protected override void SaveSlices(StateWriter writer) => OpenSlices.SaveNone(writer);

    protected override void LoadSlices(StateReader reader) => OpenSlices.LoadNone(reader);
}
