namespace DisruptorStream.Testing;

/// <summary>
/// A clock that is moved by hand. Its timers never fire: who moves it has the processor look at it.
/// </summary>
/// <remarks>Any thread may read it while one moves it.</remarks>
internal sealed class VirtualClock : TimeProvider
{
    private long _ticks;

    /// <summary>Begins at the Unix epoch.</summary>
    public VirtualClock()
    {
    }

    public VirtualClock(DateTimeOffset start) => Ticks = start.UtcTicks - DateTime.UnixEpoch.Ticks;

    /// <summary>
    /// The time in ticks since the Unix epoch, in either direction; the calendar holds it within the years 1 to 9999.
    /// </summary>
    public long Ticks
    {
        get => Volatile.Read(ref _ticks);
        set => Volatile.Write(
            ref _ticks,
            Math.Clamp(
                value,
                DateTimeOffset.MinValue.Ticks - DateTime.UnixEpoch.Ticks,
                DateTimeOffset.MaxValue.Ticks - DateTime.UnixEpoch.Ticks));
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SilentTimer();

    /// <exception cref="ArgumentOutOfRangeException">
    /// The time does not go forward, or goes beyond the calendar.
    /// </exception>
    public void Advance(TimeSpan by)
    {
        if (by <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(by), by, "The clock of a test goes forward only, by more than zero.");
        }

        Ticks = (GetUtcNow() + by - DateTimeOffset.UnixEpoch).Ticks;
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
