using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Texts as doubles; null where they are none, or not finite.</summary>
internal sealed class TextToDouble : Kernel
{
    private readonly TextColumn _operand;
    private readonly UnreadCells? _unread;
    private readonly NumberColumn<double> _output;

    /// <param name="operand">The texts.</param>
    /// <param name="unread">Counts those that are no numbers; null where that is asked for.</param>
    public TextToDouble(TextColumn operand, UnreadCells? unread)
    {
        _operand = operand;
        _unread = unread;
        _output = new NumberColumn<double>(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            if (_operand.IsNull(row))
            {
                _output.SetNull(row, isNull: true);
                continue;
            }

            var text = CellReader.Trim(_operand[row]);
            var isFinite = CellReader.TryReadDouble(text, out var number, out var isNumber);
            _output.Values[row] = isFinite ? number : 0;
            _output.SetNull(row, !isFinite);
            if (!isNumber && text.Length > 0)
                _unread?.Add(text);
        }
    }
}
