namespace DisruptorStream.Expressions.Columns;

/// <summary>Integers or doubles.</summary>
/// <typeparam name="T">long or double.</typeparam>
internal sealed class NumberColumn<T> : Column
    where T : unmanaged
{
    public NumberColumn(int capacity)
        : base(typeof(T) == typeof(long) ? ExpressionType.Integer : ExpressionType.Double, capacity) =>
        Values = new T[Words * WordRows];

    public T[] Values { get; }

    public void Set(int row, T value)
    {
        Values[row] = value;
        SetNull(row, isNull: false);
    }

    protected override void CopyValues(Column source, int word, ulong rows) =>
        CopyRows(((NumberColumn<T>)source).Values, Values, word, rows);
}
