using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Output.Tables;

/// <summary>A cell of a table: a text, or a number that its column rounds.</summary>
internal readonly record struct TableCell(string? Text, double Number)
{
    private const int MostWidth = 60;

    /// <summary>Nothing, whatever its column shows.</summary>
    public static TableCell Empty => new("", 0);

    /// <summary>A text, on one line and not too long; what could command a terminal is taken out.</summary>
    public static TableCell OfText(string text) =>
        new(DisplayWidth.Cut(PlainText.Of(text), MostWidth), double.NaN);

    /// <summary>An integer; one that is too long for the rounding of its column has all its digits as a text.</summary>
    public static TableCell OfInteger(long value) => new(
        Math.Abs((double)value) < TableColumn.MostInFull ? null : value.ToString("N0", CultureInfo.InvariantCulture),
        value);

    public static TableCell OfNumber(double value) => new(null, value);

    /// <summary>UTC, to the second where that is exact.</summary>
    public static TableCell OfTime(long ticks)
    {
        Span<byte> text = stackalloc byte[TimeText.MostCharacters];
        var length = TimeText.Write(ticks, text, "yyyy-MM-dd HH:mm:ss.FFFFFFF");
        return new TableCell(Encoding.ASCII.GetString(text[..length]), double.NaN);
    }
}
