using System.Runtime.Intrinsics;
using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Logic;

/// <summary>Compares numbers; null where one is.</summary>
internal sealed class NumberComparison<T, TComparison> : Kernel
    where T : unmanaged
    where TComparison : struct, IComparison
{
    private readonly NumberColumn<T> _left;
    private readonly NumberColumn<T> _right;
    private readonly BooleanColumn _output;
    private readonly ulong _flip;

    public NumberComparison(NumberColumn<T> left, NumberColumn<T> right, bool isNegated)
    {
        _left = left;
        _right = right;
        _flip = isNegated ? ulong.MaxValue : 0;
        _output = new BooleanColumn(left.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
        {
            var first = word * Column.WordRows;
            var rows = Math.Min(Column.WordRows, count - first);
            var trues = Compare(
                _left.Values.AsSpan(first, Column.WordRows), _right.Values.AsSpan(first, Column.WordRows), rows);
            _output.SetWord(word, trues ^ _flip, _left.Nulls[word] | _right.Nulls[word]);
        }
    }

    private static ulong Compare(ReadOnlySpan<T> left, ReadOnlySpan<T> right, int rows)
    {
        var trues = 0UL;
        for (var row = 0; row < rows; row += Vector256<T>.Count)
        {
            var holds = TComparison.Apply(Vector256.Create(left[row..]), Vector256.Create(right[row..]));
            trues |= (ulong)holds.ExtractMostSignificantBits() << row;
        }

        return trues;
    }
}
