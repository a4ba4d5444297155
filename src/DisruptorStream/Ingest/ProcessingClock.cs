namespace DisruptorStream.Ingest;

/// <summary>
/// The host's clock, in ticks since the Unix epoch; remembers the newest reading for those to whom it will do.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class ProcessingClock
{
    private readonly TimeProvider _timeProvider;
    private long _recentTicks;

    public ProcessingClock(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        Read();
    }

    /// <summary>The newest reading: at most one tick interval old while the processor runs.</summary>
    // Pairs with the write in Read.
    public long RecentTicks => Volatile.Read(ref _recentTicks);

    /// <summary>Reads the clock.</summary>
    public long Read()
    {
        var ticks = _timeProvider.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks;

        // Pairs with the read in RecentTicks.
        Volatile.Write(ref _recentTicks, ticks);
        return ticks;
    }
}
