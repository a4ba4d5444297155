using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.Statistics;

/// <summary>
/// The power of two by which differences are divided before their powers are summed, so that neither overflows nor
/// underflows.
/// </summary>
/// <remarks>
/// The default value is not set yet and holds zero alone; the first other difference sets it. It grows when a
/// difference is 2^200 times as large: what the sums then lose is too small to count beside that difference, because
/// its own powers stay in the sums about the mean. A power of two changes no digit, so where nothing is extreme the
/// results are those without a scale.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct MagnitudeScale
{
    private const int MaxExponent = 1000;
    private const int HeadroomExponent = 200;
    private const double Quarter = 0.25;

    private double _factor;
    private double _limit;

    /// <summary>Whether a difference can be taken in as the scale is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Holds(DoubleDouble difference) => Math.Abs(difference.High) <= _limit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly DoubleDouble Apply(DoubleDouble difference) => difference.Scale(_factor);

    /// <summary>Grows for a difference that it does not hold; returns that difference, scaled.</summary>
    /// <param name="difference">The value less the origin; infinite where a double does not hold it.</param>
    /// <param name="value">The value.</param>
    /// <param name="origin">What it is compared with.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public DoubleDouble Grow(DoubleDouble difference, double value, double origin)
    {
        var isInfinite = double.IsInfinity(difference.High);
        if (isInfinite)
            difference = DoubleDouble.Sum(value * Quarter, -origin * Quarter);
        var exponent = Math.Clamp(Math.ILogB(difference.High), -MaxExponent, MaxExponent);
        var factor = Math.ScaleB(1, -exponent);
        if (_limit == 0 || factor < _factor)
        {
            _factor = factor;
            _limit = Math.Min(Math.ScaleB(1, exponent + HeadroomExponent), double.MaxValue);
        }

        return difference.Scale(isInfinite ? _factor / Quarter : _factor);
    }

    /// <summary>The one that holds what either does.</summary>
    public static MagnitudeScale Larger(MagnitudeScale left, MagnitudeScale right) =>
        right._limit == 0 || (left._limit != 0 && left._factor <= right._factor) ? left : right;

    /// <summary>By what power of two a difference that was scaled by this one has to be multiplied for another.</summary>
    public readonly int ExponentTo(MagnitudeScale other) =>
        _limit == 0 || _factor == other._factor ? 0 : Math.ILogB(other._factor) - Math.ILogB(_factor);

    /// <summary>A scaled difference as it was; not finite where a double does not hold it.</summary>
    public readonly DoubleDouble Restore(DoubleDouble scaled) => _limit == 0 ? default : scaled.Scale(1 / _factor);

    /// <summary>A scaled deviation as it was; NaN where a double does not hold it.</summary>
    public readonly double RestoreDeviation(double scaled) => scaled == 0 ? 0 : Held(scaled / _factor);

    /// <summary>A scaled variance as it was; NaN where a double does not hold it.</summary>
    public readonly double RestoreVariance(double scaled) => scaled == 0 ? 0 : Held(scaled / _factor / _factor);

    private static double Held(double value) => value == 0 || double.IsInfinity(value) ? double.NaN : value;
}
