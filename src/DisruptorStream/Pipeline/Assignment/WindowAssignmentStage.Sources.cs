using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment;

/// <content>Follows the sources.</content>
internal abstract unsafe partial class WindowAssignmentStage
{
    /// <summary>
    /// The watermark of the sources. Where each key has a time of its own nothing goes by it but the end of the input.
    /// </summary>
    private long ReachedBySources =>
        _hasKeyTime && _tracker.WatermarkTicks != long.MaxValue ? long.MinValue : _tracker.WatermarkTicks;

    /// <summary>Tells the shards of the watermark where they have to know.</summary>
    private bool TryMoveWatermark(long sequence)
    {
        var watermark = ProcessingTime ? WatermarkTicks : Math.Max(WatermarkTicks, ReachedBySources);
        if (_ended)
            watermark = long.MaxValue;
        _ended |= watermark == long.MaxValue;
        var isHigher = watermark > WatermarkTicks;
        WatermarkTicks = watermark;
        var isTold = IsTold(isHigher);
        if (isTold)
            AddWatermark(sequence);
        return isTold;
    }

    private void OnSource(in EventSlot slot)
    {
        switch (slot.Kind)
        {
            case SlotKind.SourceRegistered:
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
