using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>Whether texts fit a pattern.</summary>
internal sealed class LikeMatch : Kernel
{
    private readonly TextColumn _operand;
    private readonly LikePattern _pattern;
    private readonly BooleanColumn _output;
    private readonly bool _isNegated;

    public LikeMatch(TextColumn operand, LikePattern pattern, bool isNegated)
    {
        _operand = operand;
        _pattern = pattern;
        _isNegated = isNegated;
        _output = new BooleanColumn(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var isNull = _operand.IsNull(row);
            _output.Set(row, !isNull && _pattern.Fits(_operand[row]) != _isNegated);
            _output.SetNull(row, isNull);
        }
    }
}
