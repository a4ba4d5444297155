using System.CommandLine;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Output;
using DisruptorStream.Cli.Text;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.State;

/// <summary><c>dstream replay</c>: handles again what the directory of a durable processor holds.</summary>
internal sealed class ReplayCommand
{
    private const string Description = """
        Handles again what the directory of a durable processor holds, and writes the results: the same slots give the
        same results. It only reads the directory.

        The plan is that of the directory ('dstream state plan DIR' shows it). Of a processor with one query, the
        directory says key, window, fill, having, lateness, out-of-orderness, watermark and jump guard, and the usual
        aggregates; an option that is given counts more. --offset, other aggregates (distinct, top, those with a filter)
        and the queries of a stream (--query, or --job) must be given, as for 'dstream run'. No rows are read, so --time
        is not needed. A processor that has more than dstream knows, such as aggregates of its own, or keys that are no
        texts, is replayed by its program (Replay.Run), or by the test that --emit-test writes.

        --state shows the windows that are open behind the last slot, as they are there, of one key. A key of several
        columns is written as a row of CSV: --state web-1,eu or --state '"a, b",eu'.

        Exit codes: 0 done; 1 the directory cannot be replayed, or a window failed; 2 the command line cannot be
        understood, or there is no such key.
        """;

    private readonly Argument<string> _place = new("DIR") { Description = "The directory." };

    private readonly Option<long?> _until = new("--until")
    {
        Description = "The last slot that is handled. Without it: all that there are.",
        HelpName = "SLOT",
    };

    private readonly Option<long> _from = new("--from")
    {
        Description = "The first slot whose results are wanted: begins with the newest snapshot before it.",
        HelpName = "SLOT",
    };

    private readonly Option<string?> _state = new("--state")
    {
        Description = "Writes only the windows of this key that are open behind the last slot, as they are there. A "
            + "key of several columns is written as a row of CSV: web-1,eu.",
        HelpName = "KEY",
    };

    private readonly Option<string?> _test = new("--emit-test")
    {
        Description = "Writes an xunit test that replays a copy of the directory with --builder, and replays nothing "
            + "now. The copy lies beside the file.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _builder = new("--builder")
    {
        Description = "For --emit-test: an expression of C# that gives the last step of the processor's builder, such "
            + "as 'Billing.Pipelines.Calls()'.",
        HelpName = "EXPRESSION",
    };

    private StatePlan? _plan;

    private ReplayCommand()
    {
        _until.Validators.Add(result => CheckSlot(result.GetValue(_until), "--until", result.AddError));
        _from.Validators.Add(result => CheckSlot(result.GetValue(_from), "--from", result.AddError));
    }

    public static Command Create() => new ReplayCommand().ToCommand();

    private Command ToCommand()
    {
        var job = new RunOptions
        {
            ReadsRows = false,
            Known = parsed =>
            {
                var directory = parsed.GetRequiredValue(_place);
                _plan = StatePlan.In(directory);
                return RecordedJob.Of(_plan, directory);
            },
        };
        var command = new Command("replay", Description) { _place };
        job.AddTo(command);
        foreach (var option in new Option[] { _until, _from, _state, _test, _builder })
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var outputs = new OutputSet();
            return await CommandErrors.GuardAsync(
                job, parsed, values => Task.FromResult(Run(job, values, parsed, outputs)), cancellationToken);
        });
        return command;
    }

    private int Run(RunOptions job, RunValues values, ParseResult parsed, OutputSet outputs)
    {
        var options = new ReplayOptions
        {
            Until = parsed.GetValue(_until),
            From = parsed.GetValue(_from),
            EndsInput = parsed.GetValue(_state) is not null,
        };
        var directory = parsed.GetRequiredValue(_place);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no directory '{directory}'.");
        if (parsed.GetValue(_test) is { } file)
        {
            return EmitTest(
                directory, file, parsed.GetValue(_builder), options, parsed.InvocationConfiguration);
        }

        ThrowUnlessTexts(directory);
        values.CheckNeeded();
        var wanted = parsed.GetValue(_state) is { } key ? new WantedKey(key) : null;
        var report = Replay(
            directory,
            SettingsReader.Read(job, values) with { Measures = RecordedJob.MeasuresOf(_plan) },
            options,
            outputs,
            (wanted, values.Get(job.Output).Text),
            out var failedWindows);
        var remark = wanted?.Check(report.LastSequence);
        outputs.Complete();
        if (!values.IsSet(job.Quiet))
            Tell(parsed.InvocationConfiguration.Error, report, values.Taken(), remark);
        return failedWindows > 0 ? ExitCode.Failed : ExitCode.Success;
    }

    private static void Tell(TextWriter error, ReplayReport report, string taken, string? remark)
    {
        error.Write(report.ToString());
        if (taken.Length > 0)
            error.WriteLine(PlainText.Of($"The plan of the directory gave {taken}"));
        if (remark is not null)
            error.WriteLine(PlainText.Of(remark));
    }

    /// <summary>A job has keys that are texts.</summary>
    private void ThrowUnlessTexts(string directory)
    {
        foreach (var key in _plan?.Record.Keys ?? [])
        {
            if (key.Type != TypeText.Of(typeof(string)) && !_plan!.Record.IsStream)
            {
                throw new DurabilityException(
                    $"The keys in '{directory}' are of the type {key.Type}, and dstream knows texts alone; replay it "
                    + "with the builder of its program, by Replay.Run or by the test that --emit-test writes.");
            }
        }
    }

    private static void CheckSlot(long? slot, string name, Action<string> addError)
    {
        if (slot < 0)
            addError($"{name} takes the number of a slot, 0 or more; it was '{slot}'.");
    }

    private static ReplayReport Replay(
        string directory,
        JobSettings settings,
        ReplayOptions options,
        OutputSet outputs,
        (WantedKey? Key, string Output) wanted,
        out long failedWindows)
    {
        var shared = default(OutputStream);
        var streams = settings.Queries.Select(query => new QueryStreams(
            query.Output is { } own ? outputs.Open(own) : shared ??= outputs.Open(wanted.Output), null));
        var writers = ResultWriter.CreateAll(settings, [.. streams], CancellationToken.None);
        var sinks = writers.Select((writer, query) => new QuerySinks(
            wanted.Key is { } key
                ? new OpenWindowsOf(key, settings.Layout.Queries[query].KeyColumns.Count, writer)
                : writer,
            Dropped: null));
        var report = JobEngine.Replay(settings, [.. sinks], directory, options);
        failedWindows = writers.Sum(writer => writer.FailedWindows);
        return report;
    }

    private static int EmitTest(
        string directory, string file, string? builder, ReplayOptions options, InvocationConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(builder))
        {
            throw new OptionException(
                "--emit-test",
                file,
                new FormatException("The test needs the processor; name it by --builder, as an expression of C#."));
        }

        var copy = ReplayTest.Write(directory, file, builder, options);
        configuration.Error.WriteLine(
            $"{PlainText.Of(file)} is written, and its recording is {PlainText.Of(copy)}. Add both to a test project "
            + "with xunit and the DisruptorStream package.");
        return ExitCode.Success;
    }
}
