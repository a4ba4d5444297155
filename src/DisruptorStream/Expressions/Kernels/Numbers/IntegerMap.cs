using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Numbers;

/// <summary>A function of one or two integers; where it has no value is null.</summary>
internal sealed class IntegerMap<TFunction> : Kernel
    where TFunction : struct, IIntegerFunction
{
    private readonly NumberColumn<long> _first;
    private readonly NumberColumn<long> _second;
    private readonly NumberColumn<long> _output;

    /// <param name="first">The first operand.</param>
    /// <param name="second">The second; the first again where there is one only.</param>
    public IntegerMap(NumberColumn<long> first, NumberColumn<long> second)
    {
        _first = first;
        _second = second;
        _output = new NumberColumn<long>(first.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var hasValue = TFunction.TryApply(_first.Values[row], _second.Values[row], out var result);
            _output.Values[row] = result;
            _output.SetNull(row, !hasValue || _first.IsNull(row) || _second.IsNull(row));
        }
    }
}
