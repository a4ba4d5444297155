using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Integers as doubles; beyond 2^53 they are rounded.</summary>
internal sealed class IntegerToDouble : Kernel
{
    private readonly NumberColumn<long> _operand;
    private readonly NumberColumn<double> _output;

    public IntegerToDouble(NumberColumn<long> operand)
    {
        _operand = operand;
        _output = new NumberColumn<double>(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
            _output.Values[row] = _operand.Values[row];
        _operand.Nulls.AsSpan(0, Column.WordsFor(count)).CopyTo(_output.Nulls);
    }
}
