namespace DisruptorStream.Ingest;

/// <summary>Looks for a key by its own equality.</summary>
internal readonly struct ExactProbe<T> : IKeyProbe
    where T : notnull, IEquatable<T>
{
    private readonly T _key;

    public ExactProbe(T key) => _key = key;

    public uint Hash() => StableHash.Of(_key);

    public bool Matches<TKey>(TKey key) => key is T other && other.Equals(_key);

    public TKey ToKey<TKey>() => (TKey)(object)_key;
}
