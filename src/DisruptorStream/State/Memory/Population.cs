namespace DisruptorStream.State.Memory;

/// <summary>How many keys a table held, and over what range of ids; tells the next table how to begin.</summary>
/// <param name="Count">The number of keys.</param>
/// <param name="KeyRange">The highest id plus one.</param>
internal readonly record struct Population(int Count, int KeyRange)
{
    private const long SmallBytes = 128 * 1024;
    private const int KeysApart = 8;

    /// <summary>True when at least every eighth id of the range is there.</summary>
    public bool IsDense => (long)Count * KeysApart >= KeyRange;

    /// <summary>True when records for all of the range would take little memory.</summary>
    public bool IsSmall(int recordBytes) => (long)KeyRange * recordBytes <= SmallBytes;
}
