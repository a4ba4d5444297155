using System.Text;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Input;

/// <summary>Comma-separated values as of RFC 4180: a header, fields in double quotes where they must be.</summary>
internal sealed class CsvFormat : RecordFormat
{
    private readonly IReadOnlyList<string> _names;

    // For each column of the input, the fields that want it; several may.
    private int[][] _fieldsOfColumn = [];

    public CsvFormat(IReadOnlyList<string> names) => _names = names;

    public override bool HasHeader => true;

    public override void ReadHeader(ReadOnlySpan<byte> record)
    {
        var columns = Columns(record);
        var wanted = new List<int>[columns.Count];
        for (var field = 0; field < _names.Count; field++)
        {
            var column = columns.FindIndex(name => string.Equals(name.Trim(), _names[field], StringComparison.Ordinal));
            if (column < 0)
            {
                var near = NearestWord.Find(_names[field], columns.Select(name => name.Trim()));
                throw new MissingColumnException(
                    $"There is no column '{_names[field]}'; {(near is null ? "" : $"did you mean '{near}'? ")}"
                    + $"the header names {string.Join(", ", columns)}.",
                    _names[field]);
            }

            (wanted[column] ??= []).Add(field);
        }

        var last = Array.FindLastIndex(wanted, fields => fields is not null);
        _fieldsOfColumn = new int[last + 1][];
        for (var column = 0; column <= last; column++)
            _fieldsOfColumn[column] = wanted[column]?.ToArray() ?? [];
    }

    /// <summary>The names in a header.</summary>
    public static List<string> Columns(ReadOnlySpan<byte> record)
    {
        var columns = new List<string>();
        var cursor = new CsvCursor(record);
        while (cursor.MoveNext())
        {
            var name = Encoding.UTF8.GetString(cursor.Field);
            columns.Add(cursor.IsQuoted ? name.Replace("\"\"", "\"", StringComparison.Ordinal) : name);
        }

        return columns;
    }

    public override string? Read(ReadOnlySpan<byte> record, FieldTable fields)
    {
        var cursor = new CsvCursor(record);
        for (var column = 0; column < _fieldsOfColumn.Length; column++)
        {
            if (!cursor.MoveNext())
                return $"it has {column} fields, and column {_fieldsOfColumn.Length} is needed";
            if (cursor.IsBroken)
                return $"the quotes of field {column + 1} are not closed before the next comma";
            foreach (var field in _fieldsOfColumn[column])
            {
                if (cursor.IsQuoted)
                    Unquote(cursor.Field, field, fields);
                else
                    fields.Set(field, cursor.Field);
            }
        }

        return null;
    }

    /// <summary>Two double quotes stand for one.</summary>
    private static void Unquote(ReadOnlySpan<byte> text, int field, FieldTable fields)
    {
        var room = fields.Reserve(field, text.Length);
        var length = 0;
        while (true)
        {
            var quote = text.IndexOf((byte)'"');
            var part = quote < 0 ? text : text[..(quote + 1)];
            part.CopyTo(room[length..]);
            length += part.Length;
            if (quote < 0)
                break;
            text = text[Math.Min(quote + 2, text.Length)..];
        }

        fields.Shorten(field, length);
    }
}
