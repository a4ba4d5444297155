using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <content>Follows the sources, and measures how late the events of each come.</content>
internal abstract unsafe partial class WindowAssignmentStage
{
    private EventRun _one;

    /// <summary>The verdict of <see cref="TryTakeOne"/>: a run of one event.</summary>
    public ref readonly EventRun OneRun => ref _one;

    protected ref EventRun One => ref _one;

    /// <summary>
    /// The watermark of the sources. Where each key has a time of its own nothing goes by it but the end of the input.
    /// </summary>
    private long ReachedBySources =>
        _hasKeyTime && _tracker.WatermarkTicks != long.MaxValue ? long.MinValue : _tracker.WatermarkTicks;

    /// <summary>
    /// Cuts a run off the front whose events are all looked at for how late they come, or none of them.
    /// </summary>
    /// <inheritdoc cref="TakeRun"/>
    private int TakeMeasured(in EventView view, ushort source, in TimestampRange known, long limitTicks)
    {
        if (ProcessingTime)
            return TakeRun(view, source, known, limitTicks);
        if (!_tracker.SkipsLateness(view.Count))
            return TakeSampled(view, source, known, limitTicks);
        var count = TakeRun(view, source, known, limitTicks);
        _tracker.PassLateness(count);
        return count;
    }

    /// <summary>The events that are judged as the one before was.</summary>
    public virtual AlikeEvents Alike => default;

    /// <summary>
    /// Takes one event that is like the one before it, without runs; returns false, and does nothing, where it must
    /// take the long way. <see cref="OneRun"/> is its verdict.
    /// </summary>
    /// <param name="slot">The event.</param>
    /// <param name="sequence">Its sequence.</param>
    public virtual bool TryTakeOne(EventSlot* slot, long sequence) => false;

    /// <summary>No event is like the one before it.</summary>
    protected virtual void ForgetAlike()
    {
    }

    /// <summary>Counts an event that is like the one before it, and moves its source on.</summary>
    protected void FinishOne(EventSlot* slot)
    {
        var isMeasured = _tracker.LooksAtLateness;
        var max = isMeasured ? _tracker.MaxTimestampOf(slot->SourceId) : 0;
        Counters.EventsProcessed++;
        Finish(slot->SourceId, slot->TimestampTicks);
        if (isMeasured)
            Measure(slot, 1, slot->SourceId, max);
        _tracker.PassLateness(count: 1);
    }

    private void Begin(RunList runs)
    {
        Runs = runs;
        ForgetAlike();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int TakeSampled(in EventView view, ushort source, in TimestampRange known, long limitTicks)
    {
        var part = view.Slice(0, Math.Min(view.Count, _tracker.LatenessChangesIn));
        var isMeasured = _tracker.LooksAtLateness && IsInRange(part.Slots->TimestampTicks);
        var max = _tracker.MaxTimestampOf(source);

        // What is known of all is not known of a part: the latest may be in the other.
        var count = TakeRun(part, source, part.Count == view.Count ? known : TimestampRange.Unknown, limitTicks);
        if (isMeasured)
            Measure(part.Slots, count, source, max);
        _tracker.PassLateness(count);

        // More follow in the batch.
        if (count < view.Count)
            ForgetAlike();
        return count;
    }

    private void Measure(EventSlot* slots, int count, int source, long max)
    {
        _tracker.AddLooked(source, count);
        for (var slot = slots; slot < slots + count; slot++)
        {
            if (slot->TimestampTicks >= max)
                max = slot->TimestampTicks;
            else
                _tracker.AddBehind(source, TickMath.SaturatingSubtract(max, slot->TimestampTicks));
        }
    }

    /// <summary>Tells the shards of the watermark where they have to know.</summary>
    private bool TryMoveWatermark(in EventSlot slot, long sequence)
    {
        var watermark = ProcessingTime ? WatermarkTicks : Math.Max(WatermarkTicks, ReachedBySources);
        if (_ended)
            watermark = long.MaxValue;
        _ended |= watermark == long.MaxValue;
        var before = WatermarkTicks;
        WatermarkTicks = watermark;
        if (!IsTold(watermark > before))
            return false;
        History?.Add(StepOf(slot, sequence, before));
        AddWatermark(sequence);
        return true;
    }

    private void OnSource(in EventSlot slot)
    {
        switch (slot.Kind)
        {
            case SlotKind.SourceRegistered:
                History?.ForgetSource(slot.SourceId);
                _tracker.Register(slot.SourceId, _steadyTicks);
                break;
            case SlotKind.SourceRemoved:
                _tracker.Remove(slot.SourceId);
                break;
            case SlotKind.SourceIdle:
                _tracker.MarkIdle(slot.SourceId);
                break;
            case SlotKind.SourceActive:
                _tracker.MarkActive(slot.SourceId, _steadyTicks);
                break;
            case SlotKind.SourceCompleted:
                _tracker.Complete(slot.SourceId);
                _ended |= ProcessingTime && _tracker.AllCompleted;
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

    /// <summary>What the history keeps of a slot that has moved the watermark past an end.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="sequence">Where it is.</param>
    /// <param name="before">The watermark before it.</param>
    private AdvanceEntry StepOf(in EventSlot slot, long sequence, long before)
    {
        var cause = slot.Kind switch
        {
            _ when WatermarkTicks == long.MaxValue => AdvanceCause.EndOfInput,
            SlotKind.Event or SlotKind.Partial or SlotKind.Filtered => AdvanceCause.Event,
            SlotKind.Tick => AdvanceCause.Clock,
            SlotKind.SourceWatermark => AdvanceCause.Watermark,
            _ => AdvanceCause.Source,
        };
        return new AdvanceEntry
        {
            Cause = cause,
            Sequence = sequence,
            Source = cause is AdvanceCause.Clock or AdvanceCause.EndOfInput ? AdvanceEntry.NoSource : slot.SourceId,
            TimestampTicks = cause is AdvanceCause.Event or AdvanceCause.Watermark
                ? slot.TimestampTicks
                : long.MinValue,
            FromTicks = before,
            ToTicks = WatermarkTicks,
            ClockTicks = _timeOfDayTicks,
        };
    }

    /// <summary>Notes the event of a run that has moved the watermark past an end.</summary>
    /// <param name="history">Where.</param>
    /// <param name="slot">The event.</param>
    /// <param name="sequence">Where it is.</param>
    /// <param name="source">Its source, which the slots outside of the ring do not carry.</param>
    /// <param name="steps">The watermark before and after the event.</param>
    protected void NoteStep(
        WatermarkHistory history,
        in EventSlot slot,
        long sequence,
        ushort source,
        (long From, long To) steps) => history.Add(new AdvanceEntry
        {
            Cause = ProcessingTime ? AdvanceCause.Clock : AdvanceCause.Event,
            Sequence = sequence,
            Source = source,
            TimestampTicks = slot.TimestampTicks,
            FromTicks = steps.From,
            ToTicks = steps.To,
            ClockTicks = _timeOfDayTicks,
        });

    /// <summary>The watermark inside of a run, once the source's largest timestamp is the one given.</summary>
    /// <param name="run">The run.</param>
    /// <param name="maxTicks">The largest timestamp; long.MinValue for none.</param>
    /// <param name="outOfOrdernessTicks">How far the watermark stays behind it; below 0 where it moves none.</param>
    protected static long WatermarkIn(in EventRun run, long maxTicks, long outOfOrdernessTicks) => Math.Max(
        run.WatermarkTicks,
        Math.Min(
            run.WatermarkCapTicks, TickMath.SaturatingSubtract(maxTicks, Math.Max(outOfOrdernessTicks, 0))));

    private void OnSourceWatermark(in EventSlot slot)
    {
        // The largest value means the end of that source.
        if (slot.TimestampTicks == long.MaxValue)
            _tracker.Complete(slot.SourceId);
        else
            _tracker.OnWatermark(slot.SourceId, slot.TimestampTicks, _steadyTicks);
        Counters.WatermarkRegressions = _tracker.Regressions;
    }
}
