using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Texts as truth values: true, t, yes, y, on, 1 and their opposites; null where they are neither.</summary>
internal sealed class TextToBoolean : Kernel
{
    private readonly TextColumn _operand;
    private readonly UnreadCells? _unread;
    private readonly BooleanColumn _output;

    /// <param name="operand">The texts.</param>
    /// <param name="unread">Counts those that are neither; null where that is asked for.</param>
    public TextToBoolean(TextColumn operand, UnreadCells? unread)
    {
        _operand = operand;
        _unread = unread;
        _output = new BooleanColumn(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var truth = false;
            var text = CellReader.Trim(_operand[row]);
            var isNull = _operand.IsNull(row);
            var isRead = !isNull && CellReader.TryReadBoolean(text, out truth);
            _output.Set(row, truth);
            _output.SetNull(row, !isRead);
            if (!isRead && !isNull && text.Length > 0)
                _unread?.Add(text);
        }
    }
}
