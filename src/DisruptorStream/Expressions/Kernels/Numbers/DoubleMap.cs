using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Numbers;

/// <summary>A function of each double; a result that is not finite is null.</summary>
internal sealed class DoubleMap<TFunction> : Kernel
    where TFunction : struct, IDoubleFunction
{
    private readonly NumberColumn<double> _operand;
    private readonly NumberColumn<double> _output;

    public DoubleMap(NumberColumn<double> operand)
    {
        _operand = operand;
        _output = new NumberColumn<double>(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            // Plus zero: minus zero is zero.
            var result = TFunction.Apply(_operand.Values[row]) + 0.0;
            _output.Values[row] = result;
            _output.SetNull(row, _operand.IsNull(row) || !double.IsFinite(result));
        }
    }
}
