using System.Buffers.Text;
using System.Globalization;
using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Conversions;

/// <summary>Numbers and truth values as texts: with all digits that are needed to read the same again.</summary>
internal sealed class ToText : Kernel
{
    private const int MostCharacters = 32;
    private const double MostExact = 1L << 53;

    private readonly Column _operand;
    private readonly TextColumn _output;
    private readonly TextArena _arena = new();

    public ToText(Column operand)
    {
        _operand = operand;
        _output = new TextColumn(ExpressionType.Text, operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        _arena.Clear();
        for (var row = 0; row < count; row++)
        {
            if (_operand.IsNull(row))
            {
                _output.SetNull(row, isNull: true);
                continue;
            }

            var length = Write(row, _arena.Room(MostCharacters));
            _output.Set(row, _arena.Take(length));
        }
    }

    private int Write(int row, Span<byte> room) => _operand switch
    {
        NumberColumn<long> integers => Write(integers.Values[row], room),
        NumberColumn<double> doubles => Write(doubles.Values[row], room),
        BooleanColumn truths => Write(truths.IsTrue(row), room),
        _ => throw new InvalidOperationException($"A column of type {_operand.Type} is not written as text."),
    };

    private static int Write(bool truth, Span<byte> room)
    {
        var word = truth ? "true"u8 : "false"u8;
        word.CopyTo(room);
        return word.Length;
    }

    private static int Write(long integer, Span<byte> room)
    {
        Utf8Formatter.TryFormat(integer, room, out var length);
        return length;
    }

    private static int Write(double number, Span<byte> room)
    {
        if (Math.Abs(number) < MostExact && number == Math.Floor(number))
            return Write((long)number, room);
        number.TryFormat(room, out var length, default, CultureInfo.InvariantCulture);
        return length;
    }
}
