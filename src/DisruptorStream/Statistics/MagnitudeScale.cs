using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.Statistics;

/// <summary>
/// The power of two by which differences are divided before their powers are summed, so that neither overflows nor
/// underflows: 1 for all but extreme ones, which then cost a comparison alone.
/// </summary>
/// <remarks>
/// The default value is not set yet and takes zero alone; the first other difference sets it. It grows when a
/// difference is 2^200 times as large: what the sums then lose is too small to count beside that difference, because
/// its own powers stay in the sums about the mean. A power of two changes no digit.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct MagnitudeScale
{
    private const int MaxExponent = 1000;
    private const int HeadroomExponent = 200;
    private const int PlainExponent = 100;

    // 2^200, as four times 2^50.
    private const double PlainLimit = (double)(1L << 50) * (1L << 50) * (1L << 50) * (1L << 50);
    private const double Quarter = 0.25;
    private const double LeastPlainOrigin = 1d / (1L << 40);
    private const double MostPlainOrigin = 1e30;

    private double _factor;
    private double _plainLimit;

    /// <summary>
    /// The scale for the values after a first one. Two doubles differ by 2^-53 of the larger one at least, so from an
    /// ordinary value no other is at a distance that needs a scale but for one that is very large.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MagnitudeScale From(double origin) => Math.Abs(origin) is >= LeastPlainOrigin and <= MostPlainOrigin
        ? new MagnitudeScale { _factor = 1, _plainLimit = PlainLimit }
        : default;

    /// <summary>Whether a difference is summed as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsPlain(DoubleDouble difference) => Math.Abs(difference.High) <= _plainLimit;

    /// <summary>Scales a difference that is not summed as it is; grows where it has to.</summary>
    /// <param name="difference">The value less the origin; infinite where a double does not hold it.</param>
    /// <param name="value">The value.</param>
    /// <param name="origin">What it is compared with.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public DoubleDouble Scale(DoubleDouble difference, double value, double origin)
    {
        var isInfinite = double.IsInfinity(difference.High);
        if (isInfinite)
            difference = DoubleDouble.Sum(value * Quarter, -origin * Quarter);
        if (difference.High == 0)
            return difference;
        var exponent = Math.Clamp(Math.ILogB(difference.High), -MaxExponent, MaxExponent);
        if (_factor == 0 || exponent > HeadroomExponent - Math.ILogB(_factor))
            Set(Math.Abs(exponent) <= PlainExponent ? 0 : exponent);
        return difference.Scale(isInfinite ? _factor / Quarter : _factor);
    }

    /// <summary>The one that holds what either does.</summary>
    public static MagnitudeScale Larger(MagnitudeScale left, MagnitudeScale right) =>
        right._factor == 0 || (left._factor != 0 && left._factor <= right._factor) ? left : right;

    /// <summary>The power of two that turns a difference in this scale into one in another.</summary>
    public readonly int ExponentTo(MagnitudeScale other) =>
        _factor == 0 || _factor == other._factor ? 0 : Math.ILogB(other._factor) - Math.ILogB(_factor);

    /// <summary>A scaled difference as it was; not finite where a double does not hold it.</summary>
    public readonly DoubleDouble Restore(DoubleDouble scaled) => _factor == 0 ? default : scaled.Scale(1 / _factor);

    /// <summary>A scaled deviation as it was; NaN where a double does not hold it.</summary>
    public readonly double RestoreDeviation(double scaled) => scaled == 0 ? 0 : Held(scaled / _factor);

    /// <summary>A scaled variance as it was; NaN where a double does not hold it.</summary>
    public readonly double RestoreVariance(double scaled) => scaled == 0 ? 0 : Held(scaled / _factor / _factor);

    private static double Held(double value) => value == 0 || double.IsInfinity(value) ? double.NaN : value;

    private void Set(int exponent)
    {
        _factor = Math.ScaleB(1, -exponent);
        _plainLimit = exponent == 0 ? PlainLimit : 0;
    }
}
