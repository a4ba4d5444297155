using System.Text;

namespace DisruptorStream.Cli.Output;

/// <summary>A cell of a table: a text, or a number that its column rounds.</summary>
internal readonly record struct TableCell(string? Text, double Number)
{
    private const int MostWidth = 60;

    /// <summary>A text, on one line and not too long; what could command a terminal is taken out.</summary>
    public static TableCell OfText(string text)
    {
        if (text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.Contains('\u007f', StringComparison.Ordinal))
            text = string.Concat(text.Select(one => char.IsControl(one) ? '\u00b7' : one));
        return new TableCell(DisplayWidth.Cut(text, MostWidth), double.NaN);
    }

    public static TableCell OfNumber(double value) => new(null, value);

    /// <summary>UTC, to the second where that is exact.</summary>
    public static TableCell OfTime(long ticks)
    {
        Span<byte> text = stackalloc byte[TimeText.MostCharacters];
        var length = TimeText.Write(ticks, text, "yyyy-MM-dd HH:mm:ss.FFFFFFF");
        return new TableCell(Encoding.ASCII.GetString(text[..length]), double.NaN);
    }
}
