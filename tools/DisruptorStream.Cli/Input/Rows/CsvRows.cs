using System.Runtime.CompilerServices;

namespace DisruptorStream.Cli.Input.Rows;

/// <summary>Reads ordinary rows of comma-separated values: those that need no second look at their quotes.</summary>
/// <remarks>
/// A row is ordinary where it has as many fields as the header, and each of its quotes is around a whole field, with
/// no quote and no line break between, or is a character within one. The scanner of single records reads all others.
/// </remarks>
internal sealed unsafe class CsvRows
{
    private const int ChunkBytes = 1 << 14;

    private readonly int[] _places = GC.AllocateUninitializedArray<int>(ChunkBytes + ByteMasks.Slack, pinned: true);
    private readonly int[] _columnOfField;
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly int _columnCount;
    private readonly RowFields _fields;

    /// <param name="columnOfField">Which column each field of the job is; beyond all columns for none.</param>
    /// <param name="columnCount">How many columns the header has.</param>
    public CsvRows(int[] columnOfField, int columnCount)
    {
        _columnOfField = columnOfField;
        _columnCount = columnCount;
        _starts = new int[columnCount];
        _ends = new int[columnCount];
        _fields = new RowFields(columnOfField.Length);
        _fields.Lengths.AsSpan().Fill(-1);
    }

    /// <summary>
    /// Adds rows to a batch until it is full, or one is odd, not there whole, or later than the last time.
    /// </summary>
    /// <returns>The length of the rows.</returns>
    public int Read(PaddedBytes bytes, RowParser parser, RowBatch rows, long lastTicks)
    {
        var read = 0;
        while (read < bytes.Length)
        {
            var length = Math.Min(bytes.Length - read, ChunkBytes);
            var taken = ReadChunk(bytes.First + read, length, parser, rows, lastTicks, out var isToGoOn);
            read += taken;
            if (taken == 0 || !isToGoOn)
                break;
        }

        return read;
    }

    /// <returns>The length of the rows that were added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ReadChunk(
        byte* bytes, int length, RowParser parser, RowBatch rows, long lastTicks, out bool isToGoOn)
    {
        isToGoOn = false;
        fixed (int* places = _places)
        {
            var count = ByteMasks.FindSeparators(bytes, length, places);
            var (row, place) = (0, 0);
            while (!rows.IsFull)
            {
                var end = place + _columnCount - 1;
                if (end >= count)
                {
                    isToGoOn = true;
                    break;
                }

                if (!TryFindPlain(bytes, places + place, row))
                {
                    end = FindQuoted(bytes, places, place, count, row);
                    if (end < 0)
                        break;
                }

                var next = places[end] + 1;
                if (bytes[next - 1] == '\r')
                {
                    // Whether a line feed belongs to it is not known yet.
                    if (next == length)
                    {
                        isToGoOn = true;
                        break;
                    }

                    if (bytes[next] == '\n')
                    {
                        next++;
                        end++;
                    }
                }

                if (!parser.TryTake(bytes, _fields, rows, lastTicks))
                    break;
                (row, place) = (next, end + 1);
            }

            return row;
        }
    }

    /// <summary>Finds the fields of a row without quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFindPlain(byte* bytes, int* places, int row)
    {
        var last = _columnCount - 1;
        for (var column = 0; column < last; column++)
        {
            if (bytes[places[column]] != ',')
                return false;
        }

        // A line with nothing in it is no row.
        if (bytes[places[last]] is not ((byte)'\n' or (byte)'\r') || places[last] == row)
            return false;
        var starts = _fields.Starts;
        var lengths = _fields.Lengths;
        for (var field = 0; field < _columnOfField.Length; field++)
        {
            var column = _columnOfField[field];
            if (column > last)
                continue;
            var start = column == 0 ? row : places[column - 1] + 1;
            starts[field] = start;
            lengths[field] = places[column] - start;
        }

        return true;
    }

    /// <summary>
    /// Finds the fields of a row that may have quotes. Returns the place of its end; below 0 for none.
    /// </summary>
    private int FindQuoted(byte* bytes, int* places, int place, int count, int row)
    {
        var column = 0;
        var start = row;
        for (; place < count; place++)
        {
            var at = places[place];
            var end = at;
            if (bytes[at] == '"')
            {
                // Elsewhere than at the beginning of a field it is a character like others.
                if (at != start)
                    continue;
                start++;
                if (!TryClose(bytes, places, ref place, count))
                    return -1;
                end = places[place - 1];
                at = places[place];
            }

            if (column == _columnCount)
                return -1;
            _starts[column] = start;
            _ends[column] = end;
            column++;
            start = at + 1;
            if (bytes[at] != ',')
                return column == _columnCount && at != row && TakeFields() ? place : -1;
        }

        return -1;
    }

    /// <summary>Goes from an opening quote to what ends its field, right behind the closing one.</summary>
    private static bool TryClose(byte* bytes, int* places, ref int place, int count)
    {
        do
        {
            if (++place >= count - 1)
                return false;
        }
        while (bytes[places[place]] == ',');
        if (bytes[places[place]] != '"')
            return false;
        place++;
        return places[place] == places[place - 1] + 1 && bytes[places[place]] != '"';
    }

    private bool TakeFields()
    {
        for (var field = 0; field < _columnOfField.Length; field++)
        {
            var column = _columnOfField[field];
            if (column >= _columnCount)
                continue;
            _fields.Starts[field] = _starts[column];
            _fields.Lengths[field] = _ends[column] - _starts[column];
        }

        return true;
    }
}
