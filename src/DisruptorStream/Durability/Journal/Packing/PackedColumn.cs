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

    // 5^27 is the highest power below 2^63.
    private const int MostFives = 27;

    /// <summary>What the bits are.</summary>
    public ColumnForm Form;

    /// <summary>For each value.</summary>
    public byte Bits;

    /// <summary>Of <see cref="ColumnForm.Multiples"/>: how often the unit can be halved.</summary>
    public byte Twos;

    /// <summary>Of <see cref="ColumnForm.Multiples"/>: how often the unit can be divided by five then.</summary>
    public byte Fives;

    /// <summary>Of <see cref="ColumnForm.Choices"/>, how many; they lie before the bits, 4 bytes each.</summary>
    public int Choices;

    /// <summary>The lowest value.</summary>
    public long Base;

    /// <summary>The column that holds values between two.</summary>
    public static PackedColumn Between(ColumnForm form, long lowest, long highest) => new()
    {
        Form = form,
        Base = lowest,
        Bits = BitsOf(unchecked((ulong)highest - (ulong)lowest)),
    };

    /// <summary>The column that holds values between two, all of which are whole units above the lowest.</summary>
    /// <param name="lowest">One of them.</param>
    /// <param name="highest">Another one.</param>
    /// <param name="twos">The unit is 2 so often times itself,</param>
    /// <param name="fives">and 5 so often times itself.</param>
    public static PackedColumn OfMultiples(long lowest, long highest, int twos, int fives)
    {
        if (twos + fives == 0 || lowest == highest)
            return Between(ColumnForm.Integers, lowest, highest);
        return new PackedColumn
        {
            Form = ColumnForm.Multiples,
            Base = lowest,
            Bits = BitsOf((unchecked((ulong)highest - (ulong)lowest) >> twos) / PowerOfFive(fives)),
            Twos = (byte)twos,
            Fives = (byte)fives,
        };
    }

    /// <summary>The bytes of the choices, a multiple of 8.</summary>
    public readonly long ChoiceBytes => (Choices + 1L) / 2 * sizeof(ulong);

    /// <summary>What one of the bits' numbers stands for.</summary>
    public readonly ulong Unit => PowerOfFive(Fives) << Twos;

    /// <summary>Whether the header is one of a column of integers: of 64 bits, of doubles, or of neither.</summary>
    public readonly bool IsOfNumbers => Bits <= WordBits && Choices == 0 && Form switch
    {
        ColumnForm.Integers or ColumnForm.WholeDoubles => Twos == 0 && Fives == 0,
        ColumnForm.Multiples => Twos < WordBits && Fives <= MostFives,
        _ => false,
    };

    public static ulong PowerOfFive(int exponent)
    {
        var power = 1UL;
        for (var index = 0; index < exponent; index++)
            power *= 5;
        return power;
    }

    /// <summary>All bytes of the column, a multiple of 8.</summary>
    public readonly long BytesFor(int count) => HeaderBytes + ChoiceBytes + BitBytes(count);

    private static byte BitsOf(ulong most) => (byte)(WordBits - BitOperations.LeadingZeroCount(most));

    private readonly long BitBytes(int count) =>
        Bits == 0 ? 0 : ((((long)count * Bits) + WordBits - 1) / WordBits * sizeof(ulong)) + sizeof(ulong);
}
