using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Keys.Probes;

/// <summary>Looks for a string by its characters, and makes the string only when it is to be stored.</summary>
internal readonly ref struct TextProbe : IKeyProbe
{
    private readonly ReadOnlySpan<char> _chars;
    private readonly string? _text;

    public TextProbe(ReadOnlySpan<char> chars) => _chars = chars;

    public TextProbe(string text)
    {
        _chars = text;
        _text = text;
    }

    public uint Hash() => StableHash.Of(_chars);

    // A pattern match would box a value type in a build that is not optimized.
    public bool Matches<TKey>(TKey key) =>
        typeof(TKey) == typeof(string) && MatchesText(Unsafe.As<TKey, string>(ref key));

    public bool MatchesText(string key) => _chars.SequenceEqual(key);

    public TKey ToKey<TKey>() => (TKey)(object)(_text ?? _chars.ToString());
}
