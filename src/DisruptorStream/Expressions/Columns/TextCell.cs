namespace DisruptorStream.Expressions.Columns;

/// <summary>Where a text of a column lies, in UTF-8.</summary>
internal readonly record struct TextCell(byte[] Bytes, int Start, int Length)
{
    public static TextCell Empty { get; } = new([], 0, 0);

    public ReadOnlySpan<byte> Text => Bytes.AsSpan(Start, Length);
}
