using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Logic;

/// <summary>The opposite of truth values; null of null.</summary>
internal sealed class Negation : Kernel
{
    private readonly BooleanColumn _operand;
    private readonly BooleanColumn _output;

    public Negation(BooleanColumn operand)
    {
        _operand = operand;
        _output = new BooleanColumn(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
            _output.SetWord(word, ~_operand.Trues[word], _operand.Nulls[word]);
    }
}
