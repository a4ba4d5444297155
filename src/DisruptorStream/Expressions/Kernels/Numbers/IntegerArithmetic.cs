using System.Runtime.Intrinsics;
using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Numbers;

/// <summary>Adds or subtracts integers; a result that does not fit 64 bits is null.</summary>
internal sealed class IntegerArithmetic<TOperation> : Kernel
    where TOperation : struct, IIntegerOperation
{
    private readonly NumberColumn<long> _left;
    private readonly NumberColumn<long> _right;
    private readonly NumberColumn<long> _output;

    public IntegerArithmetic(NumberColumn<long> left, NumberColumn<long> right)
    {
        _left = left;
        _right = right;
        _output = new NumberColumn<long>(left.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
        {
            var first = word * Column.WordRows;
            var rows = Math.Min(Column.WordRows, count - first);
            var overflown = Apply(
                _left.Values.AsSpan(first, Column.WordRows),
                _right.Values.AsSpan(first, Column.WordRows),
                _output.Values.AsSpan(first, Column.WordRows),
                rows);
            _output.Nulls[word] = _left.Nulls[word] | _right.Nulls[word] | overflown;
        }
    }

    /// <summary>Returns the rows that do not fit.</summary>
    private static ulong Apply(ReadOnlySpan<long> left, ReadOnlySpan<long> right, Span<long> output, int rows)
    {
        var overflown = 0UL;
        for (var row = 0; row < rows; row += Vector256<long>.Count)
        {
            TOperation.Apply(Vector256.Create(left[row..]), Vector256.Create(right[row..]), out var overflow)
                .CopyTo(output[row..]);
            overflown |= (ulong)overflow.ExtractMostSignificantBits() << row;
        }

        return overflown;
    }
}
