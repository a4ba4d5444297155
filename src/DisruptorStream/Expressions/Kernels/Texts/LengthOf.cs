using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>How many code points texts have.</summary>
internal sealed class LengthOf : Kernel
{
    private readonly TextColumn _operand;
    private readonly NumberColumn<long> _output;

    public LengthOf(TextColumn operand)
    {
        _operand = operand;
        _output = new NumberColumn<long>(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            _output.Values[row] = CodePoints.Count(_operand[row]);
            _output.SetNull(row, _operand.IsNull(row));
        }
    }
}
