using System.Text.RegularExpressions;
using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes rows of named cells. One thread at a time.</summary>
internal abstract partial class RowWriter
{
    /// <param name="stream">Where the rows go.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="names">The names of the cells.</param>
    /// <param name="style">How a table looks; the other formats have no choice.</param>
    public static RowWriter Create(
        Stream stream, OutputFormat format, IReadOnlyList<string> names, TableStyle style) =>
        format == OutputFormat.Table
            ? new TableRowWriter(stream, names, style)
            : new TextRowWriter(stream, format, names);

    public abstract void Write(string text);

    /// <summary>NaN is an empty cell, or null.</summary>
    public abstract void Write(double value);

    /// <summary>An integer, with all its digits.</summary>
    public abstract void Write(long value);

    /// <summary>A cell of the input, as it was written there.</summary>
    /// <param name="bits">What <see cref="ShownValue"/> has made of it.</param>
    /// <param name="symbols">The texts.</param>
    public void WriteShown(long bits, SymbolTable symbols)
    {
        if (ShownValue.TextOf(bits, symbols) is { } text)
            WriteText(text);
        else if (ShownValue.NumberOf(bits) is var number && ShownValue.IsInteger(number))
            Write((long)number);
        else
            Write(number);
    }

    /// <summary>ISO 8601, UTC, no more digits than needed.</summary>
    public abstract void WriteTime(long ticks);

    public abstract void EndRow();

    /// <summary>Hands what is written to the stream, but for rows that are held back on purpose.</summary>
    public abstract void FlushToStream();

    /// <summary>Hands all that is written to the stream: nothing more will come.</summary>
    public virtual void Complete() => FlushToStream();

    /// <summary>A number that JSON takes as it is.</summary>
    protected virtual void WriteNumber(string text) => Write(text);

    /// <summary>A text that is a number of JSON is one there, with the digits that it has.</summary>
    private void WriteText(string text)
    {
        if (JsonNumber().IsMatch(text))
            WriteNumber(text);
        else
            Write(text);
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();
}
