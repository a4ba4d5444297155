using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Cli.Input.Rows;

/// <summary>Reads short numbers eight digits at a time, to the same values as the class library.</summary>
/// <remarks>
/// A decimal number of at most 15 digits is the quotient of two integers that doubles can be, and so its division
/// rounds once, as reading it exactly does (Clinger, How to Read Floating Point Numbers Accurately, 1990).
/// </remarks>
internal static unsafe class ShortNumber
{
    /// <summary>The most digits that are read.</summary>
    public const int MostDigits = 16;

    private const int WordDigits = 8;
    private const int MostExactDigits = 15;
    private const ulong Zeros = 0x3030303030303030;
    private const ulong Points = 0x2E2E2E2E2E2E2E2E;
    private const ulong LowBits = 0x0101010101010101;
    private const ulong HighBits = 0x8080808080808080;
    private const ulong HighNibbles = 0xF0F0F0F0F0F0F0F0;
    private const ulong BeyondNine = 0x0606060606060606;

    private static readonly double[] Powers =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads digits and nothing else.</summary>
    /// <param name="text">The first one; <see cref="PaddedBytes.Padding"/> bytes before it may be read.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="value">Their value.</param>
    /// <returns>False where they are none, too many, or no digits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDigits(byte* text, int length, out long value)
    {
        value = 0;
        if ((uint)(length - 1) >= MostDigits)
            return false;
        var last = LastOf(text, length);
        if (!AreDigits(last))
            return false;
        value = (long)ValueOf(last);
        if (length <= WordDigits)
            return true;
        var first = LastOf(text, length - WordDigits);
        value += (long)ValueOf(first) * 100_000_000;
        return AreDigits(first);
    }

    /// <summary>Reads a number that has a point between its digits or at an end of them, and maybe a minus.</summary>
    /// <param name="text">The first byte; <see cref="PaddedBytes.Padding"/> bytes before it may be read.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="value">The number.</param>
    /// <returns>False where it is written in another way, or longer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDecimal(byte* text, int length, out double value)
    {
        value = 0;
        var isNegative = length > 0 && *text == '-';
        if (isNegative)
        {
            text++;
            length--;
        }

        // A digit and the point at least.
        if ((uint)(length - 2) > MostExactDigits - 1)
            return false;
        long digits;
        int fraction;
        if (length <= WordDigits)
        {
            var word = LastOf(text, length);
            var points = word ^ Points;
            points = (points - LowBits) & ~points & HighBits;
            if (points == 0)
                return false;
            var shift = BitOperations.TrailingZeroCount(points) & ~7;
            fraction = WordDigits - 1 - (shift >> 3);

            // What is before the point moves up to its place.
            var before = word & ((1UL << shift) - 1);
            var behind = word >> shift >> 8 << 8 << shift;
            word = behind | (before << 8) | '0';
            if (!AreDigits(word))
                return false;
            digits = (long)ValueOf(word);
        }
        else if (!TryLong(text, length, out digits, out fraction))
        {
            return false;
        }

        value = digits / Powers[fraction];
        if (isNegative)
            value = -value;
        return true;
    }

    private static bool TryLong(byte* text, int length, out long digits, out int fraction)
    {
        var point = new ReadOnlySpan<byte>(text, length).IndexOf((byte)'.');
        fraction = length - 1 - point;
        digits = 0;
        long before = 0, behind = 0;
        if (point < 0
            || (point > 0 && !TryDigits(text, point, out before))
            || (fraction > 0 && !TryDigits(text + point + 1, fraction, out behind)))
        {
            return false;
        }

        digits = (before * (long)Powers[fraction]) + behind;
        return true;
    }

    /// <summary>
    /// The last bytes, eight at most, the first of them lowest; zeros are before them where there are fewer.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LastOf(byte* text, int length)
    {
        var word = Unsafe.ReadUnaligned<ulong>(text + length - WordDigits);
        if (!BitConverter.IsLittleEndian)
            word = BinaryPrimitives.ReverseEndianness(word);
        if (length >= WordDigits)
            return word;
        var gap = (WordDigits - length) * 8;
        return (word >> gap << gap) | (Zeros >> (length * 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreDigits(ulong word) =>
        ((word & HighNibbles) | (((word + BeyondNine) & HighNibbles) >> 4)) == 0x3333333333333333;

    /// <summary>The value of eight digits, the first of them lowest: pairs, then fours, then all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ValueOf(ulong word)
    {
        word &= 0x0F0F0F0F0F0F0F0F;
        word = (word * 2561) >> 8;
        word = ((word & 0x00FF00FF00FF00FF) * 6_553_601) >> 16;
        return ((word & 0x0000FFFF0000FFFF) * 42_949_672_960_001) >> 32;
    }
}
