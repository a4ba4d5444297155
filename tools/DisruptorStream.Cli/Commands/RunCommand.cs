using System.CommandLine;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Commands;

/// <summary><c>dstream run</c>: windowed aggregates of files or of standard input.</summary>
internal static class RunCommand
{
    private const string Description = """
        Aggregates events of files, or of standard input, over windows of event time.

        Several inputs are merged by the time of their next events, so that files replay side by side. Files are
        replays: events may be any distance from the clock (the guard against future timestamps is off),
        out-of-orderness and lateness are 0 unless given.

        Exit codes: 0 done; 1 an input or output failed; 2 the command line cannot be understood; 3 a bad line, with
        --strict; 130 interrupted.
        """;

    public static Command Create()
    {
        var options = new RunOptions();
        var command = new Command("run", Description);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(options, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(RunOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            var settings = options.Read(parsed);
            var inputs = InputFiles.Expand(parsed.GetRequiredValue(options.Inputs));
            await using var output = OpenOutput(parsed.GetRequiredValue(options.Output));
            await using var late = parsed.GetValue(options.LateOutput) is { } path ? OpenOutput(path) : null;
            var summary = await StreamJob.RunAsync(
                settings, [.. inputs.Select(Open)], output, late, Console.Error, cancellationToken);
            SummaryText.Write(Console.Error, summary);
            return ExitCode.Success;
        }
        catch (FormatException exception)
        {
            return Fail(exception.Message, ExitCode.Usage);
        }
        catch (BadLineException exception)
        {
            return Fail($"{exception.Message} Stopped, as --strict asks.", ExitCode.BadLine);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail("Interrupted; the windows that were open have not been written.", ExitCode.Cancelled);
        }
        catch (Exception exception) when (
            exception is IOException or InvalidDataException or UnauthorizedAccessException
            or ArgumentException or StreamProcessorException)
        {
            return Fail((exception.InnerException as IOException)?.Message ?? exception.Message, ExitCode.Failed);
        }
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine($"dstream: {message}");
        return code;
    }

    private static JobInput Open(string path) => path == InputFiles.StandardInput
        ? new JobInput("-", Console.OpenStandardInput())
        : new JobInput(path, new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan));

    private static Stream OpenOutput(string path) => path == InputFiles.StandardInput
        ? Console.OpenStandardOutput()
        : new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
}
