using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Emission.Tables;

/// <summary>Results as rows of a table: which columns there are, and the cells of each result.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// The columns are, in this order: <c>query</c>, <c>number</c>, one for each part of the key (named as the query names
/// it, or <c>key</c>, or <c>key1</c>, <c>key2</c> and so on), <c>window_start</c>, <c>window_end</c>, <c>pane</c>,
/// <c>timing</c> (<c>early</c>, <c>on time</c>, <c>late</c>, <c>retract</c>), <c>is_last</c>, <c>rank</c> (empty where
/// the query has no list), <c>remark</c> (why a window has no values, or what is special about it; mostly empty), and
/// the metrics. Immutable; any thread.
/// </remarks>
public sealed class ResultTable<TKey>
{
    /// <summary>How many cells a result shares with others: from <c>window_start</c> to <c>remark</c>.</summary>
    internal const int PaneCells = 7;

    private readonly KeyColumns<TKey> _keys = new();
    private readonly string _query;
    private readonly WindowTimes _times;
    private readonly int _metrics;
    private readonly bool[] _isDouble;

    /// <param name="schema">The columns of the results.</param>
    /// <param name="queryName">What stands in the column <c>query</c>.</param>
    /// <param name="times">How windows are shown.</param>
    /// <exception cref="NotSupportedException">Keys of the type have no columns.</exception>
    /// <exception cref="ArgumentException">
    /// Two columns have the same name; upper and lower case are the same.
    /// </exception>
    public ResultTable(ResultSchema schema, string queryName, WindowTimes times = WindowTimes.Moments)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(queryName);
        _query = queryName;
        _times = times;
        var time = times == WindowTimes.Ticks ? ResultColumnType.Integer : ResultColumnType.Time;
        List<ResultColumn> columns =
        [
            new("query", ResultColumnType.Text) { IsKey = true },
            new("number", ResultColumnType.Integer),
        ];
        for (var part = 0; part < _keys.Types.Count; part++)
            columns.Add(new ResultColumn(KeyName(schema, part), _keys.Types[part]) { IsKey = true });
        columns.AddRange(
        [
            new ResultColumn("window_start", time) { IsKey = true },
            new ResultColumn("window_end", time) { IsKey = true },
            new ResultColumn("pane", ResultColumnType.Integer),
            new ResultColumn("timing", ResultColumnType.Text),
            new ResultColumn("is_last", ResultColumnType.Boolean),
            new ResultColumn("rank", ResultColumnType.Integer) { IsNullable = true },
            new ResultColumn("remark", ResultColumnType.Text) { IsNullable = true },
        ]);
        _metrics = columns.Count;
        _isDouble = new bool[schema.Count];
        for (var metric = 0; metric < schema.Count; metric++)
        {
            _isDouble[metric] = schema.TypeOf(metric) == MeasureType.Double;
            columns.Add(new ResultColumn(
                schema.Names[metric], _isDouble[metric] ? ResultColumnType.Number : ResultColumnType.Integer)
            {
                IsNullable = true,
            });
        }

        ThrowIfTwice(columns);
        Columns = columns.AsReadOnly();
    }

    /// <summary>The columns, in their order.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>Hands on the cells of a result.</summary>
    /// <typeparam name="TCells">Takes them.</typeparam>
    /// <param name="result">The result.</param>
    /// <param name="cells">Gets one call for each column.</param>
    /// <exception cref="InvalidOperationException">The window cannot be shown as moments.</exception>
    public void Write<TCells>(in WindowResult<TKey> result, ref TCells cells)
        where TCells : IResultCells, allows ref struct
    {
        WriteQuery(ref cells);
        WriteNumberAndKey(in result, ref cells);
        WritePane(in result, ref cells);
        WriteMetrics(in result, ref cells);
    }

    /// <summary>Names a result in a message: its number, key and window.</summary>
    /// <param name="result">The result.</param>
    public string NameOf(in WindowResult<TKey> result) => string.Create(
        CultureInfo.InvariantCulture,
        $"result {result.Number} of '{_query}', key '{result.Key}', window {result.Window.StartTicks} to "
        + $"{result.Window.EndTicks}");

    /// <summary>The first cell, the same for all results.</summary>
    internal void WriteQuery<TCells>(ref TCells cells)
        where TCells : IResultCells, allows ref struct => cells.AddText(_query);

    /// <summary>The cells behind it, which each result has for itself.</summary>
    internal void WriteNumberAndKey<TCells>(in WindowResult<TKey> result, ref TCells cells)
        where TCells : IResultCells, allows ref struct
    {
        cells.AddInteger(result.Number);
        _keys.Write(result.Key, ref cells);
    }

    /// <summary>The <see cref="PaneCells"/> cells behind them, which many results have in common.</summary>
    internal void WritePane<TCells>(in WindowResult<TKey> result, ref TCells cells)
        where TCells : IResultCells, allows ref struct
    {
        var window = result.Window;
        if (_times == WindowTimes.Ticks)
        {
            cells.AddInteger(window.StartTicks);
            cells.AddInteger(window.EndTicks);
        }
        else
        {
            ThrowUnlessMoments(result);
            cells.AddTime(window.StartTicks);
            cells.AddTime(window.EndTicks);
        }

        cells.AddInteger(result.PaneIndex);
        cells.AddText(TextOf(result.Timing));
        cells.AddBoolean(result.IsLast);
        if (result.Rank > 0)
            cells.AddInteger(result.Rank);
        else
            cells.AddNull();
        if (RemarkOn(result) is { } remark)
            cells.AddText(remark);
        else
            cells.AddNull();
    }

    /// <summary>The cells of the metrics.</summary>
    internal void WriteMetrics<TCells>(in WindowResult<TKey> result, ref TCells cells)
        where TCells : IResultCells, allows ref struct
    {
        if (result.HasNulls)
        {
            WriteMetricsWithNulls(result, ref cells);
            return;
        }

        var values = result.RawValues;
        for (var metric = 0; metric < _isDouble.Length; metric++)
        {
            if (_isDouble[metric])
                cells.AddNumber(BitConverter.Int64BitsToDouble(values[metric]));
            else
                cells.AddInteger(values[metric]);
        }
    }

    private void WriteMetricsWithNulls<TCells>(in WindowResult<TKey> result, ref TCells cells)
        where TCells : IResultCells, allows ref struct
    {
        var hasFailed = result.IsFailed;
        for (var metric = 0; metric < _isDouble.Length; metric++)
        {
            if (hasFailed || result.IsNull(metric))
                cells.AddNull();
            else if (_isDouble[metric])
                cells.AddNumber(result.GetDouble(metric));
            else
                cells.AddInteger(result.GetInt64(metric));
        }
    }

    private string KeyName(ResultSchema schema, int part) =>
        schema.KeyParts.Count == _keys.Types.Count ? schema.KeyParts[part] : _keys.NameOf(part);

    private void ThrowIfTwice(List<ResultColumn> columns)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var column = 0; column < columns.Count; column++)
        {
            if (!names.Add(columns[column].Name))
            {
                throw new ArgumentException(
                    $"The query '{_query}' has two columns '{columns[column].Name}' in its table: rename the "
                    + $"{(column < _metrics ? "key" : "metric")}.",
                    nameof(columns));
            }
        }
    }

    private static string TextOf(PaneTiming timing) => timing switch
    {
        PaneTiming.Early => "early",
        PaneTiming.OnTime => "on time",
        PaneTiming.Late => "late",
        _ => "retract",
    };

    private static string? RemarkOn(in WindowResult<TKey> result)
    {
        if (result.IsFailed)
            return $"failed: {result.Failure?.Message}";
        var remark = result.Silence switch
        {
            SilenceChange.Started => "silence started",
            SilenceChange.Ended => "silence ended",
            _ => null,
        };
        if (result.IsEvicted)
            remark = Joined(remark, "evicted");
        if (result.IsFilled)
            remark = Joined(remark, "filled");
        return result.IsPartial ? Joined(remark, "partial") : remark;
    }

    private static string Joined(string? before, string more) => before is null ? more : $"{before}, {more}";

    private void ThrowUnlessMoments(in WindowResult<TKey> result)
    {
        if (IsMoment(result.Window.StartTicks) && IsMoment(result.Window.EndTicks))
            return;
        throw new InvalidOperationException(
            $"{NameOf(result)}: the window lies outside of the years 1 to 9999, and has no moments; set Times of the "
            + "sink to WindowTimes.Ticks.");
    }

    private static bool IsMoment(long ticks) =>
        ticks >= -DateTime.UnixEpoch.Ticks && ticks <= DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks;
}
