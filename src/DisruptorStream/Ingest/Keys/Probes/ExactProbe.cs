using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Keys.Probes;

/// <summary>Looks for a key by its own equality.</summary>
internal readonly struct ExactProbe<T> : IKeyProbe
    where T : notnull, IEquatable<T>
{
    private readonly T _key;

    public ExactProbe(T key) => _key = key;

    public uint Hash() => StableHash.Of(_key);

    // A pattern match would box in a build that is not optimized.
    public bool Matches<TKey>(TKey key) =>
        typeof(TKey) == typeof(T) && Unsafe.As<TKey, T>(ref key).Equals(_key);

    public bool MatchesText(string key) => Matches(key);

    public TKey ToKey<TKey>() => (TKey)(object)_key;
}
