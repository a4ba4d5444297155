using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Emission.Texts;
using DisruptorStream.Events;

namespace DisruptorStream.Cluster.Handling;

/// <summary>What a partition leaves out, as lines of JSON, up to the next record of results.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Whoever handles the partition calls, one at a time.</remarks>
internal sealed class PendingDrops<TKey> : IDroppedEventSink<TKey>
{
    // A log takes a record of these, whatever its options say, and each owner cuts in the same places.
    private const int MostLinesOfARecord = 32;
    private const int MostLineBytes = 4096;
    private const int MostMessageLength = 500;

    private static readonly ResultColumn[] Places =
    [
        new("query", ResultColumnType.Text),
        new("partition", ResultColumnType.Integer),
        new("input", ResultColumnType.Text),
        new("position", ResultColumnType.Integer),
        new("index", ResultColumnType.Integer),
        new("reason", ResultColumnType.Text),
    ];

    private readonly string _query;
    private readonly int _partition;
    private readonly KeyColumns<TKey> _keys = new();
    private readonly TextRows _records =
        new(FileSinkFormat.Ndjson, [.. Places, new ResultColumn("message", ResultColumnType.Text)]);

    private TextRows? _events;
    private string _input = "";
    private long _position;
    private long _index;

    /// <param name="query">The name of the query.</param>
    /// <param name="partition">The partition's number.</param>
    public PendingDrops(string query, int partition) => (_query, _partition) = (query, partition);

    /// <exception cref="ArgumentException">A measure has the name of another field of a line.</exception>
    public static void ThrowIfTwice(IReadOnlyList<MeasureDefinition> measures)
    {
        foreach (var column in ColumnsOf(new KeyColumns<TKey>()))
        {
            foreach (var measure in measures)
            {
                if (string.Equals(measure.Name, column.Name, StringComparison.OrdinalIgnoreCase))
                {
                    throw new ArgumentException(
                        $"The measure '{measure.Name}' has the name of another field of what is left out "
                        + "(DroppedTopic): rename the measure, or set no such topic.",
                        nameof(measures));
                }
            }
        }
    }

    /// <summary>The lines.</summary>
    public PendingLines Lines { get; } = new();

    /// <summary>What comes is left out while a record is handled, or the clock moves.</summary>
    /// <param name="input">The name of its log; empty for the clock.</param>
    /// <param name="position">Its position; the ticks of the clock.</param>
    public void MoveTo(string input, long position) => (_input, _position, _index) = (input, position, 0);

    /// <inheritdoc/>
    public void OnDropped(in DroppedEvent<TKey> dropped)
    {
        var rows = _events ??= NewRows(dropped.MeasureNames);
        var index = _index;
        Write(rows, in dropped, dropped.HasKey);
        if (rows.Bytes.Length > MostLineBytes)
        {
            _index = index;
            Write(rows, in dropped, hasKey: false);
        }

        Lines.Add(rows.Bytes);
    }

    /// <summary>A record, or an event of it, is no event.</summary>
    /// <param name="failure">What is wrong with it.</param>
    public void AddBad(Exception failure)
    {
        var cells = Begin(_records, "BadRecord");
        cells.AddText(MessageOf(failure));
        _records.EndRow();
        Lines.Add(_records.Bytes);
    }

    /// <summary>The message, which is the user's: it may be long, be missing or throw.</summary>
    private static string MessageOf(Exception failure)
    {
        try
        {
            var message = failure.Message ?? "";
            return message.Length <= MostMessageLength ? message : $"{message.AsSpan(0, MostMessageLength)}…";
        }
        catch (Exception)
        {
            return failure.GetType().Name;
        }
    }

    /// <summary>
    /// Takes all, as records of a log: of up to 32 lines, so that the next owner cuts in the same places.
    /// </summary>
    public IReadOnlyList<LogRecord> TakeRecords()
    {
        if (Lines.Count == 0)
            return [];
        var records = new List<LogRecord>();
        while (Lines.Count > 0)
        {
            var body = Lines.Take(int.MaxValue, out var count, MostLinesOfARecord);
            records.Add(new LogRecord(
                body, [new(PartitionHeaders.Count, count.ToString(CultureInfo.InvariantCulture))]));
        }

        return records;
    }

    private static void AddNulls(ref TextCells cells, int count)
    {
        for (var cell = 0; cell < count; cell++)
            cells.AddNull();
    }

    /// <summary>The columns in front of the measures.</summary>
    private static List<ResultColumn> ColumnsOf(KeyColumns<TKey> keys)
    {
        List<ResultColumn> columns = [.. Places];
        for (var part = 0; part < keys.Types.Count; part++)
            columns.Add(new ResultColumn(keys.NameOf(part), keys.Types[part]));
        columns.Add(new ResultColumn("ticks", ResultColumnType.Integer));
        columns.Add(new ResultColumn("time", ResultColumnType.Time));
        return columns;
    }

    private TextRows NewRows(IReadOnlyList<string> measures)
    {
        var columns = ColumnsOf(_keys);
        foreach (var measure in measures)
            columns.Add(new ResultColumn(measure, ResultColumnType.Number));
        return new TextRows(FileSinkFormat.Ndjson, columns);
    }

    private TextCells Begin(TextRows rows, string reason)
    {
        rows.Clear();
        var cells = new TextCells(rows);
        cells.AddText(_query);
        cells.AddInteger(_partition);
        cells.AddText(_input);
        cells.AddInteger(_position);
        cells.AddInteger(_index++);
        cells.AddText(reason);
        return cells;
    }

    private void Write(TextRows rows, in DroppedEvent<TKey> dropped, bool hasKey)
    {
        var cells = Begin(rows, dropped.Reason.ToString());
        if (hasKey)
            _keys.Write(dropped.Key!, ref cells);
        else
            AddNulls(ref cells, _keys.Types.Count);
        cells.AddInteger(dropped.TimestampTicks);
        if (EventTime.IsExpressible(dropped.TimestampTicks))
            cells.AddTime(dropped.TimestampTicks);
        else
            cells.AddNull();
        for (var measure = 0; measure < dropped.RawMeasures.Length; measure++)
        {
            if (dropped.TypeOf(measure) == MeasureType.Double)
                cells.AddNumber(dropped.GetDouble(measure));
            else
                cells.AddInteger(dropped.GetInt64(measure));
        }

        rows.EndRow();
    }
}
