using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>Whether texts begin with others.</summary>
internal sealed class PrefixTest : Kernel
{
    private readonly TextColumn _operand;
    private readonly TextColumn _prefix;
    private readonly BooleanColumn _output;

    public PrefixTest(TextColumn operand, TextColumn prefix)
    {
        _operand = operand;
        _prefix = prefix;
        _output = new BooleanColumn(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override bool CanBeNull(bool operandsCan) => operandsCan;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var isNull = _operand.IsNull(row) || _prefix.IsNull(row);
            _output.Set(row, !isNull && _operand[row].StartsWith(_prefix[row]));
            _output.SetNull(row, isNull);
        }
    }
}
