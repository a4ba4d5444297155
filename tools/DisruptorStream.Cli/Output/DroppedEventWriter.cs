using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates.Exact;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Emission;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes each dropped event as a row: the key, the time, the measures, the reason.</summary>
internal sealed class DroppedEventWriter : IDroppedEventSink<string>
{
    private readonly Stream _stream;
    private readonly RowWriter _row;
    private readonly KeyCells _key;
    private readonly int _keyCount;
    private readonly IReadOnlyList<MeasuredCell> _cells;
    private readonly SymbolTable _symbols;
    private readonly bool _hasTypes;

    /// <param name="stream">Where the rows go.</param>
    /// <param name="settings">What the job does.</param>
    /// <param name="query">Whose dropped events they are.</param>
    public DroppedEventWriter(Stream stream, JobSettings settings, int query)
    {
        _stream = stream;
        _keyCount = settings.Layout.Queries[query].KeyNames.Count;
        _key = new KeyCells(_keyCount);
        _symbols = settings.Layout.Symbols;
        _hasTypes = settings.Layout.Format == InputFormat.Ndjson;
        var columns = new DroppedColumns(settings.Layout, query);
        _cells = columns.Cells;

        // A file of events is for machines, even where the results are a table for people.
        _row = RowWriter.Create(
            stream,
            settings.OutputFormat == OutputFormat.Table ? OutputFormat.Csv : settings.OutputFormat,
            columns.Names,
            settings.TableStyle);
    }

    public void OnDropped(in DroppedEvent<string> dropped)
    {
        if (dropped.HasKey)
        {
            _key.Write(_row, dropped.Key!);
        }
        else
        {
            for (var i = 0; i < _keyCount; i++)
                _row.Write("");
        }

        _row.WriteTime(dropped.TimestampTicks);
        foreach (var cell in _cells)
            WriteCell(in dropped, cell);

        _row.Write(dropped.Reason.ToString());
        _row.EndRow();
    }

    public void OnComplete(Exception? failure)
    {
        if (failure is not null)
            return;
        _row.Complete();
        _stream.Flush();
    }

    /// <summary>The cell as it is written, where that is known; else its number.</summary>
    /// <remarks>CSV has no types: a column is of numbers where an aggregate reads it so, else of texts.</remarks>
    private void WriteCell(in DroppedEvent<string> dropped, MeasuredCell cell)
    {
        if (_hasTypes && cell.ShownAt >= 0)
        {
            _row.WriteShown(dropped.GetInt64(cell.ShownAt), _symbols);
            return;
        }

        var text = TextOf(in dropped, cell);
        if (cell.NumberAt < 0)
            _row.WriteText(text);
        else if (text is not null)
            _row.WriteNumeric(text, dropped.GetDouble(cell.NumberAt));
        else if (cell.IntegerAt >= 0 && IntegerCode.IsInteger(dropped.GetInt64(cell.IntegerAt), out var integer))
            _row.Write(integer);
        else
            _row.Write(dropped.GetDouble(cell.NumberAt));
    }

    private string? TextOf(in DroppedEvent<string> dropped, MeasuredCell cell) =>
        cell.TextAt >= 0 ? _symbols.TextOf(dropped.GetInt64(cell.TextAt))
        : cell.ShownAt >= 0 ? ShownValue.Format(dropped.GetInt64(cell.ShownAt), _symbols)
        : null;
}
