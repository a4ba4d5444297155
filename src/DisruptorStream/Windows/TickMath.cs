namespace DisruptorStream.Windows;

/// <summary>
/// Whole-number arithmetic on ticks that rounds towards the past, so that negative times are ordinary ones.
/// </summary>
internal static class TickMath
{
    /// <summary>The largest quotient q with q × divisor &lt;= value.</summary>
    /// <param name="value">Any ticks.</param>
    /// <param name="divisor">At least 1.</param>
    public static long FloorDiv(long value, long divisor)
    {
        var (quotient, remainder) = Math.DivRem(value, divisor);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The distance from the multiple of the modulus at or before the value: 0 to modulus − 1.</summary>
    /// <param name="value">Any ticks.</param>
    /// <param name="modulus">At least 1.</param>
    public static long FloorMod(long value, long modulus)
    {
        var remainder = value % modulus;
        return remainder < 0 ? remainder + modulus : remainder;
    }

    /// <summary>The largest number that divides both.</summary>
    /// <param name="left">At least 1.</param>
    /// <param name="right">At least 1.</param>
    public static long GreatestDivisor(long left, long right)
    {
        while (right != 0)
            (left, right) = (right, left % right);
        return left;
    }

    /// <summary>The sum, held at long.MinValue and long.MaxValue.</summary>
    public static long SaturatingAdd(long left, long right)
    {
        var sum = unchecked(left + right);

        // Only operands of one sign can overflow, and then the sum has the other sign.
        if (((left ^ sum) & (right ^ sum)) >= 0)
            return sum;
        return left < 0 ? long.MinValue : long.MaxValue;
    }

    /// <summary>The difference, held at long.MinValue and long.MaxValue.</summary>
    public static long SaturatingSubtract(long left, long right)
    {
        var difference = unchecked(left - right);

        // Only operands of different signs can overflow, and then the difference has the sign of the right one.
        if (((left ^ right) & (left ^ difference)) >= 0)
            return difference;
        return left < 0 ? long.MinValue : long.MaxValue;
    }

    /// <summary>The value, held at long.MinValue and long.MaxValue.</summary>
    public static long Saturate(Int128 value)
    {
        if (value < long.MinValue)
            return long.MinValue;
        return value > long.MaxValue ? long.MaxValue : (long)value;
    }
}
