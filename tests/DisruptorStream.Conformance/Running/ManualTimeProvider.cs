namespace DisruptorStream.Conformance.Running;

/// <summary>A clock that is set by hand, in ticks since the Unix epoch, and whose timers never fire.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private long _ticks;

    /// <summary>The time; the calendar holds it within the years 1 to 9999.</summary>
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

    private sealed class SilentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
