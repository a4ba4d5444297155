using System.Buffers.Text;
using System.Globalization;
using DisruptorStream.Cli.Aggregates.Exact;

namespace DisruptorStream.Cli.Input.Values;

/// <summary>Reads numbers from UTF-8, without a string.</summary>
internal static class NumberParser
{
    /// <param name="text">The text, without blanks around it; empty for no number.</param>
    /// <param name="value">The number; NaN for none.</param>
    /// <param name="code">Its digits as an <see cref="IntegerCode"/>.</param>
    /// <returns>False where it is neither empty nor a number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value, out long code)
    {
        if (text.IsEmpty)
        {
            (value, code) = (double.NaN, IntegerCode.Missing);
            return true;
        }

        if (Utf8Parser.TryParse(text, out long integer, out var consumed) && consumed == text.Length)
        {
            (value, code) = (integer, IntegerCode.Of(integer));
            return true;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && !TryParseInfinity(text, out value))
        {
            code = IntegerCode.Missing;
            return false;
        }

        code = IntegerCode.Of(value);
        return true;
    }

    private static bool TryParseInfinity(ReadOnlySpan<byte> text, out double value)
    {
        value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        var word = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        return word is [(byte)'i' or (byte)'I', (byte)'n' or (byte)'N', (byte)'f' or (byte)'F'];
    }
}
