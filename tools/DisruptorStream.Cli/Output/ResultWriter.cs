using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates.Exact;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Emission;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes each result of a query as a row: the key, the window, the pane, the aggregates.</summary>
internal sealed class ResultWriter : IResultSink<string>
{
    private const string Failed = "failed";

    private readonly ResultTable _table;
    private readonly RowWriter _row;
    private readonly string _query;
    private readonly KeyCells _key;
    private readonly (CellKind Kind, int Index)[] _places;
    private readonly ResultCell[] _cells;
    private readonly SymbolTable _symbols;
    private readonly CancellationToken _end;

    private ResultWriter(ResultTable table, JobSettings settings, int query, CancellationToken end)
    {
        _table = table;
        _row = table.Row;
        _end = end;
        _query = settings.Queries[query].Name ?? "";
        _key = new KeyCells(settings.Layout.Queries[query].KeyNames.Count);
        _places = table.CellsOf(query);
        _cells = ResultCell.AllOf(settings.Queries[query].Aggregates);
        _symbols = settings.Layout.Symbols;
    }

    /// <summary>Writers of the results of all queries.</summary>
    /// <param name="settings">What the job does.</param>
    /// <param name="outputs">Where each query writes; several may have one stream.</param>
    /// <param name="end">Ends a firing between two batches, however many results are still to come.</param>
    public static IReadOnlyList<ResultWriter> CreateAll(
        JobSettings settings, IReadOnlyList<QueryStreams> outputs, CancellationToken end)
    {
        var writers = new ResultWriter[outputs.Count];
        foreach (var group in Enumerable.Range(0, outputs.Count).GroupBy(query => outputs[query].Results))
        {
            List<int> queries = [.. group];
            var table = new ResultTable(group.Key, settings, queries);
            foreach (var query in queries)
                writers[query] = new ResultWriter(table, settings, query, end);
        }

        return writers;
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
            WriteRow(result);
            if (result.IsFailed)
                NoteFailure(result);
        }

        _row.FlushToStream();
    }

    /// <summary>Writes what is still held back, unless the job has failed: its failure is what counts then.</summary>
    public void OnComplete(Exception? failure)
    {
        if (failure is null)
            _table.Complete();
    }

    private void WriteRow(in WindowResult<string> result)
    {
        var parts = _key.PartsOf(result.Key);
        foreach (var (kind, index) in _places)
        {
            switch (kind)
            {
                case CellKind.Query:
                    _row.Write(_query);
                    break;
                case CellKind.Key:
                    _row.Write(parts[index]);
                    break;
                case CellKind.Start:
                    _row.WriteTime(result.Window.StartTicks);
                    break;
                case CellKind.End:
                    _row.WriteTime(result.Window.EndTicks);
                    break;
                case CellKind.Pane:
                    _row.Write(result.IsFailed ? Failed : NameOf(result.Silence) ?? NameOf(result.Timing));
                    break;
                case CellKind.Value:
                    WriteValue(result, _cells[index]);
                    break;
                default:
                    _row.Skip();
                    break;
            }
        }

        _row.EndRow();
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
        if (_table.IsTable)
            _row.Write(Failed);
        else
            _row.Write(double.NaN);
    }

    private static string? NameOf(SilenceChange silence) => silence switch
    {
        SilenceChange.Started => "silence_started",
        SilenceChange.Ended => "silence_ended",
        _ => null,
    };

    private static string NameOf(PaneTiming timing) => timing switch
    {
        PaneTiming.Early => "early",
        PaneTiming.OnTime => "on_time",
        PaneTiming.Late => "late",
        _ => "retract",
    };
}
