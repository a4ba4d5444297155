using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Texts as integers: numbers to the nearest; null where they are none, or beyond 64 bits.</summary>
internal sealed class TextToInteger : Kernel
{
    private readonly TextColumn _operand;
    private readonly NumberColumn<long> _output;

    public TextToInteger(TextColumn operand)
    {
        _operand = operand;
        _output = new NumberColumn<long>(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var integer = 0L;
            var isRead = !_operand.IsNull(row)
                && CellReader.TryReadInteger(CellReader.Trim(_operand[row]), out integer);
            _output.Values[row] = integer;
            _output.SetNull(row, !isRead);
        }
    }
}
