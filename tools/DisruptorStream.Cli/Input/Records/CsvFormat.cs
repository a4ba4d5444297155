using System.Globalization;
using System.Text;
using System.Text.Unicode;
using DisruptorStream.Cli.Input.Rows;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>Comma-separated values as of RFC 4180: a header, fields in double quotes where they must be.</summary>
internal sealed class CsvFormat : RecordFormat
{
    private const int MostNamesShown = 30;

    private readonly IReadOnlyList<string?> _names;
    private readonly bool _isRagged;
    private readonly CsvScanner _scanner = new();

    // Which column of the input each field of the job wants; several may want the same.
    private readonly int[] _columnOfField;
    private int _columnCount;
    private CsvRows? _rows;

    public CsvFormat(IReadOnlyList<string?> names, bool isRagged)
    {
        _names = names;
        _isRagged = isRagged;
        _columnOfField = new int[names.Count];
    }

    public override RecordScanner Scanner => _scanner;

    public override bool HasHeader => true;

    public override bool IsBlank(ReadOnlySpan<byte> record) => record.IsEmpty;

    public override void ReadHeader(ReadOnlySpan<byte> record)
    {
        if (_scanner.FaultyField >= 0)
        {
            throw new InvalidDataException(
                $"The header cannot be read: {DescribeFault(1)}.{HintAbout(record)}");
        }

        if (_scanner.FieldCount > CsvScanner.MostFields)
        {
            throw new InvalidDataException(
                $"The header names {_scanner.FieldCount} columns, and {CsvScanner.MostFields} is the most.");
        }

        var columns = Columns(record, _scanner.Fields);
        _columnCount = columns.Count;
        for (var field = 0; field < _names.Count; field++)
            _columnOfField[field] = _names[field] is { } name ? Find(name, columns, HintAbout(record)) : int.MaxValue;
    }

    /// <summary>The names in a header: the first record of a text; none where it cannot be read.</summary>
    public static List<string> Columns(ReadOnlySpan<byte> text)
    {
        var scanner = new CsvScanner();
        scanner.Reset();
        scanner.Scan(text, isAtEnd: true);
        return scanner.FaultyField < 0 ? Columns(text, scanner.Fields) : [];
    }

    public override string? Read(ReadOnlySpan<byte> record, long line, FieldTable fields)
    {
        if (_scanner.FaultyField >= 0)
            return DescribeFault(line);
        var count = _scanner.FieldCount;
        if (count != _columnCount && !_isRagged)
            return $"it has {Count(count)}, and the header has {_columnCount} (--ragged takes it)";
        var found = _scanner.Fields;
        for (var field = 0; field < _columnOfField.Length; field++)
        {
            var column = _columnOfField[field];
            if (column < found.Length)
                Take(record, found[column], field, fields);
        }

        return null;
    }

    public override int ReadRows(PaddedBytes bytes, RowParser parser, RowBatch rows, long lastTicks)
    {
        _rows ??= new CsvRows(_columnOfField, _columnCount);
        return _rows.Read(bytes, parser, rows, lastTicks);
    }

    private static List<string> Columns(ReadOnlySpan<byte> record, ReadOnlySpan<CsvField> fields)
    {
        var columns = new List<string>(fields.Length);
        foreach (var field in fields)
        {
            var name = Encoding.UTF8.GetString(record.Slice(field.Start, field.Length));
            columns.Add((field.Kind == CsvFieldKind.Escaped
                ? name.Replace("\"\"", "\"", StringComparison.Ordinal)
                : name).Trim());
        }

        return columns;
    }

    public override string DescribeTooLong(long line) => _scanner.LongQuoteBreaks < 0
        ? base.DescribeTooLong(line)
        : $"{base.DescribeTooLong(line)}; the double quote that opens on line "
            + $"{line + _scanner.LongQuoteBreaks} may lack its partner";

    /// <summary>What may be wrong with a header that lacks a column.</summary>
    private string HintAbout(ReadOnlySpan<byte> header) =>
        header.TrimStart(" \t"u8).StartsWith("{"u8) ? " It looks like lines of JSON; use --format ndjson."
        : _scanner.FieldCount == 1 && SeparatorIn(header) is { } separator
            ? $" It looks separated by {separator}, and dstream reads commas."
        : IsEncodingSaid || Utf8.IsValid(header) ? ""
        : " It is not UTF-8: --encoding says what it is.";

    private static string? SeparatorIn(ReadOnlySpan<byte> header) =>
        header.Contains((byte)';') ? "semicolons"
        : header.Contains((byte)'\t') ? "tabs"
        : header.Contains((byte)'|') ? "vertical bars"
        : null;

    private static int Find(string wanted, List<string> columns, string hint)
    {
        var column = columns.IndexOf(wanted);
        if (column < 0)
        {
            var near = NearestWord.Find(wanted, columns.Take(1000));
            throw new MissingColumnException(
                $"There is no column '{wanted}'; {(near is null ? "" : $"did you mean '{near}'? ")}"
                + $"the header names {string.Join(", ", columns.Take(MostNamesShown))}"
                + (columns.Count > MostNamesShown ? $" and {columns.Count - MostNamesShown} more." : ".")
                + hint,
                wanted);
        }

        var second = columns.IndexOf(wanted, column + 1);
        return second < 0 ? column : throw new MissingColumnException(
            $"The header names '{wanted}' twice, in columns {column + 1} and {second + 1}; rename one of them.",
            wanted);
    }

    private static string Count(int fields) =>
        string.Create(CultureInfo.InvariantCulture, $"{fields} {(fields == 1 ? "field" : "fields")}");

    private static void Take(ReadOnlySpan<byte> record, CsvField found, int field, FieldTable fields)
    {
        var text = record.Slice(found.Start, found.Length);
        if (found.Kind == CsvFieldKind.Escaped)
            Unquote(text, field, fields);
        else
            fields.Set(field, text);
    }

    /// <summary>Two double quotes stand for one.</summary>
    private static void Unquote(ReadOnlySpan<byte> text, int field, FieldTable fields)
    {
        var room = fields.Reserve(field, text.Length, isText: false);
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

    private string DescribeFault(long line)
    {
        var field = _scanner.FaultyField + 1;
        var isUnclosed = field == _scanner.FieldCount && field <= CsvScanner.MostFields
            && _scanner.Fields[field - 1].Kind == CsvFieldKind.Unclosed;
        if (!isUnclosed)
            return $"the quotes of field {field} are not closed before the next comma";
        var swallowed = _scanner.Breaks - _scanner.BreaksBeforeQuote;
        return $"the quotes of field {field} open on line {line + _scanner.BreaksBeforeQuote} and are never closed"
            + (swallowed == 0 ? "" : "; what follows belongs to them, "
                + (swallowed == 1 ? "1 further line" : $"{swallowed} further lines"));
    }
}
