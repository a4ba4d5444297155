namespace DisruptorStream.Statistics;

/// <summary>Count, mean and variance of values as they come, in O(1) and without keeping them. Can be merged.</summary>
/// <remarks>
/// <para>The differences from the first value and their squares are summed in doubled precision with error-free
/// additions (Ogita, Rump and Oishi, "Accurate sum and dot product", 2005); merging moves one side's sums to the
/// other's origin. However the values are grouped, the result is the same to the last bits, and equal values have a
/// variance of exactly 0.</para>
/// <para>The default value is empty and ready. A mutable struct: keep it in a field, not in a read-only one. One thread
/// at a time. Values beyond 1e154 overflow the squares: the variance is then not finite.</para>
/// </remarks>
public struct OnlineVariance
{
    private double _origin;
    private DoubleDouble _sum;
    private DoubleDouble _squares;

    /// <summary>How many values there are.</summary>
    public long Count { readonly get; private set; }

    /// <summary>The arithmetic mean; NaN without values.</summary>
    public readonly double Mean =>
        Count == 0 ? double.NaN : (new DoubleDouble(_origin, 0) + (_sum / Count)).ToDouble();

    /// <summary>The sample variance, with the divisor n - 1; NaN for fewer than two values.</summary>
    public readonly double Variance => Count < 2 ? double.NaN : Squares() / (Count - 1);

    /// <summary>The population variance, with the divisor n; NaN without values.</summary>
    public readonly double PopulationVariance => Count == 0 ? double.NaN : Squares() / Count;

    /// <summary>The square root of the sample variance; NaN for fewer than two values.</summary>
    public readonly double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>The square root of the population variance; NaN without values.</summary>
    public readonly double PopulationStandardDeviation => Math.Sqrt(PopulationVariance);

    /// <summary>Takes a value in.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public void Add(double value)
    {
        StatisticsGuard.ThrowUnlessFinite(value);
        AddFinite(value);
    }

    /// <summary>Takes all values of another one in.</summary>
    public void Merge(in OnlineVariance other)
    {
        if (other.Count == 0)
            return;

        if (Count == 0)
        {
            this = other;
            return;
        }

        var difference = DoubleDouble.Sum(other._origin, -_origin);
        var moved = difference * new DoubleDouble(other.Count, 0);
        _squares += other._squares + (difference * (other._sum + other._sum + moved));
        _sum += other._sum + moved;
        Count += other.Count;
    }

    /// <summary>Takes a value in that is known to be finite.</summary>
    internal void AddFinite(double value)
    {
        if (Count == 0)
            _origin = value;
        Count++;
        var difference = DoubleDouble.Sum(value, -_origin);
        _sum += difference;
        _squares += difference * difference;
    }

    /// <summary>How far above the mean a value lies, without the rounding of the mean itself.</summary>
    internal readonly double DistanceOf(double value) =>
        (DoubleDouble.Sum(value, -_origin) - (_sum / Count)).ToDouble();

    /// <summary>The sum of the squared differences from the mean.</summary>
    private readonly double Squares() => Math.Max(0, (_squares - (_sum * _sum / Count)).ToDouble());
}
