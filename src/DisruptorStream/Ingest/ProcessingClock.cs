namespace DisruptorStream.Ingest;

/// <summary>
/// The host's clock: the time of day, and a steady time that no correction of the clock moves. Remembers the newest
/// time of day for those to whom it will do.
/// </summary>
/// <remarks>
/// Both are ticks since the Unix epoch. The steady time begins with the time of day at which the processor was built,
/// and goes on with the host's time stamps. Any thread.
/// </remarks>
internal sealed class ProcessingClock
{
    private readonly TimeProvider _timeProvider;
    private readonly long _startTicks;
    private readonly long _startTimestamp;
    private readonly long _timestampsPerTick;
    private long _recentTicks;

    /// <param name="timeProvider">The host's clock.</param>
    /// <param name="floorTicks">
    /// The steady time from which a loaded processor goes on, also where the host's clock has been put back since.
    /// </param>
    public ProcessingClock(TimeProvider timeProvider, long floorTicks = long.MinValue)
    {
        _timeProvider = timeProvider;
        _timestampsPerTick = timeProvider.TimestampFrequency % TimeSpan.TicksPerSecond == 0
            ? timeProvider.TimestampFrequency / TimeSpan.TicksPerSecond
            : 0;
        _startTimestamp = timeProvider.GetTimestamp();
        _startTicks = Math.Max(Read(), floorTicks);
    }

    /// <summary>The newest time of day: at most one tick interval old while the processor runs.</summary>
    // Pairs with the write in Read.
    public long RecentTicks => Volatile.Read(ref _recentTicks);

    /// <summary>Reads the time of day.</summary>
    public long Read()
    {
        var ticks = _timeProvider.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks;

        // Pairs with the read in RecentTicks.
        Volatile.Write(ref _recentTicks, ticks);
        return ticks;
    }

    /// <summary>Reads the steady time, which durations are taken from.</summary>
    public long ReadSteady()
    {
        var now = _timeProvider.GetTimestamp();
        return _startTicks + (_timestampsPerTick > 0
            ? (now - _startTimestamp) / _timestampsPerTick
            : _timeProvider.GetElapsedTime(_startTimestamp, now).Ticks);
    }
}
