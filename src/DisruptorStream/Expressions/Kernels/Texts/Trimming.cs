using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>Texts without the spaces and tabs around them.</summary>
internal sealed class Trimming : Kernel
{
    private readonly TextColumn _operand;
    private readonly TextColumn _output;

    public Trimming(TextColumn operand)
    {
        _operand = operand;
        _output = new TextColumn(ExpressionType.Text, operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var cell = _operand.Cells[row];
            var start = cell.Text.IndexOfAnyExcept((byte)' ', (byte)'\t');
            var end = cell.Text.LastIndexOfAnyExcept((byte)' ', (byte)'\t') + 1;
            _output.Set(
                row, start < 0 ? TextCell.Empty : cell with { Start = cell.Start + start, Length = end - start });
            _output.SetNull(row, _operand.IsNull(row));
        }
    }
}
