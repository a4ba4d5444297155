using System.Globalization;
using System.Text;
using System.Text.Json;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Tests.Emission.Texts;

/// <summary>Rows of text by the calls of the framework alone, a cell at a time.</summary>
internal sealed class FrameworkCells : IResultCells
{
    private readonly bool _isJson;
    private readonly IReadOnlyList<ResultColumn> _columns;
    private readonly StringBuilder _text = new();
    private int _cell;

    public FrameworkCells(FileSinkFormat format, IReadOnlyList<ResultColumn> columns)
    {
        (_isJson, _columns) = (format == FileSinkFormat.Ndjson, columns);
        if (!_isJson)
            _text.AppendJoin(',', columns.Select(column => Quoted(column.Name))).Append('\n');
    }

    public string Text => _text.ToString();

    public void EndRow()
    {
        _text.Append(_isJson ? "}\n" : "\n");
        _cell = 0;
    }

    public void AddNull() => Add(_isJson ? "null" : "");

    public void AddText(string value) => Add(
        _isJson ? $"\"{JsonEncodedText.Encode(Whole(value))}\"" : Quoted(Whole(value)));

    public void AddInteger(long value) => Add(value.ToString(CultureInfo.InvariantCulture));

    public void AddNumber(double value) => Add(
        _isJson && !double.IsFinite(value) ? "null" : value.ToString("R", CultureInfo.InvariantCulture));

    public void AddTime(long ticks)
    {
        var text = new DateTime(ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc)
            .ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
        Add(_isJson ? $"\"{text}\"" : text);
    }

    public void AddBoolean(bool value) => Add(value ? "true" : "false");

    // Halves of characters of two have no UTF-8.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;

    private void Add(string text)
    {
        var separator = _cell > 0 ? "," : _isJson ? "{" : "";
        _text.Append(separator);
        if (_isJson)
            _text.Append(CultureInfo.InvariantCulture, $"\"{JsonEncodedText.Encode(_columns[_cell].Name)}\":");
        _text.Append(text);
        _cell++;
    }
}
