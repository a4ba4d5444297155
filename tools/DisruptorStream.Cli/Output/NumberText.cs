using System.Buffers.Text;
using System.Globalization;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes doubles as the class library does, with the fewest digits that give the same double again.</summary>
internal static class NumberText
{
    // Decimals of at most 15 digits are different doubles: the one that gives the double is the shortest.
    private const double Decimals = 10_000;
    private const int MostDecimals = 4;
    private const double MostWhole = 1e15;
    private const double MostScaled = 1e11;

    /// <param name="value">A finite number.</param>
    /// <param name="text">Where it goes; 32 bytes are enough.</param>
    /// <returns>The length of the text.</returns>
    public static int Write(double value, Span<byte> text)
    {
        int written;
        var size = Math.Abs(value);
        var scaled = Math.Round(size * Decimals);
        if (size < MostWhole && value == (long)value && (value != 0 || !double.IsNegative(value)))
            Utf8Formatter.TryFormat((long)value, text, out written);
        else if (size < MostScaled && size > 0 && scaled / Decimals == size)
            written = WriteScaled((long)scaled, value < 0, text);
        else
            value.TryFormat(text, out written, default, CultureInfo.InvariantCulture);
        return written;
    }

    private static int WriteScaled(long scaled, bool isNegative, Span<byte> text)
    {
        var sign = isNegative ? 1 : 0;
        text[0] = (byte)'-';
        var (whole, rest) = Math.DivRem(scaled, (long)Decimals);
        Utf8Formatter.TryFormat(whole, text[sign..], out var written);
        written += sign;
        text[written++] = (byte)'.';
        for (var place = MostDecimals - 1; place >= 0; place--, rest /= 10)
            text[written + place] = (byte)('0' + (rest % 10));
        written += MostDecimals;
        while (text[written - 1] == '0')
            written--;
        return written;
    }
}
