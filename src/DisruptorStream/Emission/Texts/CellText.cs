namespace DisruptorStream.Emission.Texts;

/// <summary>Writes a text as the cell of a format, in UTF-8.</summary>
internal abstract class CellText
{
    private const int Ascii = 128;

    private readonly bool[] _plain = new bool[Ascii];

    /// <param name="isPlain">Whether the format takes a character of ASCII as it is.</param>
    protected CellText(Predicate<char> isPlain)
    {
        for (var one = '\0'; one < Ascii; one++)
            _plain[one] = isPlain(one);
    }

    /// <summary>The room that writing a text needs.</summary>
    public abstract int RoomBytesOf(string value);

    /// <summary>Writes a text.</summary>
    /// <param name="value">The text. Half of a character of two becomes U+FFFD.</param>
    /// <param name="cell">Where to; of <see cref="RoomBytesOf"/>.</param>
    /// <returns>How many bytes it has.</returns>
    public abstract int Write(string value, Span<byte> cell);

    /// <summary>Writes a text of plain characters as it is; any other is left.</summary>
    /// <remarks>Keys are short: a loop is done before calls of the framework have begun.</remarks>
    protected bool TryWritePlain(string value, Span<byte> cell)
    {
        var plain = _plain;
        cell = cell[..value.Length];
        for (var at = 0; at < cell.Length; at++)
        {
            var one = value[at];
            if (one >= plain.Length || !plain[one])
                return false;
            cell[at] = (byte)one;
        }

        return true;
    }
}
