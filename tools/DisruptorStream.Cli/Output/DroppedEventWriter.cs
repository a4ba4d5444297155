using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates;
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
    private readonly IReadOnlyList<InputMeasure> _measures;
    private readonly IReadOnlyList<int> _shown;
    private readonly SymbolTable _symbols;

    public DroppedEventWriter(Stream stream, JobSettings settings)
    {
        _stream = stream;
        _keyCount = settings.Layout.KeyNames.Count;
        _key = new KeyCells(_keyCount);
        _measures = settings.Layout.Measures;
        _symbols = settings.Layout.Symbols;
        var columns = new DroppedColumns(settings.Layout);
        _shown = columns.Measures;

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
        foreach (var measure in _shown)
        {
            if (_measures[measure].Type == MeasureType.Symbol)
                _row.Write(_symbols.TextOf(dropped.GetInt64(measure)) ?? "");
            else
                _row.Write(dropped.GetDouble(measure));
        }

        _row.Write(dropped.Reason.ToString());
        _row.EndRow();
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _row.Complete();
        await _stream.FlushAsync(cancellationToken);
    }
}
