using System.Text;
using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Expressions.Kernels.Texts;

/// <summary>Texts in small letters or in capitals, letter by letter, whatever the language.</summary>
internal sealed class CaseChange : Kernel
{
    private const int MostBytesPerRune = 4;

    private readonly TextColumn _operand;
    private readonly bool _isUpper;
    private readonly TextColumn _output;
    private readonly TextArena _arena = new();

    public CaseChange(TextColumn operand, bool isUpper)
    {
        _operand = operand;
        _isUpper = isUpper;
        _output = new TextColumn(ExpressionType.Text, operand.Words * Column.WordRows);
    }

    public override Column Output => _output;

    public override void Run(int count)
    {
        _arena.Clear();
        for (var row = 0; row < count; row++)
        {
            _output.SetNull(row, isNull: true);
            if (_operand.IsNull(row))
                continue;

            // A letter may need more bytes in its other form.
            var text = _operand[row];
            var room = _arena.Room(text.Length * MostBytesPerRune);
            var length = Change(text, room);
            if (length <= TextArena.MostBytes)
                _output.Set(row, _arena.Take(length));
        }
    }

    private int Change(ReadOnlySpan<byte> text, Span<byte> room)
    {
        var length = 0;
        while (text.Length > 0)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var taken) != System.Buffers.OperationStatus.Done)
            {
                text[..taken].CopyTo(room[length..]);
                length += taken;
            }
            else
            {
                var changed = _isUpper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune);
                length += changed.EncodeToUtf8(room[length..]);
            }

            text = text[taken..];
        }

        return length;
    }
}
