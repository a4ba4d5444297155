using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Saving;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Pipeline.Assignment.Levels;

/// <summary>
/// Windows of several sizes: runs are events of one source and of one slice of each size, with a verdict that holds for
/// all of them. An event is dropped as late where it is too late for all sizes.
/// </summary>
/// <remarks>
/// As <see cref="SlicedAssignment"/>, which has one size and is spared what several of them cost. A run tells the slice
/// of the finest size, and a time in its slices by which the others are found.
/// </remarks>
internal sealed unsafe class LeveledAssignment : WindowAssignmentStage
{
    private readonly SliceLevels _levels;
    private readonly long _latenessTicks;
    private readonly long _outOfOrdernessTicks;
    private readonly bool _mixesSlices;
    private readonly OpenSlices[] _openSlices;
    private readonly RecentCells _cells;

    /// <summary>The next watermark at which a window of any size completes or expires.</summary>
    private long _boundaryTicks = long.MinValue;

    /// <param name="levels">The slices of each size.</param>
    /// <param name="tracker">The sources.</param>
    /// <param name="rules">Lateness and time domain.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    public LeveledAssignment(
        SliceLevels levels, WatermarkTracker tracker, AssignmentRules rules, QuerySelection? selection = null)
        : base(tracker, rules, selection)
    {
        _levels = levels;
        _latenessTicks = rules.AllowedLatenessTicks;
        _outOfOrdernessTicks = rules.ProcessingTime ? 0 : rules.MaxOutOfOrdernessTicks;
        _mixesSlices = rules.MixesSlices;
        _openSlices = new OpenSlices[levels.Count];
        for (var level = 0; level < _openSlices.Length; level++)
            _openSlices[level] = new OpenSlices(rules.MaxSlices, Counters);
        _cells = new RecentCells(levels, _latenessTicks);
    }

    protected override bool IsInRange(long time) => _cells.TryLocate(TimeOf(time));

    protected override int TakeRun(in EventView view, ushort source, in TimestampRange known, long limitTicks)
    {
        // What is refused for its time moves nothing.
        if (!_cells.TryLocate(TimeOf(view.Slots->TimestampTicks)))
            return RefuseOutOfOwnRange(view);
        var run = StartRun(view.FirstSequence, source);
        var cell = _cells.Current;

        var crossing = run.WatermarkCapTicks >= _boundaryTicks && _outOfOrdernessTicks >= 0
            ? TickMath.SaturatingAdd(_boundaryTicks, _outOfOrdernessTicks)
            : long.MaxValue;
        crossing = Math.Min(crossing, limitTicks);
        var max = run.SourceMaxTicks;
        var start = ProcessingTime ? long.MinValue : cell.StartTicks;
        var end = cell.EndTicks;
        (run.Slice, run.SliceStartTicks) = (cell.Slices[0], cell.StartTicks);
        var count = SlotScan.Count(view, known, start, Math.Min(end, crossing), ref max);
        if (_mixesSlices && count < view.Count && MayMix(view, count, run.WatermarkTicks, out var pair))
        {
            (start, end) = (pair.StartTicks, pair.EndTicks);
            (run.Slice, run.SliceStartTicks, run.HasOlder) = (pair.Newer, pair.SplitTicks, true);
            var rest = view.Slice(count, view.Count - count);
            count += SlotScan.Count(rest, known, start, Math.Min(end, crossing), ref max);
        }

        // The event that takes the watermark over the boundary is itself still judged by the watermark before it.
        if (count < view.Count && EventSlot.HeadOf(view.Slots + count) == EventSlot.HeadOf(view.Slots)
            && TimeOf(view.Slots[count].TimestampTicks) is var time && time >= start
            && time < Math.Min(end, limitTicks))
        {
            max = Math.Max(max, view.Slots[count++].TimestampTicks);
        }

        run.Count = count;
        var own = CountEvents(run);
        if (own == 0)
            run.Kind = RunKind.Pass;
        if (run.HasOlder || own == 0)
            Runs.Add(run);
        else
            AddJudged(run, own);
        Finish(source, max);
        if (WatermarkTicks >= _boundaryTicks)
            AddWatermark(view.FirstSequence + count - 1);
        return count;
    }

    protected override void TakePanes(in EventView panes, EventRun run)
    {
        if (!_cells.TryLocate(TimeOf(panes.Slots->TimestampTicks)))
        {
            Drop(ref run, DropReason.TimestampOutOfRange, run.Count);
            Runs.Add(run);
            return;
        }

        var cell = _cells.Current;
        (run.Slice, run.SliceStartTicks) = (cell.Slices[0], cell.StartTicks);
        AddJudged(run, run.Count);
    }

    protected override bool IsTold(bool isHigher) => WatermarkTicks >= _boundaryTicks;

    protected override void OnTold()
    {
        _boundaryTicks = NextBoundary();
        for (var level = 0; level < _openSlices.Length; level++)
            _openSlices[level].Close(_levels.Grids[level], WatermarkTicks, _latenessTicks);
    }

    // With a lateness without end the boundary may lie behind the watermark: then the shards are told each time.
    protected override bool HasToldAll =>
        WatermarkTicks < _boundaryTicks
        || WatermarkTicks is long.MinValue or long.MaxValue
        || _boundaryTicks == NextBoundary();

    public override void ThrowIfInconsistent()
    {
        base.ThrowIfInconsistent();
        foreach (var open in _openSlices)
            open.ThrowIfInconsistent();
    }

    protected override void SaveSlices(StateWriter writer)
    {
        foreach (var open in _openSlices)
            open.Save(writer, _boundaryTicks);
    }

    protected override void LoadSlices(StateReader reader)
    {
        for (var level = 0; level < _openSlices.Length; level++)
        {
            var boundary = _openSlices[level].Load(reader, _levels.Grids[level]);
            if (level > 0 && boundary != _boundaryTicks)
            {
                throw new StateException(
                    "The sizes of the saved state do not agree on when a window ends next; load an older state, and "
                    + "report this one.");
            }

            _boundaryTicks = boundary;
        }
    }

    /// <summary>Whether a run may go on with an event of the slice beside its own.</summary>
    private bool MayMix(in EventView view, int next, long watermark, out SlicePair pair)
    {
        pair = default;
        var time = view.Slots[next].TimestampTicks;
        return EventSlot.HeadOf(view.Slots + next) == EventSlot.HeadOf(view.Slots) && !_cells.Current.Holds(time)
            && _cells.TryPair(watermark, _openSlices, out pair) && pair.Holds(time);
    }

    private long TimeOf(long timestamp) => ProcessingTime ? Math.Max(timestamp, WatermarkTicks) : timestamp;

    /// <summary>Adds a run of the located slices with its verdict.</summary>
    /// <param name="run">The run.</param>
    /// <param name="count">How many of its events are the query's.</param>
    private void AddJudged(EventRun run, int count)
    {
        var cell = _cells.Current;
        if (cell.IsHole)
        {
            Counters.EventsInNoWindow += count;
            run.Kind = RunKind.Pass;
        }
        else if (run.WatermarkTicks < cell.ExpiryTicks && !TryOpen(cell, run.WatermarkTicks))
        {
            Drop(ref run, DropReason.SliceLimit, count);
        }
        else
        {
            if (run.WatermarkTicks >= cell.ExpiryTicks)
                Drop(ref run, DropReason.Late, count);
            if (run.WatermarkTicks != long.MinValue && run.WatermarkTicks >= cell.FirstEndTicks)
                CountLateWindows(cell, run.WatermarkTicks, count);
        }

        Runs.Add(run);
    }

    /// <summary>Opens the slices of all sizes that take the event; none where one of them may not be opened.</summary>
    private bool TryOpen(LevelCell cell, long watermark)
    {
        for (var level = 0; level < _openSlices.Length; level++)
        {
            if (cell.IsTaken(level, watermark) && !_openSlices[level].MayOpen(cell.Slices[level]))
                return false;
        }

        for (var level = 0; level < _openSlices.Length; level++)
        {
            if (cell.IsTaken(level, watermark))
                _openSlices[level].TryOpen(cell.Slices[level]);
        }

        return true;
    }

    /// <summary>Counts the windows of every size that are too old for events of the cell.</summary>
    private void CountLateWindows(LevelCell cell, long watermark, int count)
    {
        for (var level = 0; level < _openSlices.Length; level++)
        {
            if (cell.IsHoleOf(level))
                continue;
            var grid = _levels.Grids[level];
            var first = grid.FirstWindowOf(cell.Slices[level]);
            var end = grid.LastWindowOf(cell.Slices[level]) + 1;
            var firstLive = cell.IsTaken(level, watermark)
                ? grid.FirstWindowEndingAfter(TickMath.SaturatingSubtract(watermark, _latenessTicks))
                : end;
            if (firstLive > first)
                Counters.LateDroppedAssignments += count * (Math.Min(firstLive, end) - first);
        }
    }

    private long NextBoundary()
    {
        var boundary = long.MaxValue;
        foreach (var grid in _levels.Grids)
        {
            boundary = Math.Min(
                boundary,
                Math.Min(EndAfter(grid, WatermarkTicks, 0), EndAfter(grid, WatermarkTicks, _latenessTicks)));
        }

        return boundary;
    }

    /// <summary>The first watermark above this one at which some window ends, or ends so long ago.</summary>
    private static long EndAfter(SliceGrid grid, long watermark, long latenessTicks)
    {
        var end = grid.NextEndAfter(TickMath.SaturatingSubtract(watermark, latenessTicks));
        return end == long.MinValue ? end : TickMath.SaturatingAdd(end, latenessTicks);
    }
}
