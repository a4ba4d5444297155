namespace DisruptorStream.Emission.Texts;

/// <summary>The decimal with the fewest digits that is read as a double; of several, the one nearest to it.</summary>
/// <remarks>
/// The algorithm is Schubfach: Raffaello Giulietti, "The Schubfach way to render doubles", 2021. Figures and names of
/// variables are those of the paper: a double is c times 2 to the power of q, and the decimals looked at are the
/// multiples of 10 to the power of k, or of k + 1, in the interval that is rounded to the double.
/// </remarks>
internal static class ShortestDecimal
{
    private const int FractionBits = 52;
    private const int ExponentMask = 0x7FF;
    private const int ExponentBias = 1075;
    private const ulong HiddenBit = 1UL << FractionBits;

    /// <summary>Digits and exponent: the double is about the digits times 10 to the power of the exponent.</summary>
    /// <param name="bits">The bits of a double above zero, finite.</param>
    /// <param name="exponent">The exponent.</param>
    /// <returns>The digits as an integer, 1 to 17; the last ones may be zeros.</returns>
    public static ulong Of(ulong bits, out int exponent)
    {
        var fraction = bits & (HiddenBit - 1);
        var biased = (int)(bits >> FractionBits) & ExponentMask;
        var c = biased == 0 ? fraction : fraction | HiddenBit;
        var q = Math.Max(biased, 1) - ExponentBias;

        // Below a power of two doubles lie closer together.
        var isIrregular = fraction == 0 && biased > 1;
        var outOfEven = c & 1;
        var k = FloorLog10(q, isIrregular);
        var h = q + FloorLog2OfPowerOf10(-k) + 1;
        var high = PowersOfTen.Of(-k, out var low);
        var vb = RoundedToOdd(high, low, (4 * c) << h);
        var lower = RoundedToOdd(high, low, ((4 * c) - (isIrregular ? 1UL : 2UL)) << h) + outOfEven;
        var upper = RoundedToOdd(high, low, ((4 * c) + 2) << h) - outOfEven;

        // Which of these it is, cannot be foreseen: it is computed without a branch.
        var s = vb / 4;
        var isInside = lower <= 4 * s;
        var isNextInside = (4 * s) + 4 <= upper;

        // Both are inside: the nearer one; in the middle, the even one.
        var isNextNearer = vb + (s & 1) > (4 * s) + 2;
        var nearest = s + One(isInside == isNextInside ? isNextNearer : isNextInside);

        // One digit less, if exactly one of the two neighbours is inside.
        var shorter = s / 10;
        var isBelowInside = lower <= 40 * shorter;
        var isAboveInside = (40 * shorter) + 40 <= upper;
        var isShorter = One((isBelowInside != isAboveInside) & (s >= 10));
        exponent = k + (int)isShorter;
        return nearest ^ ((nearest ^ (shorter + One(isAboveInside))) & (0 - isShorter));
    }

    private static ulong One(bool condition) => condition ? 1UL : 0UL;

    /// <summary>Of 2 to the power of q; of three quarters of it, where that is where the interval ends.</summary>
    private static int FloorLog10(int q, bool isIrregular) => ((q * 1_262_611) - (isIrregular ? 524_031 : 0)) >> 22;

    private static int FloorLog2OfPowerOf10(int exponent) => (exponent * 1_741_647) >> 19;

    /// <summary>A product without its lower 128 bits; odd where these are not all zero.</summary>
    private static ulong RoundedToOdd(ulong high, ulong low, ulong factor)
    {
        var carried = Math.BigMul(low, factor, out _);
        var upper = Math.BigMul(high, factor, out var middle);
        middle += carried;
        upper += One(middle < carried);

        // The power of ten is rounded up, so that a 1 may be nothing.
        return upper | One(middle > 1);
    }
}
