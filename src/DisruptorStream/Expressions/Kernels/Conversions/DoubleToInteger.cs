using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Doubles as integers: to the nearest, halves away from zero; null beyond 64 bits.</summary>
internal sealed class DoubleToInteger : Kernel
{
    private readonly NumberColumn<double> _operand;
    private readonly NumberColumn<long> _output;

    public DoubleToInteger(NumberColumn<double> operand)
    {
        _operand = operand;
        _output = new NumberColumn<long>(operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        for (var row = 0; row < count; row++)
        {
            var fits = TryConvert(_operand.Values[row], out var integer);
            _output.Values[row] = integer;
            _output.SetNull(row, !fits || _operand.IsNull(row));
        }
    }

    public static bool TryConvert(double value, out long integer)
    {
        var rounded = Math.Round(value, MidpointRounding.AwayFromZero);
        var fits = rounded is >= -9223372036854775808.0 and < 9223372036854775808.0;
        integer = fits ? (long)rounded : 0;
        return fits;
    }
}
