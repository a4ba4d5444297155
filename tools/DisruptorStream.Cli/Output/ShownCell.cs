using System.Text.RegularExpressions;
using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes a cell of the input as it was written there.</summary>
internal static partial class ShownCell
{
    /// <param name="row">Where it goes.</param>
    /// <param name="bits">What <see cref="ShownValue"/> has made of it.</param>
    /// <param name="symbols">The texts.</param>
    public static void Write(RowWriter row, long bits, SymbolTable symbols)
    {
        if (ShownValue.TextOf(bits, symbols) is { } text)
            WriteText(row, text);
        else if (ShownValue.NumberOf(bits) is var number && ShownValue.IsInteger(number))
            row.Write((long)number);
        else
            row.Write(number);
    }

    /// <summary>A text that is a number of JSON is one there, with the digits that it has.</summary>
    private static void WriteText(RowWriter row, string text)
    {
        if (JsonNumber().IsMatch(text))
            row.WriteNumber(text);
        else
            row.Write(text);
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();
}
