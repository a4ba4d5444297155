namespace DisruptorStream.Hosting.Health;

/// <summary>Tells a watermark that stands while events come from one that stands because none do.</summary>
internal sealed class WatermarkProgress
{
    private long? _watermarkTicks;
    private long _eventsAtMove;
    private DateTimeOffset _movedAt;
    private DateTimeOffset _observedAt;

    /// <param name="start">From when on a watermark that never moves is said to stand.</param>
    public WatermarkProgress(DateTimeOffset start) => _movedAt = _observedAt = start;

    /// <summary>For how long it has stood while events came; zero where it moves, or nothing comes.</summary>
    public TimeSpan Observe(ProcessorStats stats, DateTimeOffset now)
    {
        if (stats.WatermarkTicks != _watermarkTicks)
        {
            _watermarkTicks = stats.WatermarkTicks;
            _eventsAtMove = stats.EventsProcessed;

            // The processor knows the time by its ticks; that it moved since it was last observed is certain.
            _movedAt = stats.WatermarkMoved is { } moved && moved > _observedAt ? moved : _observedAt;
        }

        _observedAt = now;
        var isWaiting = stats.State == ProcessorState.Running && stats.WatermarkTicks != long.MaxValue
            && stats.EventsProcessed > _eventsAtMove;
        return isWaiting ? now - _movedAt : TimeSpan.Zero;
    }
}
