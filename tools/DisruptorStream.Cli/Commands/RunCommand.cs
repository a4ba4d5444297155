using System.CommandLine;
using DisruptorStream.Cli.Jobs;
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

        Exit codes: 0 done; 1 an input, output or window failed; 2 the command line cannot be understood; 3 a bad line,
        with --strict; 130 interrupted.
        """;

    public static Command Create()
    {
        var options = new RunOptions();
        var command = new Command("run", Description);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(
            options, parsed, () => RunAsync(options, parsed, cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        RunOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        var isQuiet = parsed.GetValue(options.Quiet);
        var error = parsed.InvocationConfiguration.Error;
        var settings = options.Read(parsed);
        var files = InputFiles.Expand(parsed.GetRequiredValue(options.Inputs));
        var progress = new JobProgress { TotalBytes = InputFiles.TotalBytes(files) };
        var outputPath = parsed.GetRequiredValue(options.Output);
        List<JobInput> inputs = [.. files.Select(InputFiles.Open)];
        await using var output = OpenOutput(outputPath);
        await using var late = parsed.GetValue(options.LateOutput) is { } path ? OpenOutput(path) : null;
        JobSummary summary;
        if (!isQuiet && TerminalState.ProgressIsDrawable(outputPath == InputFiles.StandardInput))
        {
            var console = TerminalState.ConsoleOn(Console.Error, Console.IsErrorRedirected);
            await using var report = new ConsoleReport(console);
            summary = await ProgressBar.ShowAsync(
                console,
                progress,
                TimeProvider.System,
                () => StreamJob.RunAsync(settings, inputs, output, late, report, progress, cancellationToken));
        }
        else
        {
            summary = await StreamJob.RunAsync(settings, inputs, output, late, error, progress, cancellationToken);
        }

        if (!isQuiet)
            SummaryText.Write(error, summary);
        SummaryText.WriteFailures(error, summary);
        return summary.FailedWindows > 0 ? ExitCode.Failed : ExitCode.Success;
    }

    private static Stream OpenOutput(string path) => path == InputFiles.StandardInput
        ? Console.OpenStandardOutput()
        : new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
}
