using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>The same texts under another type: cells as texts.</summary>
internal sealed class Retyped : Kernel
{
    private readonly TextColumn _operand;
    private readonly TextColumn _output;

    public Retyped(TextColumn operand, ExpressionType type)
    {
        _operand = operand;
        _output = new TextColumn(type, operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var word = 0; word < Column.WordsFor(count); word++)
            _output.CopyFrom(_operand, word, Column.RowsOf(word, count));
    }
}
