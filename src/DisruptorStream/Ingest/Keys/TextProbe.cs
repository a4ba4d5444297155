namespace DisruptorStream.Ingest.Keys;

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

    public bool Matches<TKey>(TKey key) => key is string text && _chars.SequenceEqual(text);

    public TKey ToKey<TKey>() => (TKey)(object)(_text ?? _chars.ToString());
}
