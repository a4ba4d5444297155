using System.Globalization;
using System.Text;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Reads values from texts.</summary>
internal static class CellReader
{
    private static readonly string[] Trues = ["true", "t", "yes", "y", "on", "1"];

    private static readonly string[] Falses = ["false", "f", "no", "n", "off", "0"];

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <param name="text">The text, without blanks around it.</param>
    /// <param name="number">A finite number.</param>
    /// <param name="isNumber">Whether it is a number at all, if not a finite one.</param>
    /// <returns>Whether it is a finite number.</returns>
    public static bool TryReadDouble(ReadOnlySpan<byte> text, out double number, out bool isNumber)
    {
        number = 0;

        // The class library takes bytes of zero behind a number for nothing.
        isNumber = text is not [] and not [.., 0]
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        isNumber |= IsInfinity(text);
        return isNumber && double.IsFinite(number) && !IsInfinity(text);
    }

    public static bool TryReadInteger(ReadOnlySpan<byte> text, out long integer)
    {
        integer = 0;
        if (text is [] or [.., 0])
            return false;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer)
            || (TryReadDouble(text, out var number, out _) && DoubleToInteger.TryConvert(number, out integer));
    }

    public static bool TryReadBoolean(ReadOnlySpan<byte> text, out bool truth)
    {
        truth = IsAny(text, Trues);
        return truth || IsAny(text, Falses);
    }

    private static bool IsInfinity(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text is [(byte)'+' or (byte)'-', ..] ? text[1..] : text, "inf"u8);

    private static bool IsAny(ReadOnlySpan<byte> text, string[] words)
    {
        foreach (var word in words)
        {
            if (Ascii.EqualsIgnoreCase(text, word))
                return true;
        }

        return false;
    }
}
