using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>
/// Parts of texts, from a code point on, counted from 1; as in SQL, what lies before the first counts as well.
/// </summary>
internal sealed class Substring : Kernel
{
    private readonly TextColumn _operand;
    private readonly NumberColumn<long> _start;
    private readonly NumberColumn<long>? _length;
    private readonly TextColumn _output;

    /// <param name="operand">The texts.</param>
    /// <param name="start">The first code point.</param>
    /// <param name="length">How many; null for all that follow. Fewer than none is null.</param>
    public Substring(TextColumn operand, NumberColumn<long> start, NumberColumn<long>? length)
    {
        _operand = operand;
        _start = start;
        _length = length;
        _output = new TextColumn(ExpressionType.Text, operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var isNull = _operand.IsNull(row) || _start.IsNull(row)
                || (_length is not null && (_length.IsNull(row) || _length.Values[row] < 0));
            if (!isNull)
                _output.Set(row, Cut(_operand.Cells[row], _start.Values[row], _length?.Values[row]));
            _output.SetNull(row, isNull);
        }
    }

    private static TextCell Cut(TextCell cell, long start, long? length)
    {
        var from = CodePoints.Skip(cell.Text, Math.Max(start, 1) - 1);
        var rest = cell with { Start = cell.Start + from, Length = cell.Length - from };
        if (length is not { } most)
            return rest;

        // The end by the start that was asked for, which may lie before the text.
        var end = (Int128)start + most;
        var taken = end - Math.Max(start, 1);
        return rest with { Length = CodePoints.Skip(rest.Text, (long)Int128.Clamp(taken, 0, int.MaxValue)) };
    }
}
