namespace DisruptorStream.Ingest.Keys;

/// <summary>One of the ways in which a publisher may name a key.</summary>
internal interface IKeyReference<TKey>
    where TKey : notnull, IEquatable<TKey>
{
    /// <summary>The key's id, valid for the claim that the caller holds; below 0 where no id is free.</summary>
    int Resolve(KeyTable<TKey> keys);
}
