namespace DisruptorStream.Pipeline.Durable;

/// <summary>Which results have arrived at the sinks, told from time to time.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class ArrivedNumbers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _clock;
    private readonly Action<long[]> _read;
    private readonly long[] _told;
    private readonly long[] _now;
    private long _lastTimestamp;

    /// <param name="count">How many numbers there are.</param>
    /// <param name="read">Reads them.</param>
    /// <param name="clock">Says when it is time.</param>
    public ArrivedNumbers(int count, Action<long[]> read, TimeProvider clock)
    {
        _clock = clock;
        _lastTimestamp = clock.GetTimestamp();
        _read = read;
        _told = new long[count];
        _now = new long[count];
    }

    /// <summary>The numbers; none where it is too early, or nothing is new.</summary>
    public ReadOnlySpan<long> Take(bool atOnce = false)
    {
        if (!atOnce && _clock.GetElapsedTime(_lastTimestamp) < Interval)
            return default;
        _lastTimestamp = _clock.GetTimestamp();
        _read(_now);
        if (_now.AsSpan().SequenceEqual(_told))
            return default;
        _now.CopyTo(_told, 0);
        return _told;
    }
}
