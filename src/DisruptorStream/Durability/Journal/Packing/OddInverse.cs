namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Exact division by an odd number, as a multiplication.</summary>
/// <remarks>
/// Source: Warren, "Hacker's Delight", second edition, 10-16 and 10-17: a multiple of an odd number, times its inverse,
/// is the quotient; all that is no multiple becomes larger than the largest quotient.
/// </remarks>
internal static class OddInverse
{
    /// <summary>
    /// What times an odd number is 1, modulo 2^64. Newton's iteration doubles the right bits in each step.
    /// </summary>
    public static ulong Of(ulong odd)
    {
        // Right in three bits.
        var inverse = odd;
        for (var bits = 3; bits < PackedColumn.WordBits; bits *= 2)
            inverse *= unchecked(2 - (odd * inverse));
        return inverse;
    }
}
