namespace DisruptorStream.Expressions.Columns;

/// <summary>The bytes of texts that a column makes; used again for each batch.</summary>
internal sealed class TextArena
{
    /// <summary>The longest text that an expression makes; what would be longer is null.</summary>
    public const int MostBytes = 1 << 20;

    private byte[] _bytes = new byte[256];
    private int _used;

    /// <summary>Forgets all texts.</summary>
    public void Clear() => _used = 0;

    /// <summary>Room behind the texts so far; <see cref="Take"/> says how much of it became a text.</summary>
    public Span<byte> Room(int length)
    {
        if (_bytes.Length - _used < length)
        {
            // Texts so far keep the old bytes.
            _bytes = new byte[Math.Max(_bytes.Length * 2, length)];
            _used = 0;
        }

        return _bytes.AsSpan(_used);
    }

    public TextCell Take(int length)
    {
        var cell = new TextCell(_bytes, _used, length);
        _used += length;
        return cell;
    }
}
