using System.CommandLine;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input.Decoding;
using DisruptorStream.Cli.Input.Derived;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Output;
using DisruptorStream.Cli.Terminal;
using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Binding;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Commands;

/// <summary>The arguments and options of <c>dstream run</c>.</summary>
internal sealed class RunOptions
{
    private static readonly string[] TimeFormats = ["iso", "unix-s", "unix-ms", "unix-us", "unix-ns"];

    private static readonly string[] Encodings = ["utf-8", "latin1", "windows-1252", "utf-16"];

    public Argument<string[]> Inputs { get; } = new("INPUT")
    {
        Description = "Files, patterns such as data/*.csv, or - for standard input. Each is a watermark source of "
            + "its own.",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string> Format { get; } = Choice(
        "--format",
        "How the inputs are written: csv (with a header) or ndjson (an object per line), which is the default where "
            + "the name of the first ends in .ndjson or .jsonl, also before .gz or .zst.",
        "csv",
        "ndjson");

    public Option<string> Encoding { get; } = Choice(
        "--encoding",
        "What the inputs are written in; a byte order mark says more than this. A .gz or .zst is read as it is.",
        Encodings);

    public Option<bool> Ragged { get; } = new("--ragged")
    {
        Description = "Take lines of CSV that have more or fewer fields than the header; what is missing is empty.",
    };

    public Option<string> Time { get; } = new("--time")
    {
        Description = "The column of the event time.",
        Required = true,
    };

    public Option<string> TimeFormatName { get; } = Choice(
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
        Description = "tumbling:SIZE, sliding:SIZE/SLIDE or session:GAP. Lengths: 100ms, 30s, 5m, 6h, 1d.",
        Required = true,
    };

    public Option<string> Offset { get; } = Length("--offset", "Where windows begin, counted from 1970 in UTC.");

    public Option<string> OutOfOrderness { get; } = Length(
        "--out-of-orderness", "How far behind the newest event of its input an event may be without being late.");

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
            + "column name with commas or parentheses stands in double quotes.",
        Required = true,
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

    public Option<string> OutputFormat { get; } = Choice(
        "--output-format", "How they are written; a table is for people.", "csv", "ndjson", "table");

    public Option<bool> Strict { get; } = new("--strict")
    {
        Description = "Stop at the first line that cannot be read.",
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Neither a progress bar nor a summary on standard error; errors and bad lines are told.",
    };

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
        Option[] options =
        [
            Format, Encoding, Ragged, Time, TimeFormatName, Let, Where, Key, Window, Offset, OutOfOrderness, JumpGuard,
            Lateness,
            Aggregate, LateOutput, Output, OutputFormat, Strict, Quiet,
        ];
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

    /// <exception cref="OptionException">An option cannot be understood.</exception>
    public JobSettings Read(ParseResult parsed)
    {
        var keys = Understand(parsed, Key, KeyList.Parse);
        var aggregates = Understand(parsed, Aggregate, text => AggregateList.Parse(text, keys.Names));
        return new JobSettings
        {
            Layout = ReadLayout(parsed, keys, aggregates, ReadExpressions(parsed, aggregates)),
            Window = Understand(parsed, Window, WindowSpec.Parse),
            Aggregates = aggregates,
            Offset = Understand(parsed, Offset, Duration.Parse),
            OutOfOrderness = Understand(parsed, OutOfOrderness, NotNegative),
            JumpGuard = parsed.GetValue(JumpGuard) is null ? null : Understand(parsed, JumpGuard, JumpGuardSpec.Parse),
            Lateness = Understand(parsed, Lateness, NotNegative),
            IsStrict = parsed.GetValue(Strict),
            OutputFormat = Enum.Parse<OutputFormat>(parsed.GetRequiredValue(OutputFormat), ignoreCase: true),
            TableStyle = new TableStyle(
                parsed.GetRequiredValue(Inputs).Contains(InputFiles.StandardInput) ? 0 : TableStyle.Plain.HeldRows,
                FileIdentity.IsStandardOutput(parsed.GetRequiredValue(Output)) && TerminalState.OutputHasColour),
        };
    }

    /// <summary>The files that are read, none of which an output would destroy.</summary>
    /// <exception cref="FileNotFoundException">A file is not there, or a pattern fits none.</exception>
    /// <exception cref="OptionException">
    /// An output is an input, both outputs are one file, a pipe is named twice, or a pattern cannot be understood.
    /// </exception>
    public IReadOnlyList<string> ReadFiles(ParseResult parsed)
    {
        var files = InputFiles.Expand(parsed.GetRequiredValue(Inputs));
        InputFiles.CheckReadOnce(files);
        OutputFiles.Check(
            files,
            (Output.Name, parsed.GetRequiredValue(Output)),
            (LateOutput.Name, parsed.GetValue(LateOutput)));
        return files;
    }

    private EventLayout ReadLayout(
        ParseResult parsed, KeyList keys, AggregateList aggregates, RowExpressions expressions)
    {
        var timeFormat = parsed.GetRequiredValue(TimeFormatName);
        var hasLateOutput = parsed.GetValue(LateOutput) is not null;
        var format = FormatOf(parsed);
        var layout = new EventLayout(
            format,
            Understand(parsed, Time, NotEmpty),
            (TimeFormat)Array.IndexOf(TimeFormats, timeFormat),
            timeFormat,
            keys.Columns,
            hasLateOutput
                ? aggregates.MeasuresWithDropped(hasTypes: format == InputFormat.Ndjson)
                : aggregates.MeasuresOfResults(),
            keys.Names,
            expressions)
        {
            Encoding = (TextEncoding)Array.IndexOf(Encodings, parsed.GetRequiredValue(Encoding)),
            IsRagged = parsed.GetValue(Ragged),
        };
        if (hasLateOutput && new DroppedColumns(layout).Clash is { } clash)
            throw ClashOf(parsed, keys, clash);
        return layout;
    }

    private RowExpressions ReadExpressions(ParseResult parsed, AggregateList aggregates)
    {
        var expressions = new RowExpressions();
        foreach (var text in parsed.GetValue(Let) ?? [])
            Understand(Let, text, expressions.AddColumn);
        if (parsed.GetValue(Where) is { } where)
            Understand(Where, where, expressions.SetWhere);
        foreach (var measure in aggregates.Measures)
        {
            var type = expressions.TypeOf(measure.Name);
            if (measure.Kind is MeasureKind.Text or MeasureKind.Shown
                || type is not (ExpressionType.Text or ExpressionType.Boolean))
            {
                continue;
            }

            var text = parsed.GetValue(Aggregate) ?? "";
            var message = $"The column '{measure.Name}' of --let is {TypeRules.NameOf(type.Value)}, and the aggregate "
                + "needs numbers; write case when ... then 1 else 0 end.";
            var place = Math.Max(0, CommandErrors.PlaceOf(measure.Name, text));
            throw new OptionException(
                Aggregate.Name, text, new ExpressionException(message, place, measure.Name.Length));
        }

        return expressions;
    }

    private static void Understand(Option option, string text, Action<string> parse)
    {
        try
        {
            parse(text);
        }
        catch (ExpressionException exception)
        {
            throw new OptionException(option.Name, text, exception);
        }
    }

    /// <summary>The error that two columns of the dropped events have one name; only the key's can change.</summary>
    private OptionException ClashOf(ParseResult parsed, KeyList keys, string name)
    {
        var message = $"Two columns of --late-output would be named '{name}'; ";
        Option option = Key;
        if (keys.Names.Contains(name, StringComparer.Ordinal))
        {
            message += "give that of the key another name with 'COLUMN as NAME'.";
        }
        else
        {
            message += $"the last says why an event was dropped, so rename the column '{name}' of the input.";
            option = parsed.GetRequiredValue(Time) == name ? Time : Aggregate;
        }

        var text = parsed.GetValue<string?>(option.Name) ?? "";
        var place = Math.Max(0, CommandErrors.PlaceOf(name, text));
        return new OptionException(option.Name, text, new ExpressionException(message, place, name.Length));
    }

    /// <summary>As it is said; else as the name of the first input says.</summary>
    private InputFormat FormatOf(ParseResult parsed)
    {
        var isSaid = parsed.GetResult(Format) is { Implicit: false };
        var name = parsed.GetRequiredValue(Inputs)[0].ToLowerInvariant();
        if (Path.GetExtension(name) is ".gz" or ".zst")
            name = Path.GetFileNameWithoutExtension(name);
        return !isSaid && Path.GetExtension(name) is ".ndjson" or ".jsonl"
            ? InputFormat.Ndjson
            : Enum.Parse<InputFormat>(parsed.GetRequiredValue(Format), ignoreCase: true);
    }

    /// <summary>One of some words; the first is the default.</summary>
    private static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            DefaultValueFactory = _ => words[0],
            HelpName = string.Join('|', words),
        };
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value, StringComparer.Ordinal)))
                result.AddError($"'{token.Value}' is no {name}; {NearestWord.Hint(token.Value, words)}");
        });
        return option;
    }

    private static Option<string> Length(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => "0s",
    };

    private static T Understand<T>(ParseResult parsed, Option<string> option, Func<string, T> parse)
    {
        var text = parsed.GetValue(option) ?? "";
        try
        {
            return parse(text);
        }
        catch (FormatException exception)
        {
            throw new OptionException(option.Name, text, exception);
        }
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
