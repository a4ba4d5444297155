using System.IO.Hashing;
using System.Text.Unicode;
using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Input.Values;

/// <summary>Makes measures of cells that are texts, or that are shown as they are.</summary>
internal sealed class CellTexts
{
    private readonly SymbolTable _symbols;
    private readonly bool _isCsv;

    /// <param name="symbols">The texts that are kept.</param>
    /// <param name="isCsv">Whether the input has no types, and texts that nobody has looked at.</param>
    public CellTexts(SymbolTable symbols, bool isCsv)
    {
        _symbols = symbols;
        _isCsv = isCsv;
    }

    /// <summary>
    /// Takes a cell; false where it is no text, since that would be made equal to others that are none.
    /// </summary>
    public bool TryTake(ReadOnlySpan<byte> text, MeasuredCell cell, bool isText, Span<long> measures)
    {
        // Strings of JSON have been looked at already.
        if (_isCsv && !Utf8.IsValid(text))
            return false;
        if (cell.TextAt >= 0)
            measures[cell.TextAt] = SymbolOf(text, cell.KeepsText);

        // CSV has no types: what looks like a number is one.
        if (cell.ShownAt >= 0)
            measures[cell.ShownAt] = ShownValue.Of(text, _isCsv ? !JsonToken.IsNumber(text) : isText, _symbols);
        return true;
    }

    /// <summary>A missing or empty text is none; where no text is shown, its hash stands for it.</summary>
    private long SymbolOf(ReadOnlySpan<byte> text, bool keepsText)
    {
        if (text.IsEmpty)
            return SymbolTable.None;
        return keepsText ? _symbols.Intern(text) : Math.Max(1, (long)(XxHash3.HashToUInt64(text) >> 1));
    }
}
