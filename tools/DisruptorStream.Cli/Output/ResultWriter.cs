using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes each result as a row: the key, the window, the pane, the aggregates.</summary>
internal sealed class ResultWriter : IResultSink<string>, IAsyncDisposable
{
    private const string Failed = "failed";

    private readonly Stream _stream;
    private readonly RowWriter _row;
    private readonly KeyCells _key;
    private readonly int _columns;
    private readonly SymbolTable _symbols;
    private readonly bool _hasPane;
    private readonly bool _isTable;

    public ResultWriter(Stream stream, JobSettings settings)
    {
        _stream = stream;
        _key = new KeyCells(settings.Layout.KeyNames.Count);
        _columns = settings.Aggregates.Names.Count;
        _symbols = settings.Layout.Symbols;

        _isTable = settings.OutputFormat == OutputFormat.Table;

        // To people, a column that can only ever say "on_time" says nothing.
        _hasPane = !_isTable || settings.Lateness > TimeSpan.Zero;
        _row = RowWriter.Create(
            stream,
            settings.OutputFormat,
            [
                .. settings.Layout.KeyNames,
                "window_start",
                "window_end",
                .. _hasPane ? ["pane"] : Array.Empty<string>(),
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
        foreach (var result in batch)
        {
            _key.Write(_row, result.Key);
            _row.WriteTime(result.Window.StartTicks);
            _row.WriteTime(result.Window.EndTicks);
            if (_hasPane)
                _row.Write(result.IsFailed ? Failed : NameOf(result.Timing));
            if (result.IsFailed)
                NoteFailure(result);
            for (var column = 0; column < _columns; column++)
                WriteValue(result, column);
            _row.EndRow();
        }

        _row.FlushToStream();
    }

    /// <summary>Writes what is still held back: nothing more will come.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _row.Complete();
        await _stream.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync() => await _stream.FlushAsync();

    private void NoteFailure(in WindowResult<string> result)
    {
        FailedWindows++;
        FirstFailure ??= result.Failure?.Message;
    }

    private void WriteValue(in WindowResult<string> result, int column)
    {
        if (result.IsFailed)
        {
            WriteMissing();
            return;
        }

        if (result.Schema.TypeOf(column) == MeasureType.Symbol && _symbols.TextOf(result.GetInt64(column)) is { } text)
            _row.Write(text);
        else
            _row.Write(result.Schema.TypeOf(column) == MeasureType.Symbol ? double.NaN : result.GetDouble(column));
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
