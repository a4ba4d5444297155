namespace DisruptorStream.Ingest.Keys;

/// <summary>
/// Where a key was found outside of any claim. It may be retired by the time of the claim: see
/// <see cref="KeyTable{TKey}.Keep"/>.
/// </summary>
internal readonly struct SeenKey
{
    private readonly int _idPlusOne;

    /// <param name="id">The id; below 0 for a key that was not found.</param>
    /// <param name="word">The word of its entry when the key was compared.</param>
    public SeenKey(int id, ulong word)
    {
        _idPlusOne = id + 1;
        Word = word;
    }

    public bool IsFound => _idPlusOne > 0;

    public int Id => _idPlusOne - 1;

    public ulong Word { get; }
}
