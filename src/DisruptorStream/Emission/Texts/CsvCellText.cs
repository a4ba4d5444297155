using System.Buffers;
using System.Text;

namespace DisruptorStream.Emission.Texts;

/// <summary>Cells of CSV: in quotes where they need them (RFC 4180).</summary>
internal sealed class CsvCellText : CellText
{
    private static readonly SearchValues<byte> Quoted = SearchValues.Create(",\"\n\r"u8);

    public CsvCellText()
        : base(one => one is not (',' or '"' or '\n' or '\r'))
    {
    }

    /// <inheritdoc/>
    public override int RoomBytesOf(string value) =>
        checked(2 + (2 * Encoding.UTF8.GetMaxByteCount(value.Length)));

    /// <inheritdoc/>
    public override int Write(string value, Span<byte> cell)
    {
        if (TryWritePlain(value, cell))
            return value.Length;
        var length = Encoding.UTF8.GetBytes(value, cell);
        var raw = cell[..length];
        if (!raw.ContainsAny(Quoted))
            return length;

        // From the end, for it grows.
        var quotes = raw.Count((byte)'"');
        var to = 1 + length + quotes;
        cell[to] = (byte)'"';
        for (var from = length - 1; from >= 0; from--)
        {
            cell[--to] = cell[from];
            if (cell[to] == '"')
                cell[--to] = (byte)'"';
        }

        cell[0] = (byte)'"';
        return length + quotes + 2;
    }
}
