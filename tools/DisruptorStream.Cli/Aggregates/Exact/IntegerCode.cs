namespace DisruptorStream.Cli.Aggregates.Exact;

/// <summary>
/// What a cell says of its digits, in the 64 bits of a measure: an integer, a number that is none, or nothing.
/// </summary>
/// <remarks>
/// A double keeps 53 bits, so each column whose digits are shown has this beside its double. All 64-bit integers but
/// two odd ones have a code; those two count as numbers that are no integers.
/// </remarks>
internal static class IntegerCode
{
    /// <summary>There is no number; the engine leaves it out.</summary>
    public const long Missing = 0;

    /// <summary>A number that is no 64-bit integer.</summary>
    public const long Fraction = 1;

    // The integers that would be Missing and Fraction are this one and the next.
    private const long Origin = -6_917_529_027_641_081_857;

    public static long Of(long integer)
    {
        var code = unchecked(integer - Origin);
        return code is Missing or Fraction ? Fraction : code;
    }

    /// <summary>The code of a double.</summary>
    public static long Of(double value)
    {
        const double Beyond = 9_223_372_036_854_775_808;
        if (!double.IsFinite(value))
            return Missing;
        return value == Math.Floor(value) && value is >= -Beyond and < Beyond ? Of((long)value) : Fraction;
    }

    public static bool IsInteger(long code, out long integer)
    {
        integer = unchecked(code + Origin);
        return code is not (Missing or Fraction);
    }
}
