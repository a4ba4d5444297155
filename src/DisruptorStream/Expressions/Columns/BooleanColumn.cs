namespace DisruptorStream.Expressions.Columns;

/// <summary>Truth values, a bit for each row.</summary>
internal sealed class BooleanColumn : Column
{
    public BooleanColumn(int capacity)
        : base(ExpressionType.Boolean, capacity) => Trues = new ulong[Words];

    /// <summary>The rows that are true; none that is null is among them.</summary>
    public ulong[] Trues { get; }

    public bool IsTrue(int row) => (Trues[row / WordRows] >> (row % WordRows) & 1) != 0;

    public void Set(int row, bool value)
    {
        SetNull(row, isNull: false);
        var bit = 1UL << (row % WordRows);
        ref var word = ref Trues[row / WordRows];
        word = value ? word | bit : word & ~bit;
    }

    /// <summary>Sets a word by the rows that hold, of which those that are null are taken out.</summary>
    public void SetWord(int word, ulong trues, ulong nulls)
    {
        Trues[word] = trues & ~nulls;
        Nulls[word] = nulls;
    }

    protected override void CopyValues(Column source, int word, ulong rows) =>
        Trues[word] = (Trues[word] & ~rows) | (((BooleanColumn)source).Trues[word] & rows);
}
