using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>
/// Windows that share slices: runs are events of one source and slice, up to where the watermark would matter, with the
/// verdict of the slice as a whole.
/// </summary>
/// <typeparam name="TSlices">How slices are found: a value, so that the loop is compiled for it.</typeparam>
internal abstract unsafe class GridAssignment<TSlices> : WindowAssignmentStage
    where TSlices : struct, IRecentSlices
{
    private readonly long _outOfOrdernessTicks;
    private readonly bool _mixesSlices;
    private TSlices _slices;
    private AlikeEvents _alike;

    /// <param name="slices">Finds the slices.</param>
    /// <param name="tracker">The sources.</param>
    /// <param name="rules">Lateness and time domain.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    protected GridAssignment(
        TSlices slices, WatermarkTracker tracker, AssignmentRules rules, QuerySelection? selection)
        : base(tracker, rules, selection)
    {
        _slices = slices;
        LatenessTicks = rules.AllowedLatenessTicks;
        _outOfOrdernessTicks = rules.ProcessingTime ? 0 : rules.MaxOutOfOrdernessTicks;
        _mixesSlices = rules.MixesSlices;
    }

    protected long LatenessTicks { get; }

    /// <summary>The next watermark at which a window completes or expires.</summary>
    protected long BoundaryTicks { get; set; } = long.MinValue;

    protected ref TSlices Slices => ref _slices;

    /// <summary>Adds a run of the located slices with its verdict, which holds for the slices as a whole.</summary>
    /// <param name="run">The run.</param>
    /// <param name="count">How many of its events are the query's.</param>
    protected abstract void AddJudged(ref EventRun run, int count);

    /// <summary>
    /// Whether the slices located last are two in a row whose events may share a run at the watermark.
    /// </summary>
    protected abstract bool TryPair(long watermark, out SlicePair pair);

    /// <summary>The next <see cref="BoundaryTicks"/>.</summary>
    protected abstract long NextBoundary();

    /// <summary>Both slices of a run have taken events, as far as the history tells them apart.</summary>
    protected virtual void NoteMixed(in EventRun run)
    {
    }

    /// <summary>Forgets the slices that have expired.</summary>
    protected abstract void CloseSlices();

    protected override bool IsInRange(long time) => _slices.TryLocate(TimeOf(time));

    public sealed override bool TryTakeOne(EventSlot* slot, long sequence)
    {
        if (!_alike.Holds(slot))
            return false;
        ref var run = ref One;
        run.FirstSequence = sequence;
        run.WatermarkTicks = WatermarkTicks;
        NoteOne(run);
        FinishOne(slot);
        return true;
    }

    public sealed override AlikeEvents Alike => _alike;

    protected sealed override void ForgetAlike() => _alike.Forget();

    /// <summary>The slice of the run has taken an event that is like the one before it.</summary>
    protected virtual void NoteOne(in EventRun run)
    {
    }

    protected override int TakeRun(in EventView view, ushort source, in TimestampRange known, long limitTicks)
    {
        _alike.Forget();

        // What is refused for its time moves nothing.
        if (!_slices.TryLocate(TimeOf(view.Slots->TimestampTicks)))
            return RefuseOutOfOwnRange(view);
        var run = StartRun(view.FirstSequence, source);

        var crossing = run.WatermarkCapTicks >= BoundaryTicks && _outOfOrdernessTicks >= 0
            ? TickMath.SaturatingAdd(BoundaryTicks, _outOfOrdernessTicks)
            : long.MaxValue;
        crossing = Math.Min(crossing, limitTicks);
        var max = run.SourceMaxTicks;
        var start = ProcessingTime ? long.MinValue : _slices.StartTicks;
        var end = _slices.EndTicks;
        (run.Slice, run.SliceStartTicks) = (_slices.Slice, _slices.StartTicks);
        var count = SlotScan.Count(view, known, start, Math.Min(end, crossing), ref max);
        if (_mixesSlices && count < view.Count && MayMix(view, count, run.WatermarkTicks, out var pair))
        {
            (start, end) = (pair.StartTicks, pair.EndTicks);
            (run.Slice, run.SliceStartTicks, run.HasOlder) = (pair.Newer, pair.SplitTicks, true);
            var rest = view.Slice(count, view.Count - count);
            count += SlotScan.Count(rest, known, start, Math.Min(end, crossing), ref max);
        }

        var maxBefore = max;

        // The event that takes the watermark over the boundary is itself still judged by the watermark before it.
        if (count < view.Count && EventSlot.HeadOf(view.Slots + count) == EventSlot.HeadOf(view.Slots)
            && TimeOf(view.Slots[count].TimestampTicks) is var time && time >= start
            && time < Math.Min(end, limitTicks))
        {
            max = Math.Max(max, view.Slots[count++].TimestampTicks);
        }

        run.Count = count;
        Add(ref run, view.Slots->TimestampTicks);
        Finish(source, max);
        if (WatermarkTicks >= BoundaryTicks)
        {
            if (History is { } history)
                NoteLast(history, run, view, source, maxBefore);
            AddWatermark(view.FirstSequence + count - 1);
        }
        else if (count == view.Count && IsOrdinary(run))
        {
            One = run with { Count = 1, HasMore = false };
            _alike.Expect(source, _slices.StartTicks, Math.Min(_slices.EndTicks, crossing));
        }

        return count;
    }

    /// <summary>
    /// Whether the next event of the source is judged as those of the run were, up to where the watermark moves on.
    /// </summary>
    private bool IsOrdinary(in EventRun run) =>
        run.Kind == RunKind.Events && !run.HasOlder && run.Copy == 0 && !ProcessingTime && !IsGuarded
        && IsLiveWhole(run);

    /// <summary>Whether every window of the run's events is incomplete.</summary>
    protected virtual bool IsLiveWhole(in EventRun run) => false;

    /// <summary>Adds a run whose length is known, with its verdict.</summary>
    private void Add(ref EventRun run, long firstTicks)
    {
        var own = CountEvents(run);
        if (own == 0)
            run.Kind = RunKind.Pass;
        if (run.HasOlder || own == 0)
        {
            if (own > 0 && History is not null)
                NoteMixed(run);
            Runs.Add(run);
            return;
        }

        AddJudged(ref run, own);
        if (run.Kind == RunKind.Dropped)
            Counters.NoteLate(firstTicks);
    }

    /// <summary>The run's last event has moved the watermark past an end.</summary>
    private void NoteLast(WatermarkHistory history, in EventRun run, in EventView view, ushort source, long maxBefore)
    {
        var steps = (WatermarkIn(run, maxBefore, _outOfOrdernessTicks), WatermarkTicks);
        NoteStep(history, view.Slots[run.Count - 1], run.LastSequence, source, steps);
    }

    protected override void TakePanes(in EventView panes, EventRun run)
    {
        if (!_slices.TryLocate(TimeOf(panes.Slots->TimestampTicks)))
        {
            Drop(ref run, DropReason.TimestampOutOfRange, run.Count);
            Runs.Add(run);
            return;
        }

        (run.Slice, run.SliceStartTicks) = (_slices.Slice, _slices.StartTicks);
        AddJudged(ref run, run.Count);
    }

    protected override bool IsTold(bool isHigher) => WatermarkTicks >= BoundaryTicks;

    protected override void OnTold()
    {
        BoundaryTicks = NextBoundary();
        CloseSlices();
    }

    // With a lateness without end the boundary may lie behind the watermark: then the shards are told each time.
    protected override bool HasToldAll =>
        WatermarkTicks < BoundaryTicks
        || WatermarkTicks is long.MinValue or long.MaxValue
        || BoundaryTicks == NextBoundary();

    /// <summary>The first watermark above this one at which a window of a grid completes or expires.</summary>
    protected long BoundaryOf(SliceGrid grid) => Math.Min(EndAfter(grid, 0), EndAfter(grid, LatenessTicks));

    /// <summary>The first watermark above this one at which some window ends, or ends so long ago.</summary>
    private long EndAfter(SliceGrid grid, long latenessTicks)
    {
        var end = grid.NextEndAfter(TickMath.SaturatingSubtract(WatermarkTicks, latenessTicks));
        return end == long.MinValue ? end : TickMath.SaturatingAdd(end, latenessTicks);
    }

    /// <summary>Whether a run may go on with an event of the slice beside its own.</summary>
    private bool MayMix(in EventView view, int next, long watermark, out SlicePair pair)
    {
        pair = default;
        var time = view.Slots[next].TimestampTicks;
        return EventSlot.HeadOf(view.Slots + next) == EventSlot.HeadOf(view.Slots)
            && !(time >= _slices.StartTicks && time < _slices.EndTicks)
            && TryPair(watermark, out pair) && pair.Holds(time);
    }

    private long TimeOf(long timestamp) => ProcessingTime ? Math.Max(timestamp, WatermarkTicks) : timestamp;
}
