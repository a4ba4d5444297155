using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Saving;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Pipeline.Assignment.Levels;

/// <summary>
/// Windows of several sizes: runs are events of one source and of one slice of each size, with a verdict that holds for
/// all of them. An event is dropped as late where it is too late for all sizes.
/// </summary>
/// <remarks>
/// A run tells the slice of the finest size, and a time in its slices by which the others are found.
/// </remarks>
internal sealed class LeveledAssignment : GridAssignment<RecentCells>
{
    private readonly SliceLevels _levels;
    private readonly OpenSlices[] _openSlices;

    /// <param name="levels">The slices of each size.</param>
    /// <param name="tracker">The sources.</param>
    /// <param name="rules">Lateness and time domain.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    public LeveledAssignment(
        SliceLevels levels, WatermarkTracker tracker, AssignmentRules rules, QuerySelection? selection = null)
        : base(new RecentCells(levels, rules.AllowedLatenessTicks), tracker, rules, selection)
    {
        _levels = levels;
        _openSlices = new OpenSlices[levels.Count];
        for (var level = 0; level < _openSlices.Length; level++)
            _openSlices[level] = new OpenSlices(rules.MaxSlices, Counters, traces: rules.HistoryCapacity > 0);
    }

    public override void CopyOpenWindows(OpenWindowList windows)
    {
        for (var level = 0; level < _openSlices.Length; level++)
            windows.Add(_levels.Grids[level], _openSlices[level], WatermarkTicks);
    }

    public override SliceTrace? TraceOf(TimeWindow window)
    {
        for (var level = 0; level < _openSlices.Length; level++)
        {
            if (OpenSlices.IsOf(_levels.Grids[level], window))
                return _openSlices[level].TraceOf(_levels.Grids[level], window);
        }

        return null;
    }

    public override bool MayHave(TimeWindow window)
    {
        foreach (var grid in _levels.Grids)
        {
            if (OpenSlices.IsOf(grid, window))
                return true;
        }

        return false;
    }

    public override long? LastEndOf(long time)
    {
        var last = default(long?);
        foreach (var grid in _levels.Grids)
        {
            if (grid.TryLocate(time, out var slice) && !grid.IsHole(slice))
                last = Math.Max(last ?? long.MinValue, grid.LastEndOf(slice));
        }

        return last;
    }

    protected override bool TryPair(long watermark, out SlicePair pair) =>
        Slices.TryPair(watermark, _openSlices, out pair);

    protected override void CloseSlices()
    {
        for (var level = 0; level < _openSlices.Length; level++)
            _openSlices[level].Close(_levels.Grids[level], WatermarkTicks, LatenessTicks);
    }

    protected override long NextBoundary()
    {
        var boundary = long.MaxValue;
        foreach (var grid in _levels.Grids)
            boundary = Math.Min(boundary, BoundaryOf(grid));
        return boundary;
    }

    public override void ThrowIfInconsistent()
    {
        base.ThrowIfInconsistent();
        foreach (var open in _openSlices)
            open.ThrowIfInconsistent();
    }

    protected override void SaveSlices(StateWriter writer)
    {
        foreach (var open in _openSlices)
            open.Save(writer, BoundaryTicks);
    }

    protected override void LoadSlices(StateReader reader)
    {
        for (var level = 0; level < _openSlices.Length; level++)
        {
            var boundary = _openSlices[level].Load(reader, _levels.Grids[level]);
            if (level > 0 && boundary != BoundaryTicks)
            {
                throw new StateException(
                    "The sizes of the saved state do not agree on when a window ends next; load an older state, and "
                    + "report this one.");
            }

            BoundaryTicks = boundary;
        }
    }

    protected override void AddJudged(ref EventRun run, int count)
    {
        var cell = Slices.Current;
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
            {
                Drop(ref run, DropReason.Late, count);
                History?.NoteLate(
                    cell.ExpiryTicks,
                    TickMath.SaturatingSubtract(cell.ExpiryTicks, LatenessTicks),
                    new LateRun(run.FirstSequence, run.Count, run.WatermarkTicks),
                    count);
            }
            else
            {
                NoteRun(cell, run);
            }

            if (run.WatermarkTicks != long.MinValue && run.WatermarkTicks >= cell.FirstEndTicks)
                CountLateWindows(cell, run.WatermarkTicks, count);
        }

        Runs.Add(run);
    }

    protected override bool IsLiveWhole(in EventRun run) => run.WatermarkTicks < Slices.Current.FirstEndTicks;

    // The events of a cell that come one by one: nothing else was located since the first of them.
    protected override void NoteOne(in EventRun run) => NoteRun(Slices.Current, run);

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

    private void NoteRun(LevelCell cell, in EventRun run)
    {
        for (var level = 0; level < _openSlices.Length; level++)
        {
            if (cell.IsTaken(level, run.WatermarkTicks))
                _openSlices[level].Note(cell.Slices[level], run, TimeOfDayTicks);
        }
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
                ? grid.FirstWindowEndingAfter(TickMath.SaturatingSubtract(watermark, LatenessTicks))
                : end;
            if (firstLive > first)
                Counters.LateDroppedAssignments += count * (Math.Min(firstLive, end) - first);
        }
    }
}
