using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Numbers;

/// <summary>A function of two doubles; a result that is not finite is null.</summary>
internal sealed class DoublePairMap<TFunction> : Kernel
    where TFunction : struct, IDoubleFunction2
{
    private readonly NumberColumn<double> _first;
    private readonly NumberColumn<double> _second;
    private readonly NumberColumn<double> _output;

    public DoublePairMap(NumberColumn<double> first, NumberColumn<double> second)
    {
        _first = first;
        _second = second;
        _output = new NumberColumn<double>(first.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            // Plus zero: minus zero is zero.
            var result = TFunction.Apply(_first.Values[row], _second.Values[row]) + 0.0;
            _output.Values[row] = result;
            _output.SetNull(row, _first.IsNull(row) || _second.IsNull(row) || !double.IsFinite(result));
        }
    }
}
