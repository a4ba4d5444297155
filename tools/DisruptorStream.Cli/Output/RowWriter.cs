using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Output.Tables;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes rows of named cells. One thread at a time.</summary>
internal abstract class RowWriter
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

    /// <summary>A text; null is an empty cell, or null.</summary>
    public void WriteText(string? text)
    {
        if (text is null)
            Write(double.NaN);
        else
            Write(text);
    }

    /// <summary>A cell of a column of numbers, as it was written there as far as the format takes that.</summary>
    public virtual void WriteNumeric(string text, double number) => Write(text);

    /// <summary>A cell of the input, as it was written there.</summary>
    /// <param name="bits">What <see cref="ShownValue"/> has made of it.</param>
    /// <param name="symbols">The texts.</param>
    public void WriteShown(long bits, SymbolTable symbols)
    {
        var number = ShownValue.NumberOf(bits);
        if (ShownValue.TextOf(bits, symbols, out var isToken) is not { } text)
            WriteNumber(number);
        else if (isToken)
            WriteToken(text);
        else
            Write(text);
    }

    /// <summary>Leaves a cell out that the row does not have: JSON does not name it.</summary>
    public abstract void Skip();

    /// <summary>ISO 8601, UTC, no more digits than needed.</summary>
    public abstract void WriteTime(long ticks);

    public abstract void EndRow();

    /// <summary>Hands what is written to the stream, but for rows that are held back on purpose.</summary>
    public abstract void FlushToStream();

    /// <summary>Hands all that is written to the stream: nothing more will come.</summary>
    public virtual void Complete() => FlushToStream();

    /// <summary>A number, true or false, which JSON takes as it is.</summary>
    protected virtual void WriteToken(string text) => Write(text);

    private void WriteNumber(double number)
    {
        if (ShownValue.IsInteger(number))
            Write((long)number);
        else
            Write(number);
    }
}
