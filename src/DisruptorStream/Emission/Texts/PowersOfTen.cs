using System.Numerics;

namespace DisruptorStream.Emission.Texts;

/// <summary>Powers of ten, in 128 bits.</summary>
internal static class PowersOfTen
{
    private const int Least = -292;
    private const int Most = 324;
    private const int Bits = 128;

    // Two words for each power, the upper one first.
    private static readonly ulong[] Words = Made();

    /// <summary>
    /// The least integer not below 10 to the power of the exponent, times the power of two that makes it one of 128
    /// bits.
    /// </summary>
    /// <param name="exponent">-292 to 324, as the shortest decimals of doubles need.</param>
    /// <param name="low">Its lower 64 bits.</param>
    /// <returns>Its upper 64 bits.</returns>
    public static ulong Of(int exponent, out ulong low)
    {
        var place = 2 * (exponent - Least);
        low = Words[place + 1];
        return Words[place];
    }

    private static ulong[] Made()
    {
        var words = new ulong[2 * (Most - Least + 1)];
        var power = BigInteger.One;
        for (var exponent = 0; exponent <= Most; exponent++, power *= 10)
        {
            Put(words, exponent, Normalized(power, BigInteger.One));
            if (exponent > 0 && -exponent >= Least)
                Put(words, -exponent, Normalized(BigInteger.One << (int)(power.GetBitLength() + Bits), power));
        }

        return words;
    }

    private static void Put(ulong[] words, int exponent, BigInteger value)
    {
        var place = 2 * (exponent - Least);
        words[place] = (ulong)(value >> 64);
        words[place + 1] = (ulong)(value & ulong.MaxValue);
    }

    /// <summary>A quotient, scaled to 128 bits and rounded up.</summary>
    private static BigInteger Normalized(BigInteger above, BigInteger below)
    {
        var shift = Bits - (int)(above / below).GetBitLength();
        if (shift > 0)
            above <<= shift;
        else
            below <<= -shift;
        var quotient = BigInteger.DivRem(above, below, out var rest);
        return rest.IsZero ? quotient : quotient + 1;
    }
}
