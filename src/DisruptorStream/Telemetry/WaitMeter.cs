namespace DisruptorStream.Telemetry;

/// <summary>How long publishers have waited in all. Any number of threads; only those that wait pay for it.</summary>
internal sealed class WaitMeter
{
    private readonly TimeProvider _timeProvider;
    private long _waited;

    public WaitMeter(TimeProvider timeProvider) => _timeProvider = timeProvider;

    public TimeSpan Total => TimeSpan.FromTicks(
        (long)(Volatile.Read(ref _waited) * ((double)TimeSpan.TicksPerSecond / _timeProvider.TimestampFrequency)));

    /// <summary>A wait begins; returns what <see cref="End"/> needs.</summary>
    public long Begin() => _timeProvider.GetTimestamp();

    // Pairs with the read in Total.
    public void End(long begun) => Interlocked.Add(ref _waited, _timeProvider.GetTimestamp() - begun);
}
