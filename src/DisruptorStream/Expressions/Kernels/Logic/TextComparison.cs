using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Logic;

/// <summary>Compares texts by their code points, which is by their bytes in UTF-8; null where one is.</summary>
internal sealed class TextComparison<TComparison> : Kernel
    where TComparison : struct, IComparison
{
    private readonly TextColumn _left;
    private readonly TextColumn _right;
    private readonly BooleanColumn _output;
    private readonly bool _isNegated;

    public TextComparison(TextColumn left, TextColumn right, bool isNegated)
    {
        _left = left;
        _right = right;
        _isNegated = isNegated;
        _output = new BooleanColumn(left.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            if (_left.IsNull(row) || _right.IsNull(row))
            {
                _output.Set(row, value: false);
                _output.SetNull(row, isNull: true);
                continue;
            }

            _output.Set(row, TComparison.Holds(_left[row].SequenceCompareTo(_right[row])) != _isNegated);
        }
    }
}
