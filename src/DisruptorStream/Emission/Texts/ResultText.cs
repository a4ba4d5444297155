using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Texts;

/// <summary>Makes rows of text of results: what all sinks of text write.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// The cells are those of <see cref="ResultTable{TKey}"/>. Those that rows have in common, the name of the query, the
/// window and the pane, are made once and copied. One thread at a time.
/// </remarks>
internal sealed class ResultText<TKey>
{
    private readonly ResultTable<TKey> _table;
    private readonly MadeText _query;

    // The last pane that was like the one before it, and its cells.
    private ResultHeader _pane;
    private MadeText _paneText;
    private bool _hasPaneText;

    /// <param name="format">CSV or JSON.</param>
    /// <param name="schema">The columns of the results.</param>
    /// <param name="queryName">What stands in the column <c>query</c>.</param>
    /// <param name="times">How windows are shown.</param>
    /// <exception cref="NotSupportedException">Keys of the type have no columns.</exception>
    /// <exception cref="ArgumentException">Two columns have the same name.</exception>
    public ResultText(
        FileSinkFormat format,
        ResultSchema schema,
        string queryName,
        WindowTimes times = WindowTimes.Moments)
    {
        _table = new ResultTable<TKey>(schema, queryName, times);
        Rows = new TextRows(format, _table.Columns);
        var cells = new TextCells(Rows);
        _table.WriteQuery(ref cells);
        _query = new MadeText(Rows.Bytes);
        Rows.Clear();
    }

    /// <summary>Where the rows are added.</summary>
    public TextRows Rows { get; }

    /// <summary>Adds the row of a result.</summary>
    /// <param name="result">The result.</param>
    /// <exception cref="InvalidOperationException">The window cannot be shown as moments.</exception>
    public void Add(in WindowResult<TKey> result)
    {
        var cells = new TextCells(Rows);
        Rows.AddMade(in _query, cells: 1);
        _table.WriteNumberAndKey(in result, ref cells);
        AddPane(in result, ref cells);
        _table.WriteMetrics(in result, ref cells);
        Rows.EndRow();
    }

    private void AddPane(in WindowResult<TKey> result, ref TextCells cells)
    {
        ref readonly var pane = ref result.Header;
        var isLikeLast = HasCellsOf(in pane) && !result.IsFailed && !result.IsPartial;
        if (isLikeLast && _hasPaneText)
        {
            Rows.AddMade(in _paneText, ResultTable<TKey>.PaneCells);
            return;
        }

        var start = Rows.Bytes.Length;
        _table.WritePane(in result, ref cells);

        // The first row of many: a pane that comes once is not worth a copy.
        _hasPaneText = isLikeLast;
        if (isLikeLast)
            _paneText = new MadeText(Rows.Bytes[start..]);
        _pane = pane;
    }

    private bool HasCellsOf(in ResultHeader pane) =>
        pane.StartTicks == _pane.StartTicks
        && pane.EndTicks == _pane.EndTicks
        && pane.PaneIndex == _pane.PaneIndex
        && pane.Rank == _pane.Rank
        && pane.Timing == _pane.Timing
        && pane.Flags == _pane.Flags;
}
