using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Saving;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>Tumbling, sliding and calendar windows of one size.</summary>
internal sealed class SlicedAssignment : GridAssignment<RecentSlices>
{
    private const int Version = 1;

    private readonly SliceGrid _grid;
    private readonly bool _sharesEvents;
    private readonly bool _fillsGaps;
    private readonly OpenSlices _openSlices;

    private long _newestSlice = long.MinValue;

    /// <param name="grid">The slices.</param>
    /// <param name="tracker">The sources.</param>
    /// <param name="rules">Lateness and time domain.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    public SlicedAssignment(
        SliceGrid grid, WatermarkTracker tracker, AssignmentRules rules, QuerySelection? selection = null)
        : base(new RecentSlices(grid, rules.AllowedLatenessTicks), tracker, rules, selection)
    {
        _grid = grid;
        _fillsGaps = rules.FillsGaps;
        _sharesEvents = grid.MaxWindowsPerEvent > 1;
        _openSlices = new OpenSlices(
            rules.MaxSlices, rules.SharesSlices ? Counters : null, traces: rules.HistoryCapacity > 0);
    }

    protected override long NewestSlice => _newestSlice;

    public override void CopyOpenWindows(OpenWindowList windows) => windows.Add(_grid, _openSlices, WatermarkTicks);

    public override SliceTrace? TraceOf(TimeWindow window) => _openSlices.TraceOf(_grid, window);

    public override bool MayHave(TimeWindow window) => OpenSlices.IsOf(_grid, window);

    public override long? LastEndOf(long time) =>
        _grid.TryLocate(time, out var slice) && !_grid.IsHole(slice) ? _grid.LastEndOf(slice) : null;

    protected override bool TryPair(long watermark, out SlicePair pair) =>
        Slices.TryPair(watermark, _openSlices, out pair);

    protected override long NextBoundary() => BoundaryOf(_grid);

    protected override void CloseSlices() => _openSlices.Close(_grid, WatermarkTicks, LatenessTicks);

    public override void ThrowIfInconsistent()
    {
        base.ThrowIfInconsistent();
        _openSlices.ThrowIfInconsistent();
    }

    protected override void SaveSlices(StateWriter writer)
    {
        _openSlices.Save(writer, BoundaryTicks);
        if (!_fillsGaps)
            return;
        writer.Begin(SectionTag.NewestSlice, Version);
        writer.WriteInt64(_newestSlice);
        writer.End();
    }

    protected override void LoadSlices(StateReader reader)
    {
        BoundaryTicks = _openSlices.Load(reader, _grid);
        if (!_fillsGaps)
            return;
        reader.Begin(SectionTag.NewestSlice, Version);
        _newestSlice = reader.ReadInt64();
        reader.End();
        if (_newestSlice != long.MinValue && !_grid.IsSlice(_newestSlice))
            throw reader.Invalid($"slice {_newestSlice} is none of these windows");
    }

    protected override void AddJudged(ref EventRun run, int count)
    {
        ref readonly var slice = ref Slices.Current;
        if (slice.IsHole)
        {
            Counters.EventsInNoWindow += count;
            run.Kind = RunKind.Pass;
        }
        else if (run.WatermarkTicks >= slice.ExpiryTicks)
        {
            Drop(ref run, DropReason.Late, count);
            History?.NoteLate(
                slice.ExpiryTicks,
                _grid.LastEndOf(run.Slice),
                new LateRun(run.FirstSequence, run.Count, run.WatermarkTicks),
                count);
            Counters.LateDroppedAssignments +=
                count * (_grid.LastWindowOf(run.Slice) - _grid.FirstWindowOf(run.Slice) + 1);
        }
        else if (!_openSlices.TryOpen(run.Slice))
        {
            Drop(ref run, DropReason.SliceLimit, count);
        }
        else
        {
            Accept(run, count);
        }

        Runs.Add(run);
    }

    protected override bool IsLiveWhole(in EventRun run) =>
        _grid.FirstWindowEndingAfter(run.WatermarkTicks) <= _grid.FirstWindowOf(run.Slice);

    protected override void NoteOne(in EventRun run) => _openSlices.Note(run.Slice, run, TimeOfDayTicks);

    protected override void NoteMixed(in EventRun run)
    {
        _openSlices.Note(run.Slice - 1, run, TimeOfDayTicks);
        _openSlices.Note(run.Slice, run, TimeOfDayTicks);
    }

    private void Accept(in EventRun run, int count)
    {
        _newestSlice = Math.Max(_newestSlice, run.Slice);
        _openSlices.Note(run.Slice, run, TimeOfDayTicks);

        // Of one window, an event that is not too late for all is too late for none.
        if (run.WatermarkTicks == long.MinValue || !_sharesEvents)
            return;
        var firstLive = _grid.FirstWindowEndingAfter(TickMath.SaturatingSubtract(run.WatermarkTicks, LatenessTicks));
        var first = _grid.FirstWindowOf(run.Slice);
        if (firstLive > first)
            Counters.LateDroppedAssignments += count * (firstLive - first);
    }
}
