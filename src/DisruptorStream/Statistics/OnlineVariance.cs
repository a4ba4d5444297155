namespace DisruptorStream.Statistics;

/// <summary>Count, mean and variance of values as they come, in O(1) and without keeping them. Can be merged.</summary>
/// <remarks>
/// <para>The differences from the first value and their squares are summed in doubled precision with error-free
/// additions (Ogita, Rump and Oishi, "Accurate sum and dot product", 2005); merging moves one side's sums to the
/// other's origin. However the values are grouped, the result is the same to the last bits, and equal values have a
/// variance of exactly 0.</para>
/// <para>The default value is empty and ready. A mutable struct: keep it in a field, not in a read-only one. One thread
/// at a time.</para>
/// <para>Values are scaled by a power of two as they come, so a deviation is right for any finite values. A variance
/// that a double cannot hold (deviations beyond 1e154, or below 1e-162) is NaN.</para>
/// </remarks>
public struct OnlineVariance
{
    private double _origin;
    private SpreadSums _sums;

    /// <summary>How many values there are.</summary>
    public long Count { readonly get; private set; }

    /// <summary>The arithmetic mean; NaN without values.</summary>
    public readonly double Mean => Count == 0 ? double.NaN : _sums.Mean(_origin, Count);

    /// <summary>
    /// The sample variance, with the divisor n - 1; NaN for fewer than two values, and where a double cannot hold it.
    /// </summary>
    public readonly double Variance => Count < 2 ? double.NaN : _sums.Variance(Count, Count - 1);

    /// <summary>
    /// The population variance, with the divisor n; NaN without values, and where a double cannot hold it.
    /// </summary>
    public readonly double PopulationVariance => Count == 0 ? double.NaN : _sums.Variance(Count, Count);

    /// <summary>The square root of the sample variance; NaN for fewer than two values.</summary>
    public readonly double StandardDeviation => Count < 2 ? double.NaN : _sums.Deviation(Count, Count - 1);

    /// <summary>The square root of the population variance; NaN without values.</summary>
    public readonly double PopulationStandardDeviation => Count == 0 ? double.NaN : _sums.Deviation(Count, Count);

    /// <summary>Takes a value in.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public void Add(double value)
    {
        StatisticsGuard.ThrowUnlessFinite(value);
        if (Count == 0)
            _origin = value;
        Count++;
        _sums.Add(DoubleDouble.Sum(value, -_origin), value, _origin);
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

        var by = DoubleDouble.Sum(other._origin, -_origin);
        _sums.Merge(other._sums, other.Count, by, other._origin, _origin);
        Count += other.Count;
    }

    /// <summary>
    /// How many sample deviations a value lies above the mean, without the rounding of the mean itself. Where all
    /// values are equal: 0 for one more of them, and infinite for another value.
    /// </summary>
    internal readonly double ScoreOf(double value) =>
        _sums.ScoreOf(DoubleDouble.Sum(value, -_origin), value, _origin, Count);
}
