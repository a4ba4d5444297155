using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Emission.Texts;

/// <summary>Writes integers as decimal digits in UTF-8, eight at a time.</summary>
internal static class IntegerText
{
    /// <summary>The room that a call needs. It may write to all of it, more than the text has.</summary>
    public const int RoomBytes = 32;

    /// <summary>A 0 in each byte.</summary>
    public const ulong Zeros = 0x3030_3030_3030_3030;

    private const ulong TenTo8 = 100_000_000;

    /// <summary>Writes an integer.</summary>
    /// <param name="value">The integer.</param>
    /// <param name="text">Where to; <see cref="RoomBytes"/> of room.</param>
    /// <returns>How many bytes it has.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(long value, ref byte text)
    {
        text = (byte)'-';
        var sign = (int)((ulong)value >> 63);
        var size = value < 0 ? 0UL - (ulong)value : (ulong)value;
        ref var digits = ref Unsafe.Add(ref text, sign);
        return sign + (size < TenTo8 ? WriteFirst((uint)size, ref digits) : WriteLong(size, ref digits));
    }

    /// <summary>The digits of an integer below 10^8, one in each byte, the first in the lowest byte.</summary>
    /// <remarks>Halves, then quarters, then eighths side by side in one register (Paul Khuong, 2017).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong EightDigits(uint value)
    {
        var upper = value / 10_000;
        var fours = upper | ((ulong)(value - (upper * 10_000)) << 32);
        var hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
        var twos = hundreds + ((fours - (100 * hundreds)) << 16);
        var tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
        return tens + ((twos - (10 * tens)) << 8);
    }

    /// <summary>How many of eight digits are left without the zeros at their end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountWithoutZerosBehind(ulong digits) => 8 - (BitOperations.LeadingZeroCount(digits) / 8);

    /// <summary>Eight bytes so that the lowest one comes first in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong InOrder(ulong bytes) =>
        BitConverter.IsLittleEndian ? bytes : BinaryPrimitives.ReverseEndianness(bytes);

    /// <summary>Those without zeros in front.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteFirst(uint value, ref byte text)
    {
        var digits = EightDigits(value);

        // The mark keeps the last digit of a zero.
        var zeroBits = BitOperations.TrailingZeroCount(digits | (1UL << 56)) & ~7;
        Unsafe.WriteUnaligned(ref text, InOrder((digits | Zeros) >> zeroBits));
        return 8 - (zeroBits / 8);
    }

    private static int WriteLong(ulong value, ref byte text)
    {
        var upper = value / TenTo8;
        var written = upper < TenTo8 ? WriteFirst((uint)upper, ref text) : WriteLong(upper, ref text);
        var last = EightDigits((uint)(value - (upper * TenTo8))) | Zeros;
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref text, written), InOrder(last));
        return written + 8;
    }
}
