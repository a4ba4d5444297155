namespace DisruptorStream.Statistics;

/// <summary>An exponential moving average: by event, or decayed by time.</summary>
/// <remarks>
/// By event it begins with the first value. By time it is the average of all values, each with a weight that halves in
/// the half-life, counted back from the latest one (Cormode, Shkapenyuk, Srivastava and Xu, "Forward decay", 2009):
/// values of one moment weigh the same, and one that comes late weighs what it would by then. O(1), no allocation; one
/// thread at a time.
/// </remarks>
public sealed class ExponentialMovingAverage
{
    // While sums are large, values are added in this unit, so that many of them stay below the largest double.
    private const double LargeUnit = 1d / (1L << 62) / 4;
    private const double LargeSum = 1e200;

    private readonly double _alpha;
    private readonly double _halfLifeTicks;
    private double _sum;
    private double _weight;
    private double _unit = 1;
    private long _lastTicks;

    private ExponentialMovingAverage(double alpha, double halfLifeTicks)
    {
        _alpha = alpha;
        _halfLifeTicks = halfLifeTicks;
    }

    /// <summary>The average; NaN before the first value.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>How many values there were.</summary>
    public long Count { get; private set; }

    /// <summary>Each value moves the average by alpha towards it.</summary>
    /// <param name="alpha">Above 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The alpha is out of its range.</exception>
    public static ExponentialMovingAverage FromAlpha(double alpha) => alpha is > 0 and <= 1
        ? new(alpha, 0)
        : throw new ArgumentOutOfRangeException(
            nameof(alpha), alpha, $"The alpha is above 0 and at most 1; it was {alpha}.");

    /// <summary>As with an alpha of 2 / (span + 1): the average age of a plain average over as many values.</summary>
    /// <param name="span">1 or more values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span is below 1.</exception>
    public static ExponentialMovingAverage FromSpan(double span) => span >= 1 && double.IsFinite(span)
        ? new(2 / (span + 1), 0)
        : throw new ArgumentOutOfRangeException(
            nameof(span), span, $"The span is 1 or more values; it was {span}.");

    /// <summary>What there is loses half of its weight in the half-life, however many values come.</summary>
    /// <param name="halfLife">Above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The half-life is not above zero.</exception>
    public static ExponentialMovingAverage FromHalfLife(TimeSpan halfLife) => halfLife > TimeSpan.Zero
        ? new(0, halfLife.Ticks)
        : throw new ArgumentOutOfRangeException(
            nameof(halfLife), halfLife, $"The half-life is above zero; it was {halfLife}.");

    /// <summary>Takes a value in, for an average by event.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">The average decays by time.</exception>
    public void Add(double value)
    {
        if (_halfLifeTicks > 0)
            throw new InvalidOperationException("This average decays by time; give the value's timestamp as well.");
        Move(value, _alpha);
    }

    /// <summary>Takes a value in.</summary>
    /// <param name="value">A finite number.</param>
    /// <param name="timestampTicks">
    /// When it was, in ticks of 100 ns of any one clock, in any order. An average by event ignores it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public void Add(double value, long timestampTicks)
    {
        if (_halfLifeTicks == 0)
        {
            Move(value, _alpha);
            return;
        }

        StatisticsGuard.ThrowUnlessFinite(value);
        var elapsed = Count++ == 0 ? 0 : (double)timestampTicks - _lastTicks;
        var share = Math.Pow(2, -Math.Abs(elapsed) / _halfLifeTicks);
        if (elapsed < 0)
        {
            AddWeighted(1, share * value);
            _weight += share;
        }
        else
        {
            AddWeighted(share, value);
            _weight = (share * _weight) + 1;
            _lastTicks = timestampTicks;
        }

        // Rounding may carry the average of the largest doubles beyond them.
        Value = Math.Clamp(_sum / _weight / _unit, double.MinValue, double.MaxValue);
    }

    /// <summary>The average after one more value, by event.</summary>
    internal static double Moved(double average, double value, double alpha)
    {
        var moved = average + (alpha * (value - average));

        // The result lies between the two, though their difference may be too large for a double.
        return double.IsFinite(moved) ? moved : ((1 - alpha) * average) + (alpha * value);
    }

    private void Move(double value, double alpha)
    {
        StatisticsGuard.ThrowUnlessFinite(value);
        Value = Count++ == 0 ? value : Moved(Value, value, alpha);
    }

    private void AddWeighted(double share, double value)
    {
        _sum *= share;
        if (_unit != 1 && Math.Abs(_sum) < LargeSum * LargeUnit)
            (_sum, _unit) = (_sum / _unit, 1);
        if (_unit == 1 && double.IsInfinity(_sum + value))
            (_sum, _unit) = (_sum * LargeUnit, LargeUnit);
        _sum += value * _unit;
    }
}
