using System.Runtime.CompilerServices;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Reads numbers of so many bits that lie one behind the other, the first in the lowest bits.</summary>
internal static unsafe class BitReader
{
    // Of a number that begins anywhere in a byte, so many bits are in the eight bytes from there.
    private const int MostBitsAtOnce = 57;

    /// <param name="from">Words of 8 bytes: as many as the bits need, and one more.</param>
    /// <param name="bit">Where the first number begins.</param>
    /// <param name="bits">Of a number, 0 to 64.</param>
    /// <param name="numbers">Where they go.</param>
    /// <param name="count">How many.</param>
    public static void Read(byte* from, long bit, int bits, ulong* numbers, int count)
    {
        if (bits == 0)
        {
            new Span<ulong>(numbers, count).Clear();
            return;
        }

        var levels = BitFolding.LevelsOf(bits, MostBitsAtOnce);
        var folded = count >> levels;
        var whole = folded << levels;
        ReadOnes(from, bit, bits << levels, numbers, folded);
        for (var level = levels; level > 0; level--, folded *= 2)
            BitFolding.Unfold(numbers, folded, bits << (level - 1));
        ReadOnes(from, bit + ((long)whole * bits), bits, numbers + whole, count - whole);
    }

    // Each loop has a method and its registers of its own: that is worth a call for each block.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadOnes(byte* from, long bit, int bits, ulong* numbers, int count)
    {
        var mask = bits == PackedColumn.WordBits ? ulong.MaxValue : (1UL << bits) - 1;
        if (bits > MostBitsAtOnce)
        {
            for (var index = 0; index < count; index++, bit += bits)
                numbers[index] = ReadWide((ulong*)from, bit) & mask;
            return;
        }

        for (var index = 0; index < count; index++, bit += bits)
            numbers[index] = (*(ulong*)(from + (bit >> 3)) >> (int)(bit & 7)) & mask;
    }

    private static ulong ReadWide(ulong* from, long bit)
    {
        var word = from + (bit / PackedColumn.WordBits);
        var shift = (int)(bit % PackedColumn.WordBits);

        // The word behind is always there; where nothing is taken of it, it is shifted out.
        return (word[0] >> shift) | ((word[1] << 1) << (PackedColumn.WordBits - 1 - shift));
    }
}
