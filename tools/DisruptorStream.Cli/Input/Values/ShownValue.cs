using System.Buffers.Text;
using System.Globalization;
using System.Text;
using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Input.Values;

/// <summary>A cell that is shown as it is, in the 64 bits of a symbol.</summary>
/// <remarks>
/// A number that its double is written as, to the letter, is the double's bits, so that memory does not grow with such
/// numbers; all else is a text of the symbols, whose small numbers are the bits of no double that occurs. A text that
/// reads like a token of JSON, and is none, has a mark before it.
/// </remarks>
internal static class ShownValue
{
    private const double MostExact = 1L << 53;
    private const int MostCharacters = 32;
    private const long MostSymbols = 1L << 40;
    private const long Zero = long.MinValue;
    private const char Mark = '"';
    private const int MostOnStack = 256;

    /// <param name="text">The cell.</param>
    /// <param name="isText">Whether it is shown as a text, even where it is the digits of a number.</param>
    /// <param name="symbols">The texts.</param>
    public static long Of(ReadOnlySpan<byte> text, bool isText, SymbolTable symbols)
    {
        if (text.Trim(" \t"u8).IsEmpty)
            return SymbolTable.None;
        if (isText)
            return text[0] == Mark || JsonToken.IsToken(text) ? InternMarked(text, symbols) : symbols.Intern(text);
        if (!NumberParser.TryParse(text, out var value, out _) || !double.IsFinite(value) || !IsWrittenAs(value, text))
            return symbols.Intern(text);
        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits is 0 or Zero ? Zero : bits is > 0 and < MostSymbols ? symbols.Intern(text) : bits;
    }

    /// <summary>Whether a number is shown as an integer, with all its digits.</summary>
    public static bool IsInteger(double value) => Math.Abs(value) < MostExact && value == Math.Floor(value);

    /// <summary>The text, or a token of JSON as it is written; null where it is a number, or nothing.</summary>
    public static string? TextOf(long bits, SymbolTable symbols, out bool isToken)
    {
        isToken = false;
        if (bits is not (> 0 and < MostSymbols) || symbols.TextOf(bits) is not { } text)
            return null;
        if (text[0] == Mark)
            return text[1..];
        isToken = text is "true" or "false" || JsonToken.IsNumber(Encoding.UTF8.GetBytes(text));
        return text;
    }

    /// <summary>The cell as it was written; null where it is nothing.</summary>
    public static string? Format(long bits, SymbolTable symbols)
    {
        var number = NumberOf(bits);
        return double.IsNaN(number) ? TextOf(bits, symbols, out _)
            : IsInteger(number) ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The number; NaN where it is a text, or nothing.</summary>
    public static double NumberOf(long bits) => bits switch
    {
        Zero => 0,
        >= 0 and < MostSymbols => double.NaN,
        _ => BitConverter.Int64BitsToDouble(bits),
    };

    private static long InternMarked(ReadOnlySpan<byte> text, SymbolTable symbols)
    {
        var marked = text.Length < MostOnStack ? stackalloc byte[text.Length + 1] : new byte[text.Length + 1];
        marked[0] = (byte)Mark;
        text.CopyTo(marked[1..]);
        return symbols.Intern(marked);
    }

    private static bool IsWrittenAs(double value, ReadOnlySpan<byte> text)
    {
        Span<byte> written = stackalloc byte[MostCharacters];
        return (IsInteger(value)
            ? Utf8Formatter.TryFormat((long)value, written, out var length)
            : value.TryFormat(written, out length, default, CultureInfo.InvariantCulture))
            && text.SequenceEqual(written[..length]);
    }
}
