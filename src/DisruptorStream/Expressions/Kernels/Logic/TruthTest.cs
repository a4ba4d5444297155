using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Logic;

/// <summary>Whether truth values are true, or false, and not null; or the opposite of that.</summary>
internal sealed class TruthTest : Kernel
{
    private readonly BooleanColumn _operand;
    private readonly BooleanColumn _output;
    private readonly bool _truth;
    private readonly ulong _flip;

    public TruthTest(BooleanColumn operand, bool truth, bool isNegated)
    {
        _operand = operand;
        _truth = truth;
        _flip = isNegated ? ulong.MaxValue : 0;
        _output = new BooleanColumn(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => false;

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
        {
            var trues = _operand.Trues[word];
            _output.SetWord(word, (_truth ? trues : ~(trues | _operand.Nulls[word])) ^ _flip, nulls: 0);
        }
    }
}
