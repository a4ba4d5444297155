namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Doubles that are whole numbers.</summary>
internal static unsafe class WholeDouble
{
    /// <summary>The number, where it comes back bit for bit: no fraction, not -0, not too large.</summary>
    public static bool TryRead(long bits, out long number)
    {
        number = (long)BitConverter.Int64BitsToDouble(bits);
        return BitConverter.DoubleToInt64Bits(number) == bits;
    }

    /// <summary>The differences of whole numbers to the lowest of them.</summary>
    /// <param name="from">The first double.</param>
    /// <param name="stride">The words from one to the next.</param>
    /// <param name="count">How many.</param>
    /// <param name="lowest">What the numbers are more than.</param>
    /// <param name="numbers">Where they go.</param>
    public static void Read(long* from, int stride, int count, long lowest, ulong* numbers)
    {
        for (var index = 0; index < count; index++, from += stride)
            numbers[index] = unchecked((ulong)((long)*(double*)from - lowest));
    }

    /// <summary>Makes doubles of the numbers of a column, where they were doubles.</summary>
    /// <param name="column">Whether they were.</param>
    /// <param name="at">The first number.</param>
    /// <param name="stride">The words from one to the next.</param>
    /// <param name="count">How many.</param>
    public static void Restore(in PackedColumn column, long* at, int stride, int count)
    {
        if (column.Form != ColumnForm.WholeDoubles)
            return;
        for (var index = 0; index < count; index++, at += stride)
            *(double*)at = *at;
    }
}
