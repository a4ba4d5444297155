using System.CommandLine;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Decoding;
using DisruptorStream.Cli.Input.Derived;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Jobs.Windowing;
using DisruptorStream.Cli.Output;
using DisruptorStream.Cli.Terminal;
using DisruptorStream.Cli.Text;
using DisruptorStream.Events;
using DisruptorStream.Expressions.Binding;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>Makes settings of the values of the options.</summary>
internal sealed class SettingsReader
{
    private readonly RunOptions _options;
    private readonly RunValues _values;
    private readonly RowExpressions _expressions = new();
    private readonly List<QueryParts> _parts;
    private readonly List<QuerySettings> _queries = [];
    private readonly List<RowQuery> _rows = [];

    private SettingsReader(RunOptions options, RunValues values)
    {
        _options = options;
        _values = values;
        _parts = values.Queries.Count > 0 ? [.. values.Queries] : [values.QueryOfOptions()];
    }

    /// <exception cref="OptionException">An option cannot be understood.</exception>
    public static JobSettings Read(RunOptions options, RunValues values) => new SettingsReader(options, values).Read();

    private JobSettings Read()
    {
        foreach (var let in _values.Lets)
            let.Understand(AddColumn);
        var common = _values.Find(_options.Where)?.Understand(
            text => 1UL << _expressions.AddCondition(text, "--where")) ?? 0;
        foreach (var parts in _parts)
            AddQuery(parts, common);
        return new JobSettings
        {
            Layout = ReadLayout(),
            Queries = _queries,
            Offset = _values.Get(_options.Offset).Understand(Duration.Parse),
            OutOfOrderness = _values.Get(_options.OutOfOrderness).Understand(NotNegative),
            KeyTime = ReadKeyTime(),
            JumpGuard = ReadGuard(),
            Lateness = ReadLateness(),
            IsStrict = _values.IsSet(_options.Strict),
            OutputFormat = Enum.Parse<OutputFormat>(_values.Get(_options.OutputFormat).Text, ignoreCase: true),
            TableStyle = new TableStyle(
                _values.Inputs.Contains(InputFiles.StandardInput) ? 0 : TableStyle.Plain.HeldRows,
                FileIdentity.IsStandardOutput(_values.Get(_options.Output).Text) && TerminalState.OutputHasColour),
        };
    }

    private TimeSpan? ReadKeyTime()
    {
        var watermark = _values.Get(_options.Watermark);
        if (watermark.Understand(WatermarkSpec.Parse) is not { } bound)
            return null;
        if (_queries.Exists(query => query.Window.TellsSilence))
        {
            throw watermark.Error(new FormatException(
                "A silence is told by the time of all keys, as that of a key stands still while it is silent; leave "
                + "--watermark out, or ask for other windows."));
        }

        var other = (Option?)null;
        if (_values.Get(_options.OutOfOrderness).Understand(NotNegative) > TimeSpan.Zero)
            other = _options.OutOfOrderness;
        else if (_values.Find(_options.JumpGuard) is not null)
            other = _options.JumpGuard;
        else if (_queries.Exists(query => query.Fill is not null))
            other = _options.Fill;
        return other is null ? bound : throw watermark.Error(new FormatException(
            $"With --watermark per-key each key has a time of its own, and {other.Name} is for keys that go by the "
            + "same one; leave one of the two out."));
    }

    private JumpGuardOptions? ReadGuard()
    {
        if (_values.Find(_options.JumpGuard) is not { } guard)
            return null;
        var keys = _rows.Select(row => string.Join('\n', row.KeyColumns)).Distinct(StringComparer.Ordinal).Count();
        return keys == 1
            ? guard.Understand(JumpGuardSpec.Parse)
            : throw guard.Error(new FormatException(
                $"The jump guard looks at one key, and the queries group by {keys} different ones; leave it out, or "
                + "run those of each key as a job."));
    }

    private TimeSpan ReadLateness()
    {
        var text = _values.Get(_options.Lateness);
        var lateness = text.Understand(NotNegative);
        return lateness == TimeSpan.Zero || !_queries.TrueForAll(query => query.Window.TellsSilence)
            ? lateness
            : throw text.Error(new FormatException(
                "A silence is told once, so that no late row can change it; leave it out, and let --out-of-orderness "
                + "wait for late rows."));
    }

    private bool AddColumn(string text)
    {
        _expressions.AddColumn(text);
        return true;
    }

    private void AddQuery(QueryParts parts, ulong conditions)
    {
        if (_queries.Count == EventLayout.MostQueries)
        {
            throw parts.Whole.Error(new FormatException(
                $"A job has at most {EventLayout.MostQueries} queries; run some of them as another job."));
        }

        var key = parts.Find(QueryParts.Key) ?? parts.Whole with { Text = "" };
        var keys = key.Understand(KeyList.Parse);
        var window = parts.Get(QueryParts.Window, "tumbling:1m").Understand(WindowSpec.Parse);
        var aggregate = parts.Get(QueryParts.Aggregate, "count");
        var aggregates = aggregate.Understand(text => AggregateList.Parse(
            text, keys.Names, hasDigits: _options.ReadsRows));
        if (parts.Find(QueryParts.Where) is { } where)
        {
            conditions |= where.Understand(
                text => 1UL << _expressions.AddCondition(text, $"where of '{parts.Name}'"));
        }

        var query = new QuerySettings
        {
            Name = parts.Name,
            Window = window,
            Fill = parts.Find(QueryParts.Fill) is { } fill ? ReadFill(fill, window) : null,
            Aggregates = aggregates,
            Having = parts.Find(QueryParts.Having)?.Understand(aggregates.CheckCondition),
            Output = parts.Find(QueryParts.Output)?.Text,
            LateOutput = parts.Find(QueryParts.LateOutput)?.Text,
        };
        CheckTypes(aggregates, aggregate);
        CheckNameOfQuery(query, keys.Names, key);
        CheckNameOfQuery(query, aggregates.Names, aggregate);
        _queries.Add(query);
        _rows.Add(new RowQuery(
            keys.Columns,
            keys.Names,
            conditions,
            AggregateList.MeasuresOf([(aggregates, query.LateOutput is not null)], FormatOf() == InputFormat.Ndjson)));
        CheckRoom(parts, key);
    }

    private static FillSpec ReadFill(OptionText fill, WindowSpec window) => window.HasGaps
        ? fill.Understand(FillSpec.Parse)
        : throw fill.Error(new FormatException(
            "Sessions and silences follow their events, so that there are no gaps to be filled; leave it out, or use "
            + "tumbling, sliding or calendar windows."));

    /// <summary>Numbers cannot be taken of a column that is computed as a text or a condition.</summary>
    private void CheckTypes(AggregateList aggregates, OptionText text)
    {
        foreach (var measure in aggregates.Measures)
        {
            var type = _expressions.TypeOf(measure.Name);
            if (measure.Kind is not (MeasureKind.Text or MeasureKind.Shown)
                && type is ExpressionType.Text or ExpressionType.Boolean)
            {
                throw text.ErrorAt(
                    measure.Name,
                    $"The column '{measure.Name}' of --let is {TypeRules.NameOf(type.Value)}, and the aggregate needs "
                    + "numbers; write case when ... then 1 else 0 end.");
            }
        }
    }

    private static void CheckNameOfQuery(QuerySettings query, IReadOnlyList<string> names, OptionText text)
    {
        if (query.ShowsName && names.Contains(ResultColumns.Query, StringComparer.Ordinal))
        {
            throw text.ErrorAt(
                ResultColumns.Query,
                $"A column is named '{ResultColumns.Query}', as the column of the query's name is; give it another "
                + "name with 'as NAME', or give the query an output of its own.");
        }
    }

    /// <summary>What all queries share has its limits.</summary>
    private void CheckRoom(QueryParts parts, OptionText key)
    {
        var keys = _rows.Select(row => string.Join('\n', row.KeyColumns)).Distinct(StringComparer.Ordinal).Count();
        if (keys > SlotLayout.MostKeys)
        {
            throw key.Error(new FormatException(
                $"The queries group by {keys} different keys, and {SlotLayout.MostKeys} is the most; run some of them "
                + "as another job."));
        }

        var measures = MeasuresOf(hasTypes: null).Count;
        if (measures > AggregateList.MostMeasures)
        {
            throw parts.Whole.Error(new FormatException(
                $"Up to here the queries need {measures} measures of an event, and {AggregateList.MostMeasures} is the "
                + "most; run some of them as another job."));
        }
    }

    private IReadOnlyList<InputMeasure> MeasuresOf(bool? hasTypes) => AggregateList.MeasuresOf(
        [.. _queries.Select(query => (query.Aggregates, query.LateOutput is not null))], hasTypes);

    private EventLayout ReadLayout()
    {
        var timeFormat = _values.Get(_options.TimeFormatName).Text;
        var format = FormatOf();
        var time = _options.ReadsRows
            ? _values.Need(_options.Time)
            : _values.Find(_options.Time) ?? new OptionText(_options.Time.Name, "time");
        var layout = new EventLayout(
            format,
            time.Understand(NotEmpty),
            (TimeFormat)Array.IndexOf(RunOptions.TimeFormats, timeFormat),
            timeFormat,
            _rows,
            MeasuresOf(hasTypes: format == InputFormat.Ndjson),
            _expressions)
        {
            Encoding = (TextEncoding)Array.IndexOf(RunOptions.Encodings, _values.Get(_options.Encoding).Text),
            IsRagged = _values.IsSet(_options.Ragged),
        };
        for (var query = 0; query < _queries.Count; query++)
        {
            if (_queries[query].LateOutput is not null && new DroppedColumns(layout, query).Clash is { } clash)
                throw ClashOf(query, clash, time);
        }

        return layout;
    }

    /// <summary>The error that two columns of the dropped events have one name; only the key's can change.</summary>
    private OptionException ClashOf(int query, string name, OptionText time)
    {
        var parts = _parts[query];
        var message = $"Two columns of {_options.LateOutput.Name} would be named '{name}'; ";
        if (_rows[query].KeyNames.Contains(name, StringComparer.Ordinal))
        {
            return parts.Find(QueryParts.Key)!.ErrorAt(
                name, message + "give that of the key another name with 'COLUMN as NAME'.");
        }

        message += $"the last says why an event was dropped, so rename the column '{name}' of the input.";
        return (time.Text == name ? time : parts.Find(QueryParts.Aggregate)!).ErrorAt(name, message);
    }

    /// <summary>As it is said; else as the name of the first input says.</summary>
    private InputFormat FormatOf()
    {
        var name = _values.Inputs is [var first, ..] ? first.ToLowerInvariant() : "";
        if (Path.GetExtension(name) is ".gz" or ".zst")
            name = Path.GetFileNameWithoutExtension(name);
        return _values.Find(_options.Format) is null && Path.GetExtension(name) is ".ndjson" or ".jsonl"
            ? InputFormat.Ndjson
            : Enum.Parse<InputFormat>(_values.Get(_options.Format).Text, ignoreCase: true);
    }

    private static string NotEmpty(string text) => text.Length > 0
        ? text
        : throw new FormatException("--time has no name; write the column of the event time.");

    private static TimeSpan NotNegative(string text)
    {
        var length = Duration.Parse(text);
        return length >= TimeSpan.Zero ? length : throw new FormatException($"{text} is negative, and must not be.");
    }
}
