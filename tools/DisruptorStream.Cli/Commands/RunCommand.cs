using System.CommandLine;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Terminal;
using DisruptorStream.Topology.Queries;

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
                options, parsed, () => RunAsync(options, parsed, outputs, cancellationToken), cancellationToken);
            if (code == ExitCode.Cancelled)
                outputs.KeepWritten();
            return code;
        });
        return command;
    }

    private static async Task<int> RunAsync(
        RunOptions options, ParseResult parsed, OutputSet outputs, CancellationToken cancellationToken)
    {
        var isQuiet = parsed.GetValue(options.Quiet);
        var error = parsed.InvocationConfiguration.Error;
        var settings = options.Read(parsed);
        var files = options.ReadFiles(parsed);
        var progress = new JobProgress { TotalBytes = InputFiles.TotalBytes(files) };
        var outputPath = parsed.GetRequiredValue(options.Output);
        List<JobInput> inputs = [.. files.Select(InputFiles.Open)];
        var output = outputs.Open(outputPath);
        var late = parsed.GetValue(options.LateOutput) is { } path ? outputs.Open(path) : null;
        using var watch = new ReaderWatch([output, late], cancellationToken);
        Task<JobSummary> RunJobAsync(TextWriter report) => watch.RunAsync(
            end => StreamJob.RunAsync(settings, inputs, output, late, report, progress, end));
        var summary = isQuiet || !TerminalState.ProgressIsDrawable(FileIdentity.IsStandardOutput(outputPath))
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

    private static async Task<JobSummary> RunWithBarAsync(
        JobProgress progress, Func<TextWriter, Task<JobSummary>> job)
    {
        var console = TerminalState.ConsoleOn(Console.Error, Console.IsErrorRedirected);
        await using var report = new ConsoleReport(console);
        return await ProgressBar.ShowAsync(console, progress, TimeProvider.System, () => job(report));
    }
}
