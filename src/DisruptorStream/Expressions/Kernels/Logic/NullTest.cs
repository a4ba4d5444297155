using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Logic;

/// <summary>Whether values are null, or are not.</summary>
internal sealed class NullTest : Kernel
{
    private readonly Column _operand;
    private readonly BooleanColumn _output;
    private readonly ulong _flip;

    public NullTest(Column operand, bool isNegated)
    {
        _operand = operand;
        _flip = isNegated ? ulong.MaxValue : 0;
        _output = new BooleanColumn(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => false;

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
            _output.SetWord(word, _operand.Nulls[word] ^ _flip, nulls: 0);
    }
}
