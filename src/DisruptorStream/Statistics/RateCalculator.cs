namespace DisruptorStream.Statistics;

/// <summary>How many events come per second: overall, over a window, and weighted as a Unix load average.</summary>
/// <remarks>
/// <para>The window is counted in 60 buckets, so its older end is blurred by a sixtieth. The weighted rates are moved
/// every 5 s, by 1 - exp(-5 s / time constant) towards the rate of those 5 s, and begin with the first of them.</para>
/// <para>Less than a second counts as one, so that the first events are no burst of millions a second; for the window,
/// less than a bucket, where that is shorter.</para>
/// <para>Times are ticks of 100 ns of any one clock; one before the latest counts as that. O(1) for each event, no
/// allocation. One thread at a time.</para>
/// </remarks>
public sealed class RateCalculator
{
    private const int Buckets = 60;
    private const long TickLength = 5 * TimeSpan.TicksPerSecond;

    private readonly long[] _buckets = new long[Buckets];
    private readonly long _bucketTicks;
    private long _startTicks;
    private long _nowTicks;
    private long _bucket;
    private long _pending;
    private long _weightedTicks;
    private double _one = double.NaN;
    private double _five;
    private double _fifteen;

    /// <param name="window">The window of the windowed rate: 60 ticks to 1,000 days. Default 1 minute.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window is out of its range.</exception>
    public RateCalculator(TimeSpan? window = null)
    {
        var length = window ?? TimeSpan.FromMinutes(1);
        if (length.Ticks < Buckets || length > TimeSpan.FromDays(1000))
        {
            throw new ArgumentOutOfRangeException(
                nameof(window), length, $"The window is 60 ticks to 1,000 days; it was {length}.");
        }

        _bucketTicks = length.Ticks / Buckets;
    }

    /// <summary>How many events there were.</summary>
    public long Count { get; private set; }

    /// <summary>Counts events.</summary>
    /// <param name="timestampTicks">When they were.</param>
    /// <param name="count">How many: 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    /// <exception cref="OverflowException">All counts together are above 2^63 - 1; nothing is counted.</exception>
    public void Add(long timestampTicks, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var total = checked(Count + count);
        if (Count == 0 && count > 0)
            Begin(timestampTicks);
        AdvanceTo(timestampTicks);
        Count = total;
        _pending += count;
        _buckets[_bucket % Buckets] += count;
    }

    /// <summary>The rates, with the time moved on to now; all are 0 before the first event.</summary>
    /// <param name="nowTicks">The time now.</param>
    public EventRates GetRates(long nowTicks)
    {
        if (Count == 0)
            return default;

        AdvanceTo(nowTicks);
        var sinceStart = Elapsed(_startTicks, _nowTicks);
        var recent = 0L;
        foreach (var bucket in _buckets)
            recent += bucket;
        var covered = Math.Min(sinceStart, ((Buckets - 1) * _bucketTicks) + (sinceStart % _bucketTicks));
        var early = PerSecond(_pending, Elapsed(_weightedTicks, _nowTicks));
        return double.IsNaN(_one)
            ? new EventRates(PerSecond(Count, sinceStart), Windowed(recent, covered), early, early, early)
            : new EventRates(PerSecond(Count, sinceStart), Windowed(recent, covered), _one, _five, _fifteen);
    }

    /// <summary>From one time to a later one; the longest time where it is longer than that.</summary>
    private static long Elapsed(long from, long to)
    {
        var ticks = unchecked(to - from);
        return ticks < 0 ? long.MaxValue : ticks;
    }

    private static double PerSecond(long count, long ticks) => Rate(count, Math.Max(TimeSpan.TicksPerSecond, ticks));

    private static double Rate(long count, long ticks) => count / ((double)ticks / TimeSpan.TicksPerSecond);

    private double Windowed(long count, long ticks) =>
        Rate(count, Math.Max(Math.Min(_bucketTicks, TimeSpan.TicksPerSecond), ticks));

    private static double Weight(int minutes, double intervals) => 1 - Math.Exp(-5.0 * intervals / (60 * minutes));

    private void Begin(long ticks)
    {
        _startTicks = _nowTicks = _weightedTicks = ticks;
        _bucket = 0;
    }

    private void AdvanceTo(long ticks)
    {
        if (Count == 0 || ticks <= _nowTicks)
            return;

        _nowTicks = ticks;
        var bucket = Elapsed(_startTicks, ticks) / _bucketTicks;
        for (var cleared = 0; _bucket < bucket && cleared < Buckets; cleared++)
            _buckets[++_bucket % Buckets] = 0;
        _bucket = bucket;
        var intervals = Elapsed(_weightedTicks, ticks) / TickLength;
        if (intervals == 0)
            return;

        Move(PerSecond(_pending, TickLength), 1);
        if (intervals > 1)
            Move(0, intervals - 1);
        _pending = 0;
        _weightedTicks += intervals * TickLength;
    }

    private void Move(double rate, long intervals)
    {
        if (double.IsNaN(_one))
        {
            _one = _five = _fifteen = rate;
            return;
        }

        _one += Weight(1, intervals) * (rate - _one);
        _five += Weight(5, intervals) * (rate - _five);
        _fifteen += Weight(15, intervals) * (rate - _fifteen);
    }
}
