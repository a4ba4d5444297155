namespace DisruptorStream.Ingest.Keys.Probes;

/// <summary>What a <see cref="KeyTable{TKey}"/> looks for: a key, or something that equals one.</summary>
/// <remarks>
/// The methods are generic, not the interface: a probe for text is then an exact type in the code that all tables of
/// reference types share, and its calls are inlined there.
/// </remarks>
internal interface IKeyProbe
{
    /// <summary>The stable hash of the key.</summary>
    uint Hash();

    /// <summary>Whether this is the key looked for.</summary>
    bool Matches<TKey>(TKey key);

    /// <summary>
    /// As <see cref="Matches"/> in a table of strings, for the one probe that looks for text there: code that all
    /// tables of reference types share would have to look up what to call.
    /// </summary>
    bool MatchesText(string key);

    /// <summary>The key to store.</summary>
    TKey ToKey<TKey>();
}
