using System.Buffers.Text;
using System.Globalization;
using DisruptorStream.Cli.Aggregates.Exact;

namespace DisruptorStream.Cli.Input.Values;

/// <summary>Reads numbers from UTF-8, without a string.</summary>
internal static class NumberParser
{
    /// <param name="text">The text, without blanks around it; empty for no number.</param>
    /// <param name="value">The number; NaN for none; infinite where it is finite and no double is as large.</param>
    /// <param name="code">Its digits as an <see cref="IntegerCode"/>.</param>
    /// <returns>False where it is neither empty nor a number that a double can be.</returns>
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

        code = IntegerCode.Missing;
        value = double.NaN;

        // The class library takes bytes of zero behind a number for nothing.
        if (text[^1] == 0)
            return false;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return TryParseInfinity(text, out value);
        code = IntegerCode.Of(value);
        return !double.IsInfinity(value) || !text.ContainsAnyInRange((byte)'0', (byte)'9');
    }

    private static bool TryParseInfinity(ReadOnlySpan<byte> text, out double value)
    {
        var word = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        var isInfinity = word is [(byte)'i' or (byte)'I', (byte)'n' or (byte)'N', (byte)'f' or (byte)'F'];
        value = !isInfinity ? double.NaN : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        return isInfinity;
    }
}
