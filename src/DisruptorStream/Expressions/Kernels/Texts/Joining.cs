using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>Texts, one behind the other.</summary>
internal sealed class Joining : Kernel
{
    private readonly TextColumn[] _operands;
    private readonly bool _skipsNull;
    private readonly TextColumn _output;
    private readonly TextArena _arena = new();

    /// <param name="operands">The texts.</param>
    /// <param name="skipsNull">Whether those that are null are left out; else one makes all null.</param>
    public Joining(TextColumn[] operands, bool skipsNull)
    {
        _operands = operands;
        _skipsNull = skipsNull;
        _output = new TextColumn(ExpressionType.Text, operands[0].Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        _arena.Clear();
        for (var row = 0; row < count; row++)
        {
            var length = LengthOf(row);
            _output.SetNull(row, isNull: true);
            if (length is >= 0 and <= TextArena.MostBytes)
                _output.Set(row, Join(row, _arena.Room((int)length)));
        }
    }

    /// <summary>-1 where the result is null.</summary>
    private long LengthOf(int row)
    {
        var length = 0L;
        foreach (var operand in _operands)
        {
            if (!operand.IsNull(row))
                length += operand.Cells[row].Length;
            else if (!_skipsNull)
                return -1;
        }

        return length;
    }

    private TextCell Join(int row, Span<byte> room)
    {
        var length = 0;
        foreach (var operand in _operands)
        {
            if (operand.IsNull(row))
                continue;
            operand[row].CopyTo(room[length..]);
            length += operand.Cells[row].Length;
        }

        return _arena.Take(length);
    }
}
