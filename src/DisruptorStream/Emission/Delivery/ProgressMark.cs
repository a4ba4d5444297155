namespace DisruptorStream.Emission.Delivery;

/// <summary>How far delivery has come, as a sequence and a watermark that belong together.</summary>
/// <remarks>
/// The emitting thread owns it. Window assignment runs ahead of delivery: a watermark counts once the slot that brought
/// it about has been delivered. One watermark at a time is waited for, so that it counts however fast others follow.
/// </remarks>
internal struct ProgressMark
{
    private readonly WatermarkProgress _watermarks;
    private long _nextSequence;
    private long _nextTicks;

    /// <param name="watermarks">Of window assignment.</param>
    /// <param name="sequence">The last sequence before the first one.</param>
    public ProgressMark(WatermarkProgress watermarks, long sequence)
    {
        _watermarks = watermarks;
        _nextTicks = long.MinValue;
        Sequence = sequence;
        WatermarkTicks = long.MinValue;
    }

    /// <summary>Everything up to here has been delivered.</summary>
    public long Sequence { get; private set; }

    /// <summary>The watermark as of then, or one before; long.MinValue for none yet.</summary>
    public long WatermarkTicks { get; private set; }

    /// <summary>The same for sinks.</summary>
    public readonly SinkProgress Shown =>
        new(Sequence, WatermarkTicks == long.MinValue ? null : WatermarkTicks);

    /// <summary>Delivery has come so far. Returns whether anything has moved.</summary>
    public bool MoveTo(long sequence)
    {
        if (sequence < Sequence)
            return false;
        if (_nextTicks == long.MinValue)
            TakeNext();
        var hasMoved = sequence > Sequence;
        Sequence = sequence;
        if (_nextTicks == long.MinValue || _nextSequence > sequence)
            return hasMoved;
        WatermarkTicks = _nextTicks;
        _nextTicks = long.MinValue;
        return true;
    }

    private void TakeNext()
    {
        _watermarks.Read(out var sequence, out var ticks);
        if (ticks > WatermarkTicks)
            (_nextSequence, _nextTicks) = (sequence, ticks);
    }
}
