using System.Numerics;
using System.Runtime.InteropServices;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>What stands before the bits of a column.</summary>
/// <remarks>
/// The bits follow, the first value in the lowest ones, in words of 8 bytes and one word more; none where all values
/// are the base.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = HeaderBytes)]
internal unsafe struct PackedColumn
{
    public const int HeaderBytes = 16;
    public const int WordBits = 64;

    /// <summary>What the bits are.</summary>
    public ColumnForm Form;

    /// <summary>For each value.</summary>
    public byte Bits;

    public ushort Zero;

    /// <summary>Of <see cref="ColumnForm.Choices"/>, how many; they lie before the bits, 4 bytes each.</summary>
    public int Choices;

    /// <summary>The lowest value.</summary>
    public long Base;

    /// <summary>The column that holds values between two.</summary>
    public static PackedColumn Between(ColumnForm form, long lowest, long highest) => new()
    {
        Form = form,
        Base = lowest,
        Bits = (byte)(WordBits - BitOperations.LeadingZeroCount(unchecked((ulong)highest - (ulong)lowest))),
    };

    /// <summary>The bytes of the choices, a multiple of 8.</summary>
    public readonly long ChoiceBytes => (Choices + 1L) / 2 * sizeof(ulong);

    /// <summary>All bytes of the column, a multiple of 8.</summary>
    public readonly long BytesFor(int count) => HeaderBytes + ChoiceBytes + BitBytes(count);

    /// <summary>Packs the values of a column.</summary>
    public readonly void Pack<TValue>(byte* from, nint strideBytes, int count, ulong* to)
        where TValue : struct, IColumnValue
    {
        if (Bits == 0)
            return;
        var word = 0UL;
        var filled = 0;
        for (var index = 0; index < count; index++, from += strideBytes)
        {
            var value = unchecked((ulong)TValue.Read(from) - (ulong)Base);
            word |= value << filled;
            filled += Bits;
            if (filled < WordBits)
                continue;
            *to++ = word;
            filled -= WordBits;
            word = filled == 0 ? 0 : value >> (Bits - filled);
        }

        *to++ = word;
        if (filled > 0)
            *to = 0;
    }

    /// <summary>Unpacks the values of a column.</summary>
    public readonly void Unpack<TValue>(ulong* from, int count, byte* to, nint strideBytes)
        where TValue : struct, IColumnValue
    {
        var mask = Bits == WordBits ? ulong.MaxValue : (1UL << Bits) - 1;
        var bit = 0L;
        for (var index = 0; index < count; index++, bit += Bits, to += strideBytes)
            TValue.Write(to, unchecked((long)(ReadBits(from, bit, mask) + (ulong)Base)));
    }

    /// <summary>The value that begins at a bit.</summary>
    public readonly ulong ReadBits(ulong* from, long bit, ulong mask)
    {
        if (Bits == 0)
            return 0;
        var word = from + (bit / WordBits);
        var shift = (int)(bit % WordBits);
        // The word behind is always there; where nothing is taken of it, it is shifted out.
        var low = word[0] >> shift;
        var high = (word[1] << 1) << (WordBits - 1 - shift);
        return (low | high) & mask;
    }

    private readonly long BitBytes(int count) =>
        Bits == 0 ? 0 : ((((long)count * Bits) + WordBits - 1) / WordBits * sizeof(ulong)) + sizeof(ulong);
}
