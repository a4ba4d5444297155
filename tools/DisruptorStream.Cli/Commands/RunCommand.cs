using System.CommandLine;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Terminal;

namespace DisruptorStream.Cli.Commands;

/// <summary><c>dstream run</c>: windowed aggregates of files or of standard input.</summary>
internal static class RunCommand
{
    private const string Description = """
        Aggregates events of files, or of standard input, over windows of event time.

        Several inputs are merged by the time of their next events, so that files replay side by side. Files are
        replays: events may be any distance from the clock (the guard against future timestamps is off),
        out-of-orderness and lateness are 0 unless given.

        Exit codes: 0 done; 1 an input, output or window failed, or no line could be read; 2 the command line cannot be
        understood; 3 a bad line, with --strict; 130 interrupted.
        """;

    public static Command Create()
    {
        var options = new RunOptions();
        var command = new Command("run", Description);
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var outputs = new OutputSet();
            var code = await CommandErrors.GuardAsync(
                options,
                parsed,
                values => RunAsync(options, values, parsed, outputs, cancellationToken),
                cancellationToken);
            if (code == ExitCode.Cancelled)
                outputs.KeepWritten();
            return code;
        });
        return command;
    }

    private static async Task<int> RunAsync(
        RunOptions options,
        RunValues values,
        ParseResult parsed,
        OutputSet outputs,
        CancellationToken cancellationToken)
    {
        var isQuiet = values.IsSet(options.Quiet);
        var error = parsed.InvocationConfiguration.Error;
        var settings = SettingsReader.Read(options, values);
        var files = options.ReadFiles(values);
        var progress = new JobProgress { TotalBytes = InputFiles.TotalBytes(files) };
        List<JobInput> inputs = [.. files.Select(InputFiles.Open)];
        var common = values.Get(options.Output).Text;
        var opened = new List<OutputStream>();
        var streams = OpenAll(settings, common, outputs, opened);
        using var watch = new ReaderWatch([.. opened], cancellationToken);
        Task<JobSummary> RunJobAsync(TextWriter report) => watch.RunAsync(
            end => StreamJob.RunAsync(settings, inputs, streams, report, progress, end));
        var writesToTerminal = settings.Queries.Any(
            query => FileIdentity.IsStandardOutput(query.Output ?? common));
        var summary = isQuiet || !TerminalState.ProgressIsDrawable(writesToTerminal)
            ? await RunJobAsync(error)
            : await RunWithBarAsync(progress, RunJobAsync);
        if (summary.Problem is null)
            outputs.Complete();
        if (!isQuiet)
            SummaryText.Write(error, summary);
        SummaryText.WriteFailures(error, summary);
        if (summary.Problem is { } problem)
            throw problem;
        return summary.FailedWindows > 0 ? ExitCode.Failed : ExitCode.Success;
    }

    /// <summary>Opens the outputs of all queries; those that have none of their own share one.</summary>
    private static List<QueryStreams> OpenAll(
        JobSettings settings, string common, OutputSet outputs, List<OutputStream> opened)
    {
        var shared = default(OutputStream);
        var streams = new List<QueryStreams>();
        foreach (var query in settings.Queries)
        {
            var results = query.Output is { } own ? Open(own) : shared ??= Open(common);
            streams.Add(new QueryStreams(results, query.LateOutput is { } late ? Open(late) : null));
        }

        return streams;

        OutputStream Open(string path)
        {
            var output = outputs.Open(path);
            opened.Add(output);
            return output;
        }
    }

    private static async Task<JobSummary> RunWithBarAsync(
        JobProgress progress, Func<TextWriter, Task<JobSummary>> job)
    {
        var console = TerminalState.ConsoleOn(Console.Error, Console.IsErrorRedirected);
        await using var report = new ConsoleReport(console);
        return await ProgressBar.ShowAsync(console, progress, TimeProvider.System, () => job(report));
    }
}
