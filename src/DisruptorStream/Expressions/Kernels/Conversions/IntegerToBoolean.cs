using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Integers as truth values: all but 0 are true.</summary>
internal sealed class IntegerToBoolean : Kernel
{
    private readonly NumberColumn<long> _operand;
    private readonly BooleanColumn _output;

    public IntegerToBoolean(NumberColumn<long> operand)
    {
        _operand = operand;
        _output = new BooleanColumn(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var isNull = _operand.IsNull(row);
            _output.Set(row, !isNull && _operand.Values[row] != 0);
            _output.SetNull(row, isNull);
        }
    }
}
