using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DisruptorStream.Emission.Texts;

/// <summary>Writes doubles in UTF-8 as the framework does, with the fewest digits that give the same double.</summary>
internal static class DoubleText
{
    /// <summary>The room that a call needs. It may write to all of it, more than the text has.</summary>
    public const int RoomBytes = 40;

    // Up to it each integer is a double: its digits are the shortest.
    private const double MostWhole = 1L << 53;

    // With more digits before the point, or more zeros behind it, the text has an exponent.
    private const int MostDigits = 17;
    private const int MostZeros = 3;

    // Decimals of at most 15 digits are different doubles: the one that gives the double is the shortest.
    private const int ScaleDigits = 4;
    private const double Scale = 10_000;
    private const double MostScaled = 1e11;

    private const ulong TenTo8 = 100_000_000;
    private const ulong TenTo16 = TenTo8 * TenTo8;

    private static ReadOnlySpan<ulong> Powers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        TenTo16, 10 * TenTo16,
    ];

    /// <summary>Writes a double.</summary>
    /// <param name="value">Any.</param>
    /// <param name="text">Where to; <see cref="RoomBytes"/> of room.</param>
    /// <returns>How many bytes it has, at most 24.</returns>
    public static int Write(double value, ref byte text)
    {
        if (Math.Abs(value) < MostWhole && (long)value is var whole && whole == value
            && (whole != 0 || !double.IsNegative(value)))
        {
            return IntegerText.Write(whole, ref text);
        }

        if (!double.IsFinite(value) || value == 0)
            return WriteSpecial(value, ref text);
        text = (byte)'-';
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var sign = (int)(bits >> 63);
        ref var unsigned = ref Unsafe.Add(ref text, sign);
        var size = Math.Abs(value);
        var scaled = Math.Round(size * Scale);
        if (size < MostScaled && scaled / Scale == size)
            return sign + Write((ulong)scaled, -ScaleDigits, ref unsigned);
        var digits = ShortestDecimal.Of(bits & (ulong.MaxValue >> 1), out var exponent);
        return sign + Write(digits, exponent, ref unsigned);
    }

    private static int WriteSpecial(double value, ref byte text)
    {
        var special = value == 0 ? "-0"u8
            : double.IsNaN(value) ? "NaN"u8
            : value > 0 ? "Infinity"u8 : "-Infinity"u8;
        special.CopyTo(MemoryMarshal.CreateSpan(ref text, RoomBytes));
        return special.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Write(ulong digits, int exponent, ref byte text)
    {
        // As 17 digits, the first of which is not zero: one, and sixteen in a vector.
        var count = CountOf(digits);
        digits *= Powers[MostDigits - count];
        var first = (uint)(digits / TenTo16);
        digits -= first * TenTo16;
        var upper = (uint)(digits / TenTo8);
        var front = IntegerText.EightDigits(upper);
        var back = IntegerText.EightDigits((uint)(digits - (upper * TenTo8)));
        var significant = back != 0
            ? 9 + IntegerText.CountWithoutZerosBehind(back)
            : 1 + IntegerText.CountWithoutZerosBehind(front);
        var others = Vector128.Create(
            IntegerText.InOrder(front | IntegerText.Zeros), IntegerText.InOrder(back | IntegerText.Zeros)).AsByte();
        var point = count + exponent;
        if (point is > 0 and <= MostDigits)
            return WritePlain(first, others, point, significant, ref text);
        return point is <= 0 and >= -MostZeros
            ? WriteFraction(first, others, -point, significant, ref text)
            : WriteWithExponent(first, others, point - 1, significant, ref text);
    }

    /// <summary>Digits with a point among them, or with zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WritePlain(uint first, Vector128<byte> others, int point, int significant, ref byte text)
    {
        text = (byte)('0' + first);
        if (significant <= point)
        {
            others.StoreUnsafe(ref text, 1);
            return point;
        }

        others.StoreUnsafe(ref text, 2);
        var places = Vector128.CreateSequence((byte)0, (byte)1);
        var ofPoint = Vector128.Create((byte)(point - 1));
        var moved = Vector128.Shuffle(others, places - Vector128<byte>.One);
        var behind = Vector128.ConditionalSelect(Vector128.Equals(places, ofPoint), Vector128.Create((byte)'.'), moved);
        Vector128.ConditionalSelect(Vector128.LessThan(places, ofPoint), others, behind).StoreUnsafe(ref text, 1);
        return 1 + significant;
    }

    /// <summary>As in 0.00123.</summary>
    private static int WriteFraction(uint first, Vector128<byte> others, int zeros, int significant, ref byte text)
    {
        "0.000000"u8.CopyTo(MemoryMarshal.CreateSpan(ref text, RoomBytes));
        ref var digits = ref Unsafe.Add(ref text, 2 + zeros);
        digits = (byte)('0' + first);
        others.StoreUnsafe(ref digits, 1);
        return 2 + zeros + significant;
    }

    /// <summary>As in 1.5E-07.</summary>
    private static int WriteWithExponent(
        uint first, Vector128<byte> others, int exponent, int significant, ref byte text)
    {
        text = (byte)('0' + first);
        Unsafe.Add(ref text, 1) = (byte)'.';
        others.StoreUnsafe(ref text, 2);
        var written = significant == 1 ? 1 : 1 + significant;
        Unsafe.Add(ref text, written++) = (byte)'E';
        Unsafe.Add(ref text, written++) = (byte)(exponent < 0 ? '-' : '+');
        exponent = Math.Abs(exponent);
        if (exponent < 10)
            Unsafe.Add(ref text, written++) = (byte)'0';
        return written + IntegerText.Write(exponent, ref Unsafe.Add(ref text, written));
    }

    private static int CountOf(ulong digits)
    {
        // 1233 / 4096 is a little more than the logarithm of 2.
        var atLeast = (64 - BitOperations.LeadingZeroCount(digits)) * 1233 >> 12;
        return atLeast + (digits >= Powers[atLeast] ? 1 : 0);
    }
}
