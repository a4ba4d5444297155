namespace DisruptorStream.Cluster.Handling;

/// <summary>The clock of a partition: it stands still until a tick of the order moves it.</summary>
/// <remarks>
/// So each owner, and who replays, sees the same clock at the same event. Its timers never fire. Any thread reads it.
/// </remarks>
internal sealed class PartitionClock : TimeProvider
{
    private static readonly long Earliest = DateTimeOffset.MinValue.Ticks - DateTime.UnixEpoch.Ticks;
    private static readonly long Latest = DateTimeOffset.MaxValue.Ticks - DateTime.UnixEpoch.Ticks;

    private long _ticks;

    /// <summary>In ticks of 100 ns since 1970; never goes back.</summary>
    public long Ticks => Volatile.Read(ref _ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new StillTimer();

    /// <summary>Moves it on; where the time is before its own, it stays.</summary>
    public void MoveTo(long ticks) => Volatile.Write(ref _ticks, Math.Max(Ticks, Math.Clamp(ticks, Earliest, Latest)));

    private sealed class StillTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
