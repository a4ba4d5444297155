namespace DisruptorStream.Statistics;

/// <summary>A number as the unevaluated sum of two doubles: some 106 bits.</summary>
/// <remarks>
/// Dekker (1971), with the error-free sum of Knuth and the product by fused multiply-add as in Ogita, Rump and Oishi,
/// "Accurate sum and dot product" (2005).
/// </remarks>
internal readonly record struct DoubleDouble(double High, double Low)
{
    public static DoubleDouble operator +(DoubleDouble left, DoubleDouble right)
    {
        var sum = Sum(left.High, right.High);
        return Normalize(sum.High, sum.Low + (left.Low + right.Low));
    }

    public static DoubleDouble operator -(DoubleDouble left, DoubleDouble right) =>
        left + new DoubleDouble(-right.High, -right.Low);

    public static DoubleDouble operator *(DoubleDouble left, DoubleDouble right)
    {
        var product = left.High * right.High;
        var error = Math.FusedMultiplyAdd(left.High, right.High, -product);
        return Normalize(product, error + ((left.High * right.Low) + (left.Low * right.High)));
    }

    public static DoubleDouble operator *(double left, DoubleDouble right) => new DoubleDouble(left, 0) * right;

    public static DoubleDouble operator /(DoubleDouble left, double right)
    {
        var quotient = left.High / right;
        var rest = Math.FusedMultiplyAdd(-quotient, right, left.High) + left.Low;
        return Normalize(quotient, rest / right);
    }

    /// <summary>The sum of two doubles, without an error.</summary>
    public static DoubleDouble Sum(double left, double right)
    {
        var sum = left + right;
        var part = sum - left;
        return new DoubleDouble(sum, (left - (sum - part)) + (right - part));
    }

    /// <summary>The difference of two integers, without an error.</summary>
    public static DoubleDouble Difference(long left, long right)
    {
        // Of the upper and of the lower 32 bits each: a double holds both.
        const double UpperUnit = 1L << 32;
        return Sum(((left >> 32) - (right >> 32)) * UpperUnit, (long)(uint)left - (uint)right);
    }

    /// <summary>The product with a power of two.</summary>
    public DoubleDouble Scale(double powerOfTwo) => new(High * powerOfTwo, Low * powerOfTwo);

    /// <summary>The product with 2^exponent, also where a double does not hold that.</summary>
    public DoubleDouble ScaleB(int exponent) =>
        exponent == 0 ? this : new(Math.ScaleB(High, exponent), Math.ScaleB(Low, exponent));

    public double ToDouble() => High + Low;

    private static DoubleDouble Normalize(double high, double low)
    {
        var sum = high + low;
        return new DoubleDouble(sum, low - (sum - high));
    }
}
