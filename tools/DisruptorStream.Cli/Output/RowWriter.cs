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

    /// <summary>A number as it is written, which JSON takes as it is.</summary>
    public virtual void WriteNumber(string text) => Write(text);

    /// <summary>ISO 8601, UTC, no more digits than needed.</summary>
    public abstract void WriteTime(long ticks);

    public abstract void EndRow();

    /// <summary>Hands what is written to the stream, but for rows that are held back on purpose.</summary>
    public abstract void FlushToStream();

    /// <summary>Hands all that is written to the stream: nothing more will come.</summary>
    public virtual void Complete() => FlushToStream();
}
