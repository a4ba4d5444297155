using System.Runtime.Intrinsics;
using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Numbers;

/// <summary>Adds, subtracts, multiplies or divides doubles; a result that is not finite is null.</summary>
internal sealed class DoubleArithmetic<TOperation> : Kernel
    where TOperation : struct, IDoubleOperation
{
    private readonly NumberColumn<double> _left;
    private readonly NumberColumn<double> _right;
    private readonly NumberColumn<double> _output;

    public DoubleArithmetic(NumberColumn<double> left, NumberColumn<double> right)
    {
        _left = left;
        _right = right;
        _output = new NumberColumn<double>(left.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
        {
            var first = word * Column.WordRows;
            var rows = Math.Min(Column.WordRows, count - first);
            var finite = Apply(
                _left.Values.AsSpan(first, Column.WordRows),
                _right.Values.AsSpan(first, Column.WordRows),
                _output.Values.AsSpan(first, Column.WordRows),
                rows);
            _output.Nulls[word] = _left.Nulls[word] | _right.Nulls[word] | ~finite;
        }
    }

    /// <summary>Returns the rows that are finite.</summary>
    private static ulong Apply(
        ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> output, int rows)
    {
        var largest = Vector256.Create(double.MaxValue);
        var finite = 0UL;
        for (var row = 0; row < rows; row += Vector256<double>.Count)
        {
            var result = TOperation.Apply(Vector256.Create(left[row..]), Vector256.Create(right[row..]));
            result.CopyTo(output[row..]);
            var fits = Vector256.LessThanOrEqual(Vector256.Abs(result), largest);
            finite |= (ulong)fits.ExtractMostSignificantBits() << row;
        }

        return finite;
    }
}
