using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Input.Values;

/// <summary>A cell that is shown as it is, in the 64 bits of a symbol.</summary>
/// <remarks>
/// A number that its double shows in full is the double's bits, so that memory does not grow with numbers; all else is
/// a text of the symbols, whose small numbers are the bits of no double that occurs.
/// </remarks>
internal static class ShownValue
{
    private const double MostExact = 1L << 53;
    private const long MostSymbols = 1L << 40;
    private const long Zero = long.MinValue;

    public static long Of(ReadOnlySpan<byte> text, SymbolTable symbols)
    {
        var number = text.Trim(" \t"u8);
        if (number.IsEmpty)
            return SymbolTable.None;
        if (!NumberParser.TryParse(number, out var value, out _) || !double.IsFinite(value)
            || (Math.Abs(value) > MostExact && value == Math.Floor(value)))
        {
            return symbols.Intern(text);
        }

        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits is 0 or Zero ? Zero : bits is > 0 and < MostSymbols ? symbols.Intern(text) : bits;
    }

    /// <summary>The text; null where it is a number, or nothing.</summary>
    public static string? TextOf(long bits, SymbolTable symbols) =>
        bits is > 0 and < MostSymbols ? symbols.TextOf(bits) : null;

    /// <summary>The number; NaN where it is a text, or nothing.</summary>
    public static double NumberOf(long bits) => bits switch
    {
        Zero => 0,
        >= 0 and < MostSymbols => double.NaN,
        _ => BitConverter.Int64BitsToDouble(bits),
    };
}
