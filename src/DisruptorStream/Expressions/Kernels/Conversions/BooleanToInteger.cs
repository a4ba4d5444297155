using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Truth values as 1 and 0.</summary>
internal sealed class BooleanToInteger : Kernel
{
    private readonly BooleanColumn _operand;
    private readonly NumberColumn<long> _output;

    public BooleanToInteger(BooleanColumn operand)
    {
        _operand = operand;
        _output = new NumberColumn<long>(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            _output.Values[row] = _operand.IsTrue(row) ? 1 : 0;
            _output.SetNull(row, _operand.IsNull(row));
        }
    }
}
