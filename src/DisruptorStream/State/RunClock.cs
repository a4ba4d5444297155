using DisruptorStream.Events;

namespace DisruptorStream.State;

/// <summary>
/// Follows the watermark event by event through a run, exactly as window assignment does for the run as a whole.
/// </summary>
internal struct RunClock
{
    private readonly long _cap;
    private readonly long _outOfOrdernessTicks;
    private readonly bool _processingTime;
    private readonly long _endMaxTicks;
    private long _maxTicks;

    public RunClock(in EventRun run, StoreContext context)
    {
        WatermarkTicks = run.WatermarkTicks;
        _maxTicks = run.SourceMaxTicks;
        _endMaxTicks = run.EndMaxTicks;
        _processingTime = context.ProcessingTime;
        _outOfOrdernessTicks = context.ProcessingTime ? 0 : context.MaxOutOfOrdernessTicks;
        _cap = _outOfOrdernessTicks < 0 ? long.MinValue : run.WatermarkCapTicks;
    }

    public long WatermarkTicks { get; private set; }

    /// <summary>The time that windows go by: under processing time the clock never goes back.</summary>
    public readonly long TimeOf(long timestamp) => _processingTime ? Math.Max(timestamp, WatermarkTicks) : timestamp;

    /// <summary>The watermark from here on, from the largest time.</summary>
    public readonly WatermarkBound Bound => new(WatermarkTicks, _cap, _outOfOrdernessTicks, _endMaxTicks);

    /// <summary>The largest time so far.</summary>
    public readonly long MaxTicks => _maxTicks;

    /// <summary>Events of an earlier time do not take the watermark to this point.</summary>
    public readonly long TimeReaching(long watermark) =>
        _cap < watermark ? long.MaxValue : Windows.TickMath.SaturatingAdd(watermark, _outOfOrdernessTicks);

    /// <summary>The event has been handled; returns whether it moved the watermark.</summary>
    public bool Advance(long time)
    {
        if (time <= _maxTicks)
            return false;
        _maxTicks = time;
        var reached = Math.Min(_cap, Windows.TickMath.SaturatingSubtract(time, _outOfOrdernessTicks));
        if (reached <= WatermarkTicks)
            return false;
        WatermarkTicks = reached;
        return true;
    }
}
