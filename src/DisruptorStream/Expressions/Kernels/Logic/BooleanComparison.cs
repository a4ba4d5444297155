using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Logic;

/// <summary>Compares truth values, false being less than true; null where one is.</summary>
internal sealed class BooleanComparison<TComparison> : Kernel
    where TComparison : struct, IComparison
{
    private readonly BooleanColumn _left;
    private readonly BooleanColumn _right;
    private readonly BooleanColumn _output;
    private readonly bool _isNegated;

    public BooleanComparison(BooleanColumn left, BooleanColumn right, bool isNegated)
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
        for (var word = 0; word < Column.WordsFor(count); word++)
        {
            var (left, right) = (_left.Trues[word], _right.Trues[word]);
            var trues = (TComparison.Holds(0) ? ~(left ^ right) : 0)
                | (TComparison.Holds(-1) ? ~left & right : 0)
                | (TComparison.Holds(1) ? left & ~right : 0);
            _output.SetWord(word, _isNegated ? ~trues : trues, _left.Nulls[word] | _right.Nulls[word]);
        }
    }
}
