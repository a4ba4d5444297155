namespace DisruptorStream.State.Memory;

/// <summary>How many keys a table held, and over what range of ids; tells the next table how to begin.</summary>
/// <param name="Count">The number of keys.</param>
/// <param name="KeyRange">The highest id plus one.</param>
internal readonly record struct Population(int Count, int KeyRange)
{
    private const long SmallBytes = 128 * 1024;
    private const int KeysApart = 8;

    /// <summary>
    /// True when records by id cost less than a hash of the keys: at least every eighth is there, or all of the range
    /// takes little memory.
    /// </summary>
    public bool SuitsIndex(int recordBytes) =>
        (long)Count * KeysApart >= KeyRange || (long)KeyRange * recordBytes <= SmallBytes;
}
