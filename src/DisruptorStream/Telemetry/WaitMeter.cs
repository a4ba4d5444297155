namespace DisruptorStream.Telemetry;

/// <summary>How long publishers have waited in all. Any number of threads; only those that wait pay for it.</summary>
internal sealed class WaitMeter
{
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private int _waiting;
    private long _blockedSince;
    private long _blocked;
    private long _waited;

    public WaitMeter(TimeProvider timeProvider) => _timeProvider = timeProvider;

    /// <summary>The waits that are over, added up.</summary>
    // Pairs with the write in End.
    public TimeSpan Total => Elapsed(Volatile.Read(ref _waited));

    /// <summary>The time in which at least one publisher waited, a wait that goes on included.</summary>
    public TimeSpan Blocked
    {
        get
        {
            lock (_gate)
                return Elapsed(_blocked + (_waiting > 0 ? _timeProvider.GetTimestamp() - _blockedSince : 0));
        }
    }

    /// <summary>A wait begins; returns what <see cref="End"/> needs.</summary>
    public long Begin()
    {
        var now = _timeProvider.GetTimestamp();
        lock (_gate)
        {
            if (_waiting++ == 0)
                _blockedSince = now;
        }

        return now;
    }

    public void End(long begun)
    {
        var now = _timeProvider.GetTimestamp();
        lock (_gate)
        {
            if (--_waiting == 0)
                _blocked += Math.Max(0, now - _blockedSince);
        }

        // Pairs with the read in Total.
        Interlocked.Add(ref _waited, now - begun);
    }

    private TimeSpan Elapsed(long timestamps) => TimeSpan.FromTicks(
        (long)(timestamps * ((double)TimeSpan.TicksPerSecond / _timeProvider.TimestampFrequency)));
}
