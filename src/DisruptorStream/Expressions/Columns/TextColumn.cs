namespace DisruptorStream.Expressions.Columns;

/// <summary>Texts, or cells without a type, or nothing but null.</summary>
internal sealed class TextColumn : Column
{
    public TextColumn(ExpressionType type, int capacity)
        : base(type, capacity)
    {
        Cells = new TextCell[Words * WordRows];
        Cells.AsSpan().Fill(TextCell.Empty);
    }

    public TextCell[] Cells { get; }

    public ReadOnlySpan<byte> this[int row] => Cells[row].Text;

    public void Set(int row, TextCell cell)
    {
        Cells[row] = cell;
        SetNull(row, isNull: false);
    }

    protected override void CopyValues(Column source, int word, ulong rows) =>
        CopyRows(((TextColumn)source).Cells, Cells, word, rows);
}
