using System.CommandLine;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions.Binding;

namespace DisruptorStream.Cli.Commands;

/// <summary>The arguments and options of <c>dstream run</c>.</summary>
internal sealed class RunOptions
{
    public static readonly string[] TimeFormats = ["iso", "unix-s", "unix-ms", "unix-us", "unix-ns"];

    public static readonly string[] Encodings = ["utf-8", "latin1", "windows-1252", "utf-16"];

    public Argument<string[]> Inputs { get; } = new("INPUT")
    {
        Description = "Files, patterns such as data/*.csv, or - for standard input. Each is a watermark source of "
            + "its own.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public ChoiceOption Format { get; } = new(
        "--format",
        "How the inputs are written: csv (with a header) or ndjson (an object per line), which is the default where "
            + "the name of the first ends in .ndjson or .jsonl, also before .gz or .zst.",
        "csv",
        "ndjson");

    public ChoiceOption Encoding { get; } = new(
        "--encoding",
        "What the inputs are written in; a byte order mark says more than this. A .gz or .zst is read as it is.",
        Encodings);

    public Option<bool> Ragged { get; } = new("--ragged")
    {
        Description = "Take lines of CSV that have more or fewer fields than the header; what is missing is empty.",
    };

    public Option<string> Time { get; } = new("--time")
    {
        Description = "The column of the event time. Needed where rows are read.",
    };

    public ChoiceOption TimeFormatName { get; } = new(
        "--time-format", "ISO 8601, where no zone means UTC, or a count since 1970.", TimeFormats);

    public Option<string> Key { get; } = new("--key")
    {
        Description = "The columns to group by, separated by commas, each with an optional name: \"host, pane as "
            + "panel\"; @file for the name of the input's file. None: one group.",
    };

    public Option<string[]> Let { get; } = new("--let")
    {
        Description = "A column that is computed of others, as NAME = EXPRESSION: --let 'rate = tokens / latency_ms'. "
            + "It can be a key, be aggregated, and be used in --where and in the --let options after it.",
        AllowMultipleArgumentsPerToken = false,
        HelpName = "NAME = EXPRESSION",
    };

    public Option<string?> Where { get; } = new("--where")
    {
        Description = "What must be true of a row, in a subset of SQL: --where \"status >= 500 and model like "
            + "'gpt-%'\". There are = <> < <= > >=, and, or, not, in, between, like, is null, case, cast, + - * / % "
            + $"||, {string.Join(", ", FunctionMenu.Usages)}. A missing or empty value is null. What is filtered is in "
            + "no result, but moves time on.",
        HelpName = "EXPRESSION",
    };

    public Option<string> Window { get; } = new("--window")
    {
        Description = "tumbling:SIZE, sliding:SIZE/SLIDE or session:GAP. Lengths: 100ms, 30s, 5m, 6h, 1d. "
            + "silence:AFTER writes a row when a key has no row for so long, and one when it has again. Or by the "
            + "clock on the wall: calendar:UNIT@ZONE, such as calendar:day@Europe/Berlin, calendar:6hours or "
            + "calendar:week-sunday@America/New_York; there are hour, day, week, month, quarter and year, and without "
            + "a zone it is UTC. Needed where there is no --query.",
    };

    public Option<string> Fill { get; } = new("--fill")
    {
        Description = "VALUES/MOST, such as null/24: a row for each window in which a key has no event, at most so "
            + "many in a row, once it has had one with events. Counts are 0, and the other aggregates null, zero, or "
            + "what they were before (previous).",
    };

    public Option<string> Offset { get; } = Length(
        "--offset", "Where tumbling and sliding windows begin, counted from 1970 in UTC.");

    public Option<string> OutOfOrderness { get; } = Length(
        "--out-of-orderness", "How far behind the newest event of its input an event may be without being late.");

    public Option<string> Watermark { get; } = new("--watermark")
    {
        Description = "inputs, or per-key:BOUND, such as per-key:5s: each key goes by a time of its own, BOUND behind "
            + "its newest row, so that a clock that is ahead harms no other key; its last windows come at the end. "
            + "Takes the place of --out-of-orderness and --jump-guard, and cannot be with --fill.",
        DefaultValueFactory = _ => "inputs",
    };

    public Option<string> JumpGuard { get; } = new("--jump-guard")
    {
        Description = "JUMP, JUMP/KEYS or JUMP/KEYS/EVENTS, such as 1h or 1h/3/16: hold an event that is further ahead "
            + "of its input than JUMP until KEYS different keys confirm it (default 3), or EVENTS events where the "
            + "input has fewer keys (default 16); refuse it where the input goes on without it.",
    };

    public Option<string> Lateness { get; } = Length(
        "--lateness", "How long after its end a window still takes late events.");

    public Option<string> Aggregate { get; } = new("--aggregate")
    {
        Description = "What to compute, each with an optional name: \"count, avg(latency) as avg_latency\". "
            + $"There are: {string.Join("; ", AggregateMenu.Usages)}. "
            + "An expression over those before it is one too: \"count, sum(failed) as errors, errors / count as "
            + "error_rate\". A missing or empty value counts as an event and is left out of the other aggregates; a "
            + "column name with commas or parentheses stands in double quotes. Needed where there is no --query.",
    };

    public Option<string?> Having { get; } = new("--having")
    {
        Description = "What must be true of a result, over the names of its aggregates: --having \"errors / count > "
            + "0.05\". The language is that of --where. Other results are counted, and not written.",
        HelpName = "EXPRESSION",
    };

    public Option<string[]> Query { get; } = new("--query")
    {
        Description = "A question of its own; with several of them, the input is read once for all: --query \"slow: "
            + "where=latency > 1000; key=model; window=tumbling:1m; aggregate=count\". Its parts are "
            + $"{string.Join(", ", QueryParts.Names)}, in any order, as the options of these names; window and "
            + "aggregate are needed, and all other options are for all queries. Without an output of its own, a query "
            + "writes to --output, with its name in front. A value may stand in quotes.",
        AllowMultipleArgumentsPerToken = false,
        HelpName = "NAME: PART=VALUE; ...",
    };

    public Option<string?> Job { get; } = new("--job")
    {
        Description = "A file of JSON that has the options, as { \"inputs\": [\"calls.csv\"], \"time\": \"time\", "
            + "\"queries\": [{ \"name\": ..., \"window\": ..., \"aggregate\": ... }] }. Its paths are relative to its "
            + "folder. What the command line says counts more.",
        HelpName = "FILE",
    };

    public Option<string?> LateOutput { get; } = new("--late-output")
    {
        Description = "A file for the events that entered no window, each with the reason.",
    };

    public Option<string> Output { get; } = new("--output")
    {
        Description = "Where the results go: a file, or - for standard output.",
        DefaultValueFactory = _ => InputFiles.StandardInput,
    };

    public ChoiceOption OutputFormat { get; } = new(
        "--output-format", "How they are written; a table is for people.", "csv", "ndjson", "table");

    public Option<bool> Strict { get; } = new("--strict")
    {
        Description = "Stop at the first line that cannot be read.",
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Neither a progress bar nor a summary on standard error; errors and bad lines are told.",
    };

    /// <summary>Whether the command reads rows. One that does not needs no inputs, and can do without a job.</summary>
    public bool ReadsRows { get; init; } = true;

    /// <summary>What stands in for options that nobody gives; null for nothing.</summary>
    public Func<ParseResult, KnownOptions>? Known { get; init; }

    /// <summary>The options that the file of a job may have.</summary>
    public IReadOnlyList<Option> OfFile =>
    [
        Format, Encoding, Ragged, Time, TimeFormatName, Let, Where, Key, Window, Fill, Offset, OutOfOrderness,
        Watermark, JumpGuard, Lateness, Aggregate, Having, LateOutput, Output, OutputFormat, Strict, Quiet,
    ];

    private Option[] OfJob => [.. OfFile, Query, Job];

    public void AddTo(Command command)
    {
        Inputs.Validators.Add(result =>
        {
            // What no option takes lands among the inputs.
            foreach (var token in result.Tokens)
            {
                if (UsageErrors.IsLikeOption(token.Value) && !File.Exists(token.Value))
                    result.AddError(UsageErrors.DescribeUnknown(token.Value, command));
            }
        });
        command.Arguments.Add(Inputs);
        var options = OfJob;
        foreach (var option in options)
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens is [var token, ..] && options.Any(one => one.Name == token.Value))
                    result.AddError(UsageErrors.DescribeNoValue(option.Name, token.Value));
            });
            command.Options.Add(option);
        }
    }

    /// <summary>Whether a command line says something of a job.</summary>
    public bool IsAnyGiven(ParseResult parsed) =>
        Array.Exists(OfJob, option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>The values of the options.</summary>
    /// <exception cref="IOException">The file of the job cannot be read.</exception>
    /// <exception cref="OptionException">The file of the job, or a query, cannot be understood.</exception>
    public RunValues ValuesOf(ParseResult parsed) => new(this, parsed);

    /// <summary>The files that are read, none of which an output would destroy.</summary>
    /// <exception cref="FileNotFoundException">A file is not there, or a pattern fits none.</exception>
    /// <exception cref="OptionException">
    /// An output is an input, two outputs are one file, a pipe is named twice, or a pattern cannot be understood.
    /// </exception>
    public IReadOnlyList<string> ReadFiles(RunValues values)
    {
        var files = InputFiles.Expand(values.Inputs);
        InputFiles.CheckReadOnce(files);
        var outputs = new List<OptionText?> { values.Find(LateOutput) };
        if (values.Queries.Count == 0 || values.Queries.Any(query => query.Find(QueryParts.Output) is null))
            outputs.Insert(0, values.Get(Output));
        foreach (var query in values.Queries)
            outputs.AddRange([query.Find(QueryParts.Output), query.Find(QueryParts.LateOutput)]);
        OutputFiles.Check(files, outputs.OfType<OptionText>().Select(
            text => (text.Query is null ? text.Label : $"the query '{text.Query}'", (string?)text.Text)));
        return files;
    }

    private static Option<string> Length(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => "0s",
    };
}
