namespace DisruptorStream.Ingest.Keys;

/// <summary>One of the ways in which a publisher may name a key.</summary>
internal interface IKeyReference<TKey>
    where TKey : notnull
{
    /// <summary>
    /// Looks for the key without any claim, so that the search need not wait for the claim: nothing where there is
    /// nothing to search.
    /// </summary>
    SeenKey Seek(KeyTable<TKey> keys);

    /// <summary>
    /// The key's id, valid for the claim that the caller holds, where that is sure without a search; below 0 where it
    /// is not. Never throws.
    /// </summary>
    int Keep(KeyTable<TKey> keys, SeenKey seen);

    /// <summary>The key's id, valid for the claim that the caller holds; below 0 where no id is free.</summary>
    int Resolve(KeyTable<TKey> keys);
}
