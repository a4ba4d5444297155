using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>
/// Puts small numbers together into larger ones, and takes them apart again, four at a time: then there are fewer to
/// write or to read one by one.
/// </summary>
internal static unsafe class BitFolding
{
    private const int Lanes = 4;
    private const byte Interleaved = 0b11_01_10_00;

    /// <summary>How often numbers of so many bits can be put together in pairs.</summary>
    /// <param name="bits">Of one, 1 or more.</param>
    /// <param name="most">The most bits of what they become.</param>
    public static int LevelsOf(int bits, int most) => bits > most ? 0 : BitOperations.Log2((uint)(most / bits));

    /// <summary>Each two numbers become one, the first in the low bits; in place.</summary>
    /// <param name="numbers">The numbers: half as many when it is done.</param>
    /// <param name="count">How many, even.</param>
    /// <param name="bits">Of each.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fold(ulong* numbers, int count, int bits)
    {
        var done = 0;
        for (; Avx2.IsSupported && done + (2 * Lanes) <= count; done += 2 * Lanes)
        {
            var a = Vector256.Load(numbers + done);
            var b = Vector256.Load(numbers + done + Lanes);

            // 0, 4, 2, 6 and 1, 5, 3, 7.
            var folded = Avx2.UnpackLow(a, b) | (Avx2.UnpackHigh(a, b) << bits);
            Avx2.Permute4x64(folded, Interleaved).Store(numbers + (done / 2));
        }

        for (; done < count; done += 2)
            numbers[done / 2] = numbers[done] | (numbers[done + 1] << bits);
    }

    /// <summary>Each number becomes two, the first of its low bits; in place, from the last one on.</summary>
    /// <param name="numbers">The numbers: twice as many when it is done.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="bits">Of each when it is done.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Unfold(ulong* numbers, int count, int bits)
    {
        var mask = (1UL << bits) - 1;
        var left = count;
        for (; left > 0 && (left % Lanes != 0 || !Avx2.IsSupported); left--)
        {
            var number = numbers[left - 1];
            numbers[(2 * left) - 2] = number & mask;
            numbers[(2 * left) - 1] = number >> bits;
        }

        for (var masks = Vector256.Create(mask); left > 0; left -= Lanes)
        {
            var both = Avx2.Permute4x64(Vector256.Load(numbers + left - Lanes), Interleaved);
            var (low, high) = (both & masks, both >> bits);
            Avx2.UnpackLow(low, high).Store(numbers + (2 * left) - (2 * Lanes));
            Avx2.UnpackHigh(low, high).Store(numbers + (2 * left) - Lanes);
        }
    }
}
