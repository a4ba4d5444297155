using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Output;

/// <summary>
/// An output of results: of one query, or of several. It has a column for each name that one of them has.
/// </summary>
internal sealed class ResultTable
{
    private readonly Stream _stream;
    private readonly JobSettings _settings;
    private readonly bool _hasPane;
    private readonly List<string> _names = [];
    private int _open;

    /// <param name="stream">Where the rows go.</param>
    /// <param name="settings">What the job does.</param>
    /// <param name="queries">The queries whose rows these are.</param>
    public ResultTable(Stream stream, JobSettings settings, IReadOnlyList<int> queries)
    {
        _stream = stream;
        _settings = settings;
        _open = queries.Count;
        IsTable = settings.OutputFormat == OutputFormat.Table;

        // To people, a column that can only ever say "on_time" says nothing.
        _hasPane = !IsTable || settings.Lateness > TimeSpan.Zero
            || queries.Any(query => settings.Queries[query].Window.TellsSilence);
        if (settings.Queries[queries[0]].ShowsName)
            _names.Add(ResultColumns.Query);
        Add(queries.SelectMany(query => settings.Layout.Queries[query].KeyNames));
        Add(ResultColumns.Window.Where(name => _hasPane || name != ResultColumns.Pane));
        Add(queries.SelectMany(query => settings.Queries[query].Aggregates.Names));
        Row = RowWriter.Create(stream, settings.OutputFormat, _names, settings.TableStyle);
    }

    /// <summary>Whether the rows are for people.</summary>
    public bool IsTable { get; }

    /// <summary>Writes the rows.</summary>
    public RowWriter Row { get; }

    /// <summary>What a query writes into each column, and which part or value that is.</summary>
    public (CellKind Kind, int Index)[] CellsOf(int query)
    {
        var keys = _settings.Layout.Queries[query].KeyNames;
        var values = _settings.Queries[query].Aggregates.Names;
        return [.. _names.Select((name, column) => column == 0 && _settings.Queries[query].ShowsName
            ? (CellKind.Query, 0)
            : name switch
            {
                ResultColumns.Start => (CellKind.Start, 0),
                ResultColumns.End => (CellKind.End, 0),
                ResultColumns.Pane => (CellKind.Pane, 0),
                _ when PlaceOf(name, keys) is >= 0 and var key => (CellKind.Key, key),
                _ when PlaceOf(name, values) is >= 0 and var value => (CellKind.Value, value),
                _ => (CellKind.None, 0),
            })];
    }

    /// <summary>A query has no more rows. After the last one, what is still held back is written.</summary>
    public void Complete()
    {
        if (--_open > 0)
            return;
        Row.Complete();
        _stream.Flush();
    }

    private static int PlaceOf(string name, IReadOnlyList<string> names)
    {
        for (var place = 0; place < names.Count; place++)
        {
            if (names[place] == name)
                return place;
        }

        return -1;
    }

    private void Add(IEnumerable<string> names) => _names.AddRange(
        names.Distinct(StringComparer.Ordinal).Where(name => !_names.Contains(name, StringComparer.Ordinal)).ToList());
}
