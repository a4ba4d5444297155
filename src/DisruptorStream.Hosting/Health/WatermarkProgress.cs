namespace DisruptorStream.Hosting.Health;

/// <summary>Tells a watermark that stands while events come from one that stands because none do.</summary>
internal sealed class WatermarkProgress
{
    private long? _watermarkTicks;
    private long _eventsAtMove;
    private TimeSpan? _waitingSince;
    private TimeSpan _observedAt;

    /// <summary>For how long it has stood while events came; zero where it moves, or nothing comes.</summary>
    /// <param name="stats">What the processor has done.</param>
    /// <param name="now">The time since one from which on a watermark that never moves may be said to stand.</param>
    public TimeSpan Observe(ProcessorStats stats, TimeSpan now)
    {
        var previous = _observedAt;
        _observedAt = now;
        if (stats.WatermarkTicks != _watermarkTicks)
        {
            _watermarkTicks = stats.WatermarkTicks;
            _eventsAtMove = stats.EventsProcessed;
            _waitingSince = null;
        }

        var isWaiting = stats.State == ProcessorState.Running && stats.WatermarkTicks != long.MaxValue
            && stats.EventsProcessed > _eventsAtMove;
        if (!isWaiting)
            return TimeSpan.Zero;

        // The first event that did not move it came after the observation before. From the watermark's last move it
        // must not be counted: the time until that event was quiet.
        _waitingSince ??= previous;
        return now - _waitingSince.Value;
    }
}
