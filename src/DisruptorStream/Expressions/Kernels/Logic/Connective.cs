using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Logic;

/// <summary>And, or or, of several: what decides wins over null, and null over the rest.</summary>
internal sealed class Connective : Kernel
{
    private readonly BooleanColumn[] _operands;
    private readonly BooleanColumn _output;
    private readonly bool _isAnd;

    public Connective(bool isAnd, BooleanColumn[] operands)
    {
        _isAnd = isAnd;
        _operands = operands;
        _output = new BooleanColumn(operands[0].Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
        {
            var (decided, nulls) = (0UL, 0UL);
            foreach (var operand in _operands)
            {
                var isNull = operand.Nulls[word];
                nulls |= isNull;
                decided |= _isAnd ? ~(operand.Trues[word] | isNull) : operand.Trues[word];
            }

            _output.SetWord(word, _isAnd ? ~decided : decided, nulls & ~decided);
        }
    }
}
