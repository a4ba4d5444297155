using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates.Exact;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes each result as a row: the key, the window, the pane, the aggregates.</summary>
internal sealed class ResultWriter : IResultSink<string>
{
    private const string Failed = "failed";

    private readonly Stream _stream;
    private readonly RowWriter _row;
    private readonly KeyCells _key;
    private readonly ResultCell[] _cells;
    private readonly SymbolTable _symbols;
    private readonly bool _hasPane;
    private readonly CancellationToken _end;
    private readonly bool _isTable;

    /// <param name="stream">Where the rows go.</param>
    /// <param name="settings">What the job does.</param>
    /// <param name="end">Ends a firing between two batches, however many results are still to come.</param>
    public ResultWriter(Stream stream, JobSettings settings, CancellationToken end)
    {
        _end = end;
        _stream = stream;
        _key = new KeyCells(settings.Layout.KeyNames.Count);
        _cells = ResultCell.AllOf(settings.Aggregates);
        _symbols = settings.Layout.Symbols;

        _isTable = settings.OutputFormat == OutputFormat.Table;

        // To people, a column that can only ever say "on_time" says nothing.
        _hasPane = !_isTable || settings.Lateness > TimeSpan.Zero;
        _row = RowWriter.Create(
            stream,
            settings.OutputFormat,
            [
                .. settings.Layout.KeyNames,
                .. ResultColumns.Window.Where(name => _hasPane || name != ResultColumns.Pane),
                .. settings.Aggregates.Names,
            ],
            settings.TableStyle);
    }

    /// <summary>Windows that have failed, and so have no values.</summary>
    public long FailedWindows { get; private set; }

    /// <summary>What happened to the first of them; null for none.</summary>
    public string? FirstFailure { get; private set; }

    public void OnResults(ResultBatch<string> batch)
    {
        _end.ThrowIfCancellationRequested();
        foreach (var result in batch)
        {
            _key.Write(_row, result.Key);
            _row.WriteTime(result.Window.StartTicks);
            _row.WriteTime(result.Window.EndTicks);
            if (_hasPane)
                _row.Write(result.IsFailed ? Failed : NameOf(result.Timing));
            if (result.IsFailed)
                NoteFailure(result);
            foreach (var cell in _cells)
                WriteValue(result, cell);
            _row.EndRow();
        }

        _row.FlushToStream();
    }

    /// <summary>Writes what is still held back, unless the job has failed: its failure is what counts then.</summary>
    public void OnComplete(Exception? failure)
    {
        if (failure is not null)
            return;
        _row.Complete();
        _stream.Flush();
    }

    private void NoteFailure(in WindowResult<string> result)
    {
        FailedWindows++;
        FirstFailure ??= result.Failure?.Message;
    }

    private void WriteValue(in WindowResult<string> result, ResultCell cell)
    {
        if (result.IsFailed)
        {
            WriteMissing();
        }
        else if (cell.DigitsAt >= 0 && IntegerCode.IsInteger(
            BitConverter.DoubleToInt64Bits(result.GetDouble(cell.DigitsAt)), out var integer))
        {
            _row.Write(integer);
        }
        else if (result.Schema.TypeOf(cell.Column) != MeasureType.Symbol)
        {
            _row.Write(result.GetDouble(cell.Column));
        }
        else
        {
            WriteSymbol(result.GetInt64(cell.Column), cell.IsShown);
        }
    }

    private void WriteSymbol(long bits, bool isShown)
    {
        if (isShown)
            _row.WriteShown(bits, _symbols);
        else if (_symbols.TextOf(bits) is { } text)
            _row.Write(text);
        else
            _row.Write(double.NaN);
    }

    /// <summary>Nothing, for machines; people are told in every cell, for their table may have no pane.</summary>
    private void WriteMissing()
    {
        if (_isTable)
            _row.Write(Failed);
        else
            _row.Write(double.NaN);
    }

    private static string NameOf(PaneTiming timing) => timing switch
    {
        PaneTiming.Early => "early",
        PaneTiming.OnTime => "on_time",
        PaneTiming.Late => "late",
        _ => "retract",
    };
}
