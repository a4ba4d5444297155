using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>
/// Decides, once and in global order, what becomes of every slot: follows the watermark, judges lateness and cuts the
/// slots into runs inside which no verdict can change, so that the work per event downstream is a tight loop.
/// </summary>
/// <remarks>
/// One thread owns each instance. Everything it knows comes out of the slots, so a replay decides the same.
/// </remarks>
internal sealed unsafe partial class WindowAssignmentStage
{
    private readonly SliceGrid? _grid;
    private readonly WatermarkTracker _tracker;
    private readonly long _latenessTicks;
    private readonly long _outOfOrdernessTicks;
    private readonly bool _processingTime;
    private readonly bool _mixesSlices;
    private readonly OpenSlices _openSlices;
    private readonly RecentSlices? _slices;
    private RunList _runs = new();
    private long _clock = long.MinValue;
    private long _timeOfDay = long.MinValue;
    private long _boundary = long.MinValue;
    private bool _ended;

    /// <param name="grid">The slices; null for sessions and custom windows.</param>
    /// <param name="tracker">The sources.</param>
    /// <param name="rules">Lateness and time domain.</param>
    public WindowAssignmentStage(SliceGrid? grid, WatermarkTracker tracker, AssignmentRules rules)
    {
        _grid = grid;
        _tracker = tracker;
        _latenessTicks = rules.AllowedLatenessTicks;
        _outOfOrdernessTicks = rules.ProcessingTime ? 0 : rules.MaxOutOfOrdernessTicks;
        _processingTime = rules.ProcessingTime;
        _mixesSlices = rules.MixesSlices;
        _openSlices = new OpenSlices(rules.MaxSlices, rules.SharesSlices ? Counters : null);
        _slices = grid is null ? null : new RecentSlices(grid, _latenessTicks);
    }

    public AssignmentCounters Counters { get; } = new();

    /// <summary>The combined watermark after the slots handled so far.</summary>
    public long Watermark { get; private set; } = long.MinValue;

    /// <summary>The time of day as of the slots handled so far; long.MinValue before the first tick.</summary>
    public long TimeOfDay => _timeOfDay;

    /// <summary>The steady time as of the slots handled so far; long.MinValue before the first tick.</summary>
    public long SteadyTicks => _clock;

    public WatermarkTracker Tracker => _tracker;

    /// <summary>
    /// Cuts contiguous slots into runs, appended to the list, and returns how many slots it took: all, or those up to
    /// a Save slot. Nothing is behind a Stop slot. The runs of these two are the last.
    /// </summary>
    public int OnBatch(in EventView view, RunList runs)
    {
        _runs = runs;
        for (var at = 0; at < view.Count;)
        {
            ref readonly var slot = ref view.Slots[at];
            if (slot.Kind == SlotKind.Event)
            {
                at += Take(view.Slice(at, view.Count - at), slot.SourceId, TimestampRange.Unknown);
                continue;
            }

            OnControl(slot, view.FirstSequence + at);
            at++;
            if (slot.Kind == SlotKind.Stop)
                return view.Count;
            if (slot.Kind == SlotKind.Save)
                return at;
        }

        return view.Count;
    }

    /// <summary>As <see cref="OnBatch"/>, for events outside of the ring.</summary>
    public void OnEvents(in AcceptedEvents events, RunList runs)
    {
        _runs = runs;
        var view = events.View;
        for (var at = 0; at < view.Count;)
            at += Take(view.Slice(at, view.Count - at), events.Source, events.Timestamps);
    }

    /// <param name="view">Slots, the first of which is an event.</param>
    /// <param name="source">The event's source.</param>
    /// <param name="known">
    /// Where all are events of the source, and none lies outside of this; no event of it that is not among them was
    /// refused.
    /// </param>
    private int Take(in EventView view, ushort source, in TimestampRange known)
    {
        if (_ended)
            return Refuse(view, DropReason.AfterEnd);
        return _grid is null ? TakeUnsliced(view, source, known) : TakeSliced(view, source, known);
    }

    /// <summary>
    /// Sessions and custom windows: all that one source sent in a row; the stores follow the watermark themselves.
    /// </summary>
    private int TakeUnsliced(in EventView view, ushort source, in TimestampRange known)
    {
        var run = StartRun(view.FirstSequence, source);
        var max = Math.Max(run.SourceMax, known.Latest);
        var count = view.Count;
        if (known == TimestampRange.Unknown)
        {
            max = run.SourceMax;
            count = SlotScan.Count(view, long.MinValue, long.MaxValue, ref max);
        }

        run.Count = count;
        run.EndMax = max;
        Counters.EventsProcessed += count;
        _runs.Add(run);
        Finish(source, max);
        return count;
    }

    /// <summary>
    /// Tumbling and sliding windows: events of one source and slice, up to where the watermark would matter.
    /// </summary>
    private int TakeSliced(in EventView view, ushort source, in TimestampRange known)
    {
        var run = StartRun(view.FirstSequence, source);
        if (!_slices!.TryLocate(TimeOf(view.Slots->Timestamp)))
            return Refuse(view, DropReason.TimestampOutOfRange);
        ref readonly var slice = ref _slices.Current;

        var crossing = run.WatermarkCap >= _boundary && _outOfOrdernessTicks >= 0
            ? TickMath.SaturatingAdd(_boundary, _outOfOrdernessTicks)
            : long.MaxValue;
        var max = run.SourceMax;
        var start = _processingTime ? long.MinValue : slice.Start;
        var end = slice.End;
        run.Slice = slice.Index;
        var count = SlotScan.Count(view, known, start, Math.Min(end, crossing), ref max);
        if (_mixesSlices && count < view.Count && MayMix(view, count, run.Watermark, out var pair))
        {
            (start, end) = (pair.Start, pair.End);
            (run.Slice, run.SliceStart, run.HasOlder) = (pair.Newer, pair.Split, true);
            var rest = view.Slice(count, view.Count - count);
            count += SlotScan.Count(rest, known, start, Math.Min(end, crossing), ref max);
        }

        // The event that takes the watermark over the boundary is itself still judged by the watermark before it.
        if (count < view.Count && EventSlot.HeadOf(view.Slots + count) == EventSlot.HeadOf(view.Slots)
            && TimeOf(view.Slots[count].Timestamp) is var time && time >= start && time < end)
        {
            max = Math.Max(max, view.Slots[count++].Timestamp);
        }

        run.Count = count;
        Counters.EventsProcessed += count;
        if (run.HasOlder)
            _runs.Add(run);
        else
            AddJudged(run);
        Finish(source, max);
        if (Watermark >= _boundary)
            AddWatermark(view.FirstSequence + count - 1);
        return count;
    }

    /// <summary>Whether a run may go on with an event of the slice beside its own.</summary>
    private bool MayMix(in EventView view, int next, long watermark, out SlicePair pair)
    {
        pair = default;
        var time = view.Slots[next].Timestamp;
        return EventSlot.HeadOf(view.Slots + next) == EventSlot.HeadOf(view.Slots) && !_slices!.Current.Holds(time)
            && _slices.TryPair(watermark, _openSlices, out pair) && pair.Holds(time);
    }

    private long TimeOf(long timestamp) => _processingTime ? Math.Max(timestamp, Watermark) : timestamp;

    private EventRun StartRun(long sequence, int source)
    {
        var run = new EventRun { FirstSequence = sequence, Clock = _clock };
        if (_processingTime)
        {
            run.Watermark = Watermark;
            run.SourceMax = Watermark;
            run.WatermarkCap = long.MaxValue;
            return run;
        }

        var progress = _tracker.Begin(source, _clock);
        run.Watermark = progress.Watermark;
        run.SourceMax = progress.SourceMax;
        run.WatermarkCap = progress.Cap;
        return run;
    }

    private void Finish(int source, long max)
    {
        if (_processingTime)
        {
            Watermark = Math.Max(Watermark, max);
            return;
        }

        _tracker.OnEvents(source, max, _clock);
        Watermark = _tracker.Watermark;
    }

    /// <summary>Adds a run of the located slice with its verdict, which holds for the slice as a whole.</summary>
    private void AddJudged(EventRun run)
    {
        var grid = _grid!;
        ref readonly var slice = ref _slices!.Current;
        if (slice.IsHole)
        {
            Counters.EventsInNoWindow += run.Count;
            run.Kind = RunKind.Pass;
        }
        else if (run.Watermark >= slice.Expiry)
        {
            Drop(ref run, DropReason.Late);
            Counters.LateDroppedAssignments +=
                run.Count * (grid.LastWindowOf(run.Slice) - grid.FirstWindowOf(run.Slice) + 1);
        }
        else if (!_openSlices.TryOpen(run.Slice))
        {
            Drop(ref run, DropReason.SliceLimit);
        }
        else if (run.Watermark != long.MinValue && grid.MaxWindowsPerEvent > 1)
        {
            // Of one window, an event that is not too late for all is too late for none.
            var firstLive = grid.FirstWindowEndingAfter(TickMath.SaturatingSubtract(run.Watermark, _latenessTicks));
            Counters.LateDroppedAssignments += run.Count * Math.Max(0, firstLive - grid.FirstWindowOf(run.Slice));
        }

        _runs.Add(run);
    }

    private void Drop(ref EventRun run, DropReason reason)
    {
        run.Kind = RunKind.Dropped;
        run.Reason = reason;
        Counters.Drop(reason, run.Count);
    }

    private int Refuse(in EventView view, DropReason reason)
    {
        var run = new EventRun { FirstSequence = view.FirstSequence, Count = 1, Clock = _clock };
        Counters.EventsProcessed++;
        Drop(ref run, reason);
        _runs.Add(run);
        return 1;
    }

    private void OnControl(in EventSlot slot, long sequence)
    {
        switch (slot.Kind)
        {
            case SlotKind.Refused:
                var refused = new EventRun { FirstSequence = sequence, Count = 1, Clock = _clock };
                Counters.EventsProcessed++;
                Drop(ref refused, slot.Reason);
                _runs.Add(refused);
                break;
            case SlotKind.KeyRetiring:
                AddPlain(RunKind.KeyRetiring, sequence);
                break;
            case SlotKind.Stop:
                AddPlain(RunKind.Stop, sequence);
                break;
            case SlotKind.Save:
                AddPlain(RunKind.Save, sequence);
                break;
            case SlotKind.Void:
            case SlotKind.Flush:
                AddPlain(RunKind.Pass, sequence);
                break;
            case SlotKind.Tick:
                OnTick(slot, sequence);
                break;
            default:
                OnSource(slot);
                OnWatermarkMoved(sequence);
                break;
        }
    }

    private void OnTick(in EventSlot slot, long sequence)
    {
        _clock = Math.Max(_clock, slot.Measure);
        _timeOfDay = slot.Timestamp;
        AddPlain(RunKind.Clock, sequence);
        if (_processingTime)
        {
            if (!_ended)
                Watermark = Math.Max(Watermark, _timeOfDay);
        }
        else
        {
            _tracker.OnClock(_clock);
        }

        OnWatermarkMoved(sequence);
    }

    private void OnSource(in EventSlot slot)
    {
        switch (slot.Kind)
        {
            case SlotKind.SourceRegistered:
                _tracker.Register(slot.SourceId, _clock);
                break;
            case SlotKind.SourceRemoved:
                _tracker.Remove(slot.SourceId);
                break;
            case SlotKind.SourceIdle:
                _tracker.MarkIdle(slot.SourceId);
                break;
            case SlotKind.SourceActive:
                _tracker.MarkActive(slot.SourceId, _clock);
                break;
            case SlotKind.SourceCompleted:
                _tracker.Complete(slot.SourceId);
                _ended |= _processingTime && _tracker.AllCompleted;
                break;
            case SlotKind.SourceWatermark:
                OnSourceWatermark(slot);
                break;
            case SlotKind.EndOfInput:
                _ended = true;
                break;
            default:
                throw new InvalidOperationException($"A slot of kind {slot.Kind} is not about a source.");
        }
    }

    private void OnSourceWatermark(in EventSlot slot)
    {
        // The largest value means the end of that source.
        if (slot.Timestamp == long.MaxValue)
            _tracker.Complete(slot.SourceId);
        else
            _tracker.OnWatermark(slot.SourceId, slot.Timestamp, _clock);
        Counters.WatermarkRegressions = _tracker.Regressions;
    }

    private void OnWatermarkMoved(long sequence)
    {
        var watermark = _processingTime ? Watermark : Math.Max(Watermark, _tracker.Watermark);
        if (_ended)
            watermark = long.MaxValue;
        _ended |= watermark == long.MaxValue;
        var moved = watermark > Watermark || (_processingTime && _grid is null);
        Watermark = watermark;
        if (_grid is null ? moved : Watermark >= _boundary)
            AddWatermark(sequence);
        else
            AddPlain(RunKind.Pass, sequence);
    }

    /// <summary>Tells the shards, and finds the next watermark at which a window completes or expires.</summary>
    private void AddWatermark(long sequence)
    {
        _runs.Add(new EventRun
        {
            FirstSequence = sequence,
            Count = 1,
            Kind = RunKind.Watermark,
            Watermark = Watermark,
            Clock = _clock,
        });
        if (_grid is null)
            return;
        _boundary = Math.Min(EndAfter(Watermark, 0), EndAfter(Watermark, _latenessTicks));
        _openSlices.Close(_grid, Watermark, _latenessTicks);
    }

    /// <summary>The first watermark above this one at which some window ends, or ends so long ago.</summary>
    private long EndAfter(long watermark, long latenessTicks)
    {
        var window = _grid!.FirstWindowEndingAfter(TickMath.SaturatingSubtract(watermark, latenessTicks));
        if (window is long.MinValue or long.MaxValue)
            return window;
        return TickMath.SaturatingAdd(EndOf(window), latenessTicks);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long EndOf(long window)
    {
        var end = ((Int128)window * _grid!.SlideTicks) + _grid.WindowEnd(0);
        return TickMath.Saturate(end);
    }

    private void AddPlain(RunKind kind, long sequence) => _runs.Add(new EventRun
    {
        FirstSequence = sequence,
        Count = 1,
        Kind = kind,
        Watermark = Watermark,
        Clock = _clock,
        EndMax = _timeOfDay,
    });
}
