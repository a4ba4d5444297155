using System.Numerics;

namespace DisruptorStream.Tests.State.Accumulators.Moments;

/// <summary>The moments of numbers, by integers of any length: only the result is rounded.</summary>
internal sealed class ExactMoments
{
    private const int LowestExponent = -1074;

    private readonly BigInteger _count;
    private readonly BigInteger[] _differences;
    private readonly int _exponent;

    public ExactMoments(IEnumerable<double> values)
        : this([.. values.Select(ToInteger)], LowestExponent)
    {
    }

    public ExactMoments(IEnumerable<long> values)
        : this([.. values.Select(value => (BigInteger)value)], 0)
    {
    }

    private ExactMoments(BigInteger[] values, int exponent)
    {
        var sum = values.Aggregate(BigInteger.Zero, (total, value) => total + value);
        _count = values.Length;
        _exponent = exponent;

        // Each is n times its difference from the mean, in units of 2^exponent.
        _differences = Array.ConvertAll(values, value => (_count * value) - sum);
        Mean = Ratio(sum, _count, exponent);
    }

    public bool HasSpread => !Sum(2).IsZero;

    public double Mean { get; }

    public double Variance => Ratio(Sum(2), _count * _count * (_count - 1), 2 * _exponent);

    public double StandardDeviation =>
        RootOfRatio(Sum(2), _count * _count * (_count - 1), _exponent);

    public double Skewness =>
        Sum(3).Sign * RootOfRatio(_count * Sum(3) * Sum(3), BigInteger.Pow(Sum(2), 3), 0);

    public double Kurtosis => Ratio(_count * Sum(4), Sum(2) * Sum(2), 0) - 3;

    /// <summary>The score of the last number.</summary>
    public double ZScore => _differences[^1].Sign
        * RootOfRatio(_differences[^1] * _differences[^1] * (_count - 1), Sum(2), 0);

    private static BigInteger ToInteger(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = bits & ((1L << 52) - 1);
        if (exponent > 0)
            mantissa = (mantissa + (1L << 52)) << (exponent - 1);
        return value < 0 ? -mantissa : mantissa;
    }

    private static double Ratio(BigInteger dividend, BigInteger divisor, int exponent)
    {
        if (divisor.IsZero)
            return double.NaN;
        var (mantissa, shift) = Divide(dividend, divisor);
        return Math.ScaleB((double)mantissa, shift + exponent);
    }

    /// <summary>The root of a ratio, times 2^exponent.</summary>
    private static double RootOfRatio(BigInteger dividend, BigInteger divisor, int exponent)
    {
        if (divisor.IsZero)
            return double.NaN;
        var (mantissa, shift) = Divide(dividend, divisor);
        if (shift % 2 != 0)
            (mantissa, shift) = (mantissa << 1, shift - 1);
        return Math.ScaleB(Math.Sqrt((double)mantissa), (shift / 2) + exponent);
    }

    /// <summary>A quotient of 100 bits or so, and the power of two that it counts.</summary>
    private static (BigInteger Mantissa, int Shift) Divide(BigInteger dividend, BigInteger divisor)
    {
        var shift = 100 + (int)divisor.GetBitLength() - (int)dividend.GetBitLength();
        return shift > 0 ? ((dividend << shift) / divisor, -shift) : (dividend / (divisor << -shift), -shift);
    }

    private BigInteger Sum(int power) =>
        _differences.Aggregate(BigInteger.Zero, (total, difference) => total + BigInteger.Pow(difference, power));
}
