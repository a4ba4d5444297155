namespace DisruptorStream.State.Memory;

/// <summary>How many keys a table held, and over what range of ids; tells the next table how to begin.</summary>
/// <param name="Count">The number of keys.</param>
/// <param name="KeyRange">The highest id plus one.</param>
internal readonly record struct Population(int Count, int KeyRange)
{
    private const int SmallRange = 4096;
    private const int KeysApart = 8;

    /// <summary>
    /// True when a directory over all ids costs less than a hash of the keys: at least every eighth is there.
    /// </summary>
    public bool SuitsDirectory => KeyRange <= SmallRange || (long)Count * KeysApart >= KeyRange;

    /// <summary>True when the range is so small that the directory is always the choice.</summary>
    public bool IsSmall => KeyRange <= SmallRange;
}
