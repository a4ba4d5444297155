using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Saving;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>
/// Tumbling, sliding and calendar windows: runs are events of one source and slice, up to where the watermark would
/// matter, with the verdict of the slice as a whole.
/// </summary>
internal sealed unsafe class SlicedAssignment : WindowAssignmentStage
{
    private const int Version = 1;

    private readonly SliceGrid _grid;
    private readonly long _latenessTicks;
    private readonly long _outOfOrdernessTicks;
    private readonly bool _mixesSlices;
    private readonly bool _sharesEvents;
    private readonly bool _fillsGaps;
    private readonly OpenSlices _openSlices;
    private readonly RecentSlices _slices;

    /// <summary>The next watermark at which a window completes or expires.</summary>
    private long _boundaryTicks = long.MinValue;

    private long _newestSlice = long.MinValue;

    /// <param name="grid">The slices.</param>
    /// <param name="tracker">The sources.</param>
    /// <param name="rules">Lateness and time domain.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    public SlicedAssignment(
        SliceGrid grid, WatermarkTracker tracker, AssignmentRules rules, QuerySelection? selection = null)
        : base(tracker, rules, selection)
    {
        _grid = grid;
        _latenessTicks = rules.AllowedLatenessTicks;
        _outOfOrdernessTicks = rules.ProcessingTime ? 0 : rules.MaxOutOfOrdernessTicks;
        _mixesSlices = rules.MixesSlices;
        _fillsGaps = rules.FillsGaps;
        _sharesEvents = grid.MaxWindowsPerEvent > 1;
        _openSlices = new OpenSlices(rules.MaxSlices, rules.SharesSlices ? Counters : null);
        _slices = new RecentSlices(grid, _latenessTicks);
    }

    protected override long NewestSlice => _newestSlice;

    protected override bool IsInRange(long time) => _slices.TryLocate(TimeOf(time));

    protected override int TakeRun(in EventView view, ushort source, in TimestampRange known, long limitTicks)
    {
        // What is refused for its time moves nothing.
        if (!_slices.TryLocate(TimeOf(view.Slots->TimestampTicks)))
            return RefuseOutOfOwnRange(view);
        var run = StartRun(view.FirstSequence, source);
        ref readonly var slice = ref _slices.Current;

        var crossing = run.WatermarkCapTicks >= _boundaryTicks && _outOfOrdernessTicks >= 0
            ? TickMath.SaturatingAdd(_boundaryTicks, _outOfOrdernessTicks)
            : long.MaxValue;
        crossing = Math.Min(crossing, limitTicks);
        var max = run.SourceMaxTicks;
        var start = ProcessingTime ? long.MinValue : slice.StartTicks;
        var end = slice.EndTicks;
        run.Slice = slice.Index;
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
        if (!_slices.TryLocate(TimeOf(panes.Slots->TimestampTicks)))
        {
            Drop(ref run, DropReason.TimestampOutOfRange, run.Count);
            Runs.Add(run);
            return;
        }

        run.Slice = _slices.Current.Index;
        AddJudged(run, run.Count);
    }

    protected override bool IsTold(bool isHigher) => WatermarkTicks >= _boundaryTicks;

    protected override void OnTold()
    {
        _boundaryTicks = NextBoundary();
        _openSlices.Close(_grid, WatermarkTicks, _latenessTicks);
    }

    // With a lateness without end the boundary may lie behind the watermark: then the shards are told each time.
    protected override bool HasToldAll =>
        WatermarkTicks < _boundaryTicks
        || WatermarkTicks is long.MinValue or long.MaxValue
        || _boundaryTicks == NextBoundary();

    public override void ThrowIfInconsistent()
    {
        base.ThrowIfInconsistent();
        _openSlices.ThrowIfInconsistent();
    }

    protected override void SaveSlices(StateWriter writer)
    {
        _openSlices.Save(writer, _boundaryTicks);
        if (!_fillsGaps)
            return;
        writer.Begin(SectionTag.NewestSlice, Version);
        writer.WriteInt64(_newestSlice);
        writer.End();
    }

    protected override void LoadSlices(StateReader reader)
    {
        _boundaryTicks = _openSlices.Load(reader, _grid);
        if (!_fillsGaps)
            return;
        reader.Begin(SectionTag.NewestSlice, Version);
        _newestSlice = reader.ReadInt64();
        reader.End();
        if (_newestSlice != long.MinValue && !_grid.IsSlice(_newestSlice))
            throw reader.Invalid($"slice {_newestSlice} is none of these windows");
    }

    /// <summary>Whether a run may go on with an event of the slice beside its own.</summary>
    private bool MayMix(in EventView view, int next, long watermark, out SlicePair pair)
    {
        pair = default;
        var time = view.Slots[next].TimestampTicks;
        return EventSlot.HeadOf(view.Slots + next) == EventSlot.HeadOf(view.Slots) && !_slices.Current.Holds(time)
            && _slices.TryPair(watermark, _openSlices, out pair) && pair.Holds(time);
    }

    private long TimeOf(long timestamp) => ProcessingTime ? Math.Max(timestamp, WatermarkTicks) : timestamp;

    /// <summary>Adds a run of the located slice with its verdict, which holds for the slice as a whole.</summary>
    /// <param name="run">The run.</param>
    /// <param name="count">How many of its events are the query's.</param>
    private void AddJudged(EventRun run, int count)
    {
        ref readonly var slice = ref _slices.Current;
        if (slice.IsHole)
        {
            Counters.EventsInNoWindow += count;
            run.Kind = RunKind.Pass;
        }
        else if (run.WatermarkTicks >= slice.ExpiryTicks)
        {
            Drop(ref run, DropReason.Late, count);
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

    private void Accept(in EventRun run, int count)
    {
        _newestSlice = Math.Max(_newestSlice, run.Slice);

        // Of one window, an event that is not too late for all is too late for none.
        if (run.WatermarkTicks == long.MinValue || !_sharesEvents)
            return;
        var firstLive = _grid.FirstWindowEndingAfter(TickMath.SaturatingSubtract(run.WatermarkTicks, _latenessTicks));
        var first = _grid.FirstWindowOf(run.Slice);
        if (firstLive > first)
            Counters.LateDroppedAssignments += count * (firstLive - first);
    }

    private long NextBoundary() => Math.Min(EndAfter(WatermarkTicks, 0), EndAfter(WatermarkTicks, _latenessTicks));

    /// <summary>The first watermark above this one at which some window ends, or ends so long ago.</summary>
    private long EndAfter(long watermark, long latenessTicks)
    {
        var end = _grid.NextEndAfter(TickMath.SaturatingSubtract(watermark, latenessTicks));
        return end == long.MinValue ? end : TickMath.SaturatingAdd(end, latenessTicks);
    }
}
