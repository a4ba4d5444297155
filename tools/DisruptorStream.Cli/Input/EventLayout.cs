using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Input.Decoding;
using DisruptorStream.Cli.Input.Derived;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Input;

/// <summary>Which fields of a record make an event: the time, then the key's, then the measures.</summary>
internal sealed class EventLayout
{
    public const int TimeField = 0;

    public const int FirstKeyField = TimeField + 1;

    /// <summary>As many as a row has bits for.</summary>
    public const int MostQueries = 64;

    private readonly ulong[] _conditions;

    /// <param name="format">How the inputs are written.</param>
    /// <param name="time">The column of the time.</param>
    /// <param name="timeFormat">How times are written.</param>
    /// <param name="timeFormatName">The same, as the command line calls it.</param>
    /// <param name="keys">The columns of the key; "@file" alone for the name of the input.</param>
    /// <param name="measures">The columns that are aggregated.</param>
    public EventLayout(
        InputFormat format,
        string time,
        TimeFormat timeFormat,
        string timeFormatName,
        IReadOnlyList<string> keys,
        IReadOnlyList<InputMeasure> measures)
        : this(
            format,
            time,
            timeFormat,
            timeFormatName,
            [new RowQuery(keys, keys is ["@file"] ? ["file"] : keys, Conditions: 0, measures)],
            measures,
            new RowExpressions())
    {
    }

    /// <param name="format">How the inputs are written.</param>
    /// <param name="time">The column of the time.</param>
    /// <param name="timeFormat">How times are written.</param>
    /// <param name="timeFormatName">The same, as the command line calls it.</param>
    /// <param name="queries">What the queries take of the rows: 1 to <see cref="MostQueries"/>.</param>
    /// <param name="measures">The columns that are aggregated, those of all queries.</param>
    /// <param name="expressions">What is computed of each row.</param>
    public EventLayout(
        InputFormat format,
        string time,
        TimeFormat timeFormat,
        string timeFormatName,
        IReadOnlyList<RowQuery> queries,
        IReadOnlyList<InputMeasure> measures,
        RowExpressions expressions)
    {
        Format = format;
        TimeFormat = timeFormat;
        TimeFormatName = timeFormatName;
        Queries = queries;
        Measures = measures;
        Expressions = expressions;
        _conditions = [.. queries.Select(query => query.Conditions)];
        string[] keys =
        [
            .. queries.SelectMany(query => query.KeyColumns is ["@file"] ? [] : query.KeyColumns)
                .Distinct(StringComparer.Ordinal),
        ];
        var names = measures.Select(measure => measure.Name).Distinct(StringComparer.Ordinal).ToList();
        string[] ofEvents = [time, .. keys, .. names];
        Fields = [.. ofEvents, .. Expressions.Inputs];
        FieldsOfInputs = [.. Enumerable.Range(ofEvents.Length, Expressions.Inputs.Count)];
        FieldsOfColumns = [.. Expressions.Columns.Select(column => Enumerable.Range(FirstKeyField, ofEvents.Length - 1)
            .Where(field => ofEvents[field] == column.Name).ToArray())];
        InputFields = [.. Fields.Select((name, field) => IsComputed(field) ? null : name)];
        Cells =
        [
            .. names.Select((name, index) => MeasuredCell.Of(name, FirstKeyField + keys.Length + index, measures) with
            {
                NumberUsers = UsersOf(query => query.Reads.Any(
                    read => read.Name == name && read.Kind is (MeasureKind.Number or MeasureKind.Integer))),
                TextUsers = UsersOf(query => query.Reads.Any(
                    read => read.Name == name && read.Kind is (MeasureKind.Text or MeasureKind.Shown))),
            }),
        ];
        KeyOfQuery = new int[queries.Count];
        Keys = [.. KeysOf(keys)];
    }

    public InputFormat Format { get; }

    public TimeFormat TimeFormat { get; }

    public string TimeFormatName { get; }

    /// <summary>What the queries take of the rows; one where there are no names for them.</summary>
    public IReadOnlyList<RowQuery> Queries { get; }

    /// <summary>The keys, each once.</summary>
    public RowKey[] Keys { get; }

    /// <summary>For each query, which of the keys it groups by.</summary>
    public int[] KeyOfQuery { get; }

    public IReadOnlyList<InputMeasure> Measures { get; }

    /// <summary>The columns that are measured, each once.</summary>
    public IReadOnlyList<MeasuredCell> Cells { get; }

    /// <summary>What the inputs are written in, unless a byte order mark says otherwise.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>Whether lines with more or fewer fields than the header are taken.</summary>
    public bool IsRagged { get; init; }

    /// <summary>The texts of the measures that are symbols.</summary>
    public SymbolTable Symbols { get; } = new(int.MaxValue);

    /// <summary>What is computed of each row.</summary>
    public RowExpressions Expressions { get; }

    /// <summary>The columns, those of the input and those that are computed.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>The columns to look for in the input: the same; null in the place of one that is computed.</summary>
    public IReadOnlyList<string?> InputFields { get; }

    /// <summary>For each column of the input that expressions name, in their order, its field.</summary>
    public int[] FieldsOfInputs { get; }

    /// <summary>For each column that is computed, the fields of keys and measures that it is.</summary>
    public int[][] FieldsOfColumns { get; }

    /// <summary>The columns that a query measures, as it reads them.</summary>
    public IEnumerable<MeasuredCell> CellsOf(int query)
    {
        var reads = Queries[query].Reads;
        return reads.Select(read => read.Name).Distinct(StringComparer.Ordinal)
            .Select(name => Cells.First(cell => cell.Name == name))
            .Select(cell => MeasuredCell.Of(cell.Name, cell.Field, Measures, reads));
    }

    /// <summary>A bit for each query that takes a row.</summary>
    /// <param name="passed">A bit for each condition that is true of it.</param>
    public ulong TakersOf(ulong passed)
    {
        var takers = 0UL;
        for (var query = 0; query < _conditions.Length; query++)
        {
            if ((passed & _conditions[query]) == _conditions[query])
                takers |= 1UL << query;
        }

        return takers;
    }

    private List<RowKey> KeysOf(string[] columns)
    {
        var keys = new List<RowKey>();
        for (var query = 0; query < Queries.Count; query++)
        {
            var wanted = Queries[query].KeyColumns;
            var place = keys.FindIndex(key => key.Columns.SequenceEqual(wanted, StringComparer.Ordinal));
            if (place < 0)
            {
                place = keys.Count;
                int[] fields = wanted is ["@file"]
                    ? []
                    : [.. wanted.Select(column => FirstKeyField + Array.IndexOf(columns, column))];
                keys.Add(new RowKey(wanted, fields, UsersOf(
                    other => other.KeyColumns.SequenceEqual(wanted, StringComparer.Ordinal))));
            }

            KeyOfQuery[query] = place;
        }

        return keys;
    }

    private ulong UsersOf(Func<RowQuery, bool> uses)
    {
        var users = 0UL;
        for (var query = 0; query < Queries.Count; query++)
            users |= uses(Queries[query]) ? 1UL << query : 0;
        return users;
    }

    private bool IsComputed(int field) => Array.Exists(FieldsOfColumns, fields => fields.Contains(field));
}
