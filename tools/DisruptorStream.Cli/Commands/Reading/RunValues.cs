using System.CommandLine;
using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions;

namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>
/// The values of the options: those of the command line, then those of the job's file, then the defaults.
/// </summary>
internal sealed class RunValues
{
    private readonly RunOptions _options;
    private readonly ParseResult _parsed;
    private readonly JobFile? _file;
    private readonly KnownOptions _known;

    /// <exception cref="MissingOptionsException">The line lacks what no file has.</exception>
    /// <exception cref="IOException">The job's file cannot be read.</exception>
    /// <exception cref="OptionException">The job's file or a query cannot be understood.</exception>
    public RunValues(RunOptions options, ParseResult parsed)
    {
        _options = options;
        _parsed = parsed;
        _known = options.Known?.Invoke(parsed) ?? KnownOptions.None;
        if (parsed.GetValue(options.Job) is { } path)
        {
            _file = path.Length > 0
                ? JobFile.Read(path, options.OfFile)
                : throw new OptionException(
                    options.Job.Name, path, new FormatException("--job has no name; write the file of the job."));
        }
        else if (options.ReadsRows || options.IsAnyGiven(parsed))
        {
            CheckNeeded();
        }

        Queries =
        [
            .. _file?.Queries ?? [],
            .. (parsed.GetValue(options.Query) ?? []).Select(text => QueryText.Parse(options.Query.Name, text)),
        ];
        CheckQueries();
    }

    /// <summary>The queries that have names, those of the file first.</summary>
    public IReadOnlyList<QueryParts> Queries { get; }

    /// <summary>
    /// The inputs: those of the command line, else those of the file; none only where no rows are read.
    /// </summary>
    /// <exception cref="OptionException">There are none.</exception>
    public IReadOnlyList<string> Inputs
    {
        get
        {
            var inputs = _parsed.GetValue(_options.Inputs) ?? [];
            if (inputs.Length == 0 && _file is not null)
                inputs = [.. _file.Inputs.Select(input => input.Text)];
            return inputs.Length > 0 || !_options.ReadsRows ? inputs : throw Missing("inputs", "inputs");
        }
    }

    /// <summary>The columns that are computed, those of the file first.</summary>
    public IEnumerable<OptionText> Lets =>
    [
        .. _file?.ListOf(_options.Let) ?? [],
        .. (_parsed.GetValue(_options.Let) ?? []).Select(text => new OptionText(_options.Let.Name, text)),
    ];

    /// <summary>All texts that name columns, for messages.</summary>
    public IEnumerable<OptionText> ColumnTexts
    {
        get
        {
            OptionText?[] common =
                [Find(_options.Time), Find(_options.Key), Find(_options.Aggregate), Find(_options.Where)];
            var ofQueries = Queries.SelectMany(query => new[]
            {
                query.Find(QueryParts.Key), query.Find(QueryParts.Aggregate), query.Find(QueryParts.Where),
            });
            return common.Concat(Lets).Concat(ofQueries).OfType<OptionText>();
        }
    }

    /// <summary>The value that was given; null for none.</summary>
    public OptionText? Find(Option option) => IsGiven(option)
        ? new OptionText(option.Name, _parsed.GetValue<string?>(option.Name) ?? "")
        : _file?.Find(option) ?? FindKnown(option);

    /// <summary>The value that was given, or the default.</summary>
    public OptionText Get(Option<string> option) =>
        Find(option) ?? new OptionText(option.Name, _parsed.GetValue(option) ?? "");

    /// <summary>The value that was given.</summary>
    /// <exception cref="OptionException">There is none.</exception>
    public OptionText Need(Option<string> option) => Find(option) ?? throw Missing(option.Name, option.Name[2..]);

    public bool IsSet(Option<bool> option) => _parsed.GetValue(option) || _file?.IsSet(option) == true;

    /// <summary>The only query, which the options make.</summary>
    public QueryParts QueryOfOptions()
    {
        var query = new QueryParts(null, new OptionText("", ""));
        query.Add(QueryParts.Key, Get(_options.Key));
        query.Add(QueryParts.Window, Need(_options.Window));
        query.Add(QueryParts.Aggregate, Need(_options.Aggregate));
        if (Find(_options.Having) is { } having)
            query.Add(QueryParts.Having, having);
        if (Find(_options.Fill) is { } fill)
            query.Add(QueryParts.Fill, fill);
        if (Find(_options.LateOutput) is { } late)
            query.Add(QueryParts.LateOutput, late);
        return query;
    }

    /// <summary>The options whose values are those that are known, as a line could have them; empty for none.</summary>
    public string Taken()
    {
        var taken = new List<string>();
        foreach (var (name, value) in _known.Values)
        {
            var option = _options.OfFile.First(one => one.Name == name);
            if (!IsGiven(option) && _file?.Find(option) is null && (Queries.Count == 0 || !IsOfQuery(name)))
                taken.Add(value.AsSpan().ContainsAny(" (),") ? $"{name} '{value}'" : $"{name} {value}");
        }

        return string.Join(' ', taken);
    }

    // What is known of the only query says nothing of several ones.
    private OptionText? FindKnown(Option option)
    {
        var hasQueries = IsGiven(_options.Query) || _file is { Queries.Count: > 0 };
        return _known.Values.TryGetValue(option.Name, out var value) && !(hasQueries && IsOfQuery(option.Name))
            ? new OptionText(option.Name, value)
            : null;
    }

    private bool IsOfQuery(string name) => Array.Exists(OfQueries, option => option.Name == name);

    private bool IsGiven(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>What must be on the line where no file can have it.</summary>
    /// <exception cref="MissingOptionsException">Something is neither given nor known.</exception>
    public void CheckNeeded()
    {
        var missing = new List<string>();
        if (_options.ReadsRows && _parsed.GetValue(_options.Inputs) is null or [])
            missing.Add("An input is missing: files, a pattern in quotes, or - for standard input.");
        Option[] needed =
        [
            .. _options.ReadsRows ? [_options.Time] : Array.Empty<Option>(),
            .. IsGiven(_options.Query) || _file is { Queries.Count: > 0 }
                ? Array.Empty<Option>()
                : [_options.Window, _options.Aggregate],
        ];
        missing.AddRange(needed.Where(option => Find(option) is null).Select(option => _known.Require(option.Name)));
        if (missing.Count > 0)
            throw new MissingOptionsException(missing);
    }

    private Option[] OfQueries =>
    [
        _options.Key, _options.Window, _options.Fill, _options.Aggregate, _options.Having, _options.LateOutput,
    ];

    private void CheckQueries()
    {
        if (Queries.Count == 0)
            return;
        foreach (var option in OfQueries)
        {
            if (Find(option) is { } given)
            {
                throw given.Error(new FormatException(
                    $"There are queries, and {option.Name[2..]} belongs into each of them; move it there."));
            }
        }

        if (Queries.All(query => query.Find(QueryParts.Output) is not null) && Find(_options.Output) is { } unused)
        {
            throw unused.Error(new FormatException(
                "Every query has an output of its own, so nothing would go here; leave this out, or one of those."));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var query in Queries)
        {
            if (!names.Add(query.Name!))
            {
                throw query.Whole.Error(new ExpressionException(
                    "Another query has the same name; choose another.",
                    Math.Max(0, query.Whole.Text.IndexOf(query.Name!, StringComparison.Ordinal)),
                    query.Name!.Length));
            }
        }
    }

    private OptionException Missing(string what, string member) => new(
        _options.Job.Name,
        _parsed.GetValue(_options.Job) ?? "",
        new FormatException(
            $"The job has no {what.TrimStart('-')}; add \"{member}\" to its file, or give it on the line."));
}
