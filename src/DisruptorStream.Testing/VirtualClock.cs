namespace DisruptorStream.Testing;

/// <summary>A clock that is moved by hand. Its timers never fire: the driver puts the ticks in itself.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private DateTimeOffset _now;

    public VirtualClock(DateTimeOffset start) => _now = start.ToUniversalTime();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SilentTimer();

    /// <exception cref="ArgumentOutOfRangeException">The time does not go forward.</exception>
    public void Advance(TimeSpan by)
    {
        if (by <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(by), by, "The clock of a test goes forward only, by more than zero.");
        }

        _now += by;
    }

    private sealed class SilentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
