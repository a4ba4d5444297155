using System.Text;

namespace DisruptorStream.Cli.Output.Tables;

/// <summary>Writes rows as a table for people: aligned, numbers rounded to what an eye can compare.</summary>
/// <remarks>
/// The first rows are held back to find the widths of the columns; those after them stream, so that memory does not
/// grow with the output. A column that needs more room later grows from there on.
/// </remarks>
internal sealed class TableRowWriter : RowWriter
{
    private const int FlushCharacters = 1 << 15;

    private readonly Stream _stream;
    private readonly TableStyle _style;
    private readonly TableColumn[] _columns;
    private readonly List<TableCell[]> _held = [];
    private readonly StringBuilder _text = new();
    private TableCell[] _row;
    private int _cell;
    private bool _hasHeader;

    public TableRowWriter(Stream stream, IReadOnlyList<string> names, TableStyle style)
    {
        _stream = stream;
        _style = style;
        _columns = [.. names.Select(name => new TableColumn(name))];
        _row = new TableCell[_columns.Length];
    }

    public override void Write(string text) => _row[_cell++] = TableCell.OfText(text);

    public override void Write(double value) => _row[_cell++] = TableCell.OfNumber(value);

    public override void Write(long value) => _row[_cell++] = TableCell.OfInteger(value);

    public override void WriteTime(long ticks) => _row[_cell++] = TableCell.OfTime(ticks);

    public override void Skip() => _row[_cell++] = TableCell.Empty;

    public override void EndRow()
    {
        _cell = 0;
        for (var column = 0; column < _columns.Length; column++)
            _columns[column].Fit(_row[column]);
        if (_hasHeader)
        {
            Append(_row);
            if (_text.Length >= FlushCharacters)
                FlushText();
            return;
        }

        _held.Add(_row);
        _row = new TableCell[_columns.Length];
        if (_held.Count >= Math.Max(_style.HeldRows, 1) && _style.HeldRows > 0)
            Release();
    }

    public override void FlushToStream()
    {
        if (!_hasHeader && _style.HeldRows == 0 && _held.Count > 0)
            Release();
        FlushText();
    }

    public override void Complete()
    {
        if (!_hasHeader)
            Release();
        FlushText();
    }

    /// <summary>Writes the header and what was held back: the widths are known.</summary>
    private void Release()
    {
        _hasHeader = true;
        _text.Append(_style.IsBold ? "\e[1m" : "");
        AppendLine(column => column.Header());
        _text.Insert(_text.Length - 1, _style.IsBold ? "\e[0m" : "");
        AppendLine(column => new string('-', column.Width));
        foreach (var row in _held)
            Append(row);
        _held.Clear();
    }

    private void Append(TableCell[] row)
    {
        var next = 0;
        AppendLine(column => column.Show(row[next++]));
    }

    private void AppendLine(Func<TableColumn, string> show)
    {
        var start = _text.Length;
        for (var column = 0; column < _columns.Length; column++)
            _text.Append(column > 0 ? "  " : "").Append(show(_columns[column]));
        while (_text.Length > start && _text[^1] == ' ')
            _text.Length--;
        _text.Append('\n');
    }

    private void FlushText()
    {
        if (_text.Length == 0)
            return;
        _stream.Write(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }
}
