using System.CommandLine;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Commands;

/// <summary>Says what went wrong, points at the argument that is at fault, and finds the exit code.</summary>
internal static class CommandErrors
{
    private const int BrokenPipe = 32;

    /// <summary>Runs what a command does.</summary>
    public static async Task<int> GuardAsync(
        RunOptions options, ParseResult parsed, Func<Task<int>> command, CancellationToken cancellationToken)
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            return await command();
        }
        catch (OptionException exception)
        {
            await error.WriteLineAsync($"dstream: {exception.Message}");
            CaretLines.Write(error, exception.Option, exception.Value, exception.Start, exception.Length);
            return ExitCode.Usage;
        }
        catch (BadLineException exception)
        {
            return Fail(error, $"{exception.Message} Stopped, as --strict asks.", ExitCode.BadLine);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail(
                error, "Interrupted; the windows that were open have not been written.", ExitCode.Cancelled);
        }
        catch (InvalidDataException exception) when (exception.InnerException is MissingColumnException missing)
        {
            Fail(error, exception.Message, ExitCode.Failed);
            PointAt(error, options, parsed, missing.Column);
            return ExitCode.Failed;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            var cause = exception.InnerException as IOException ?? exception;
            return cause is IOException { HResult: BrokenPipe }
                ? ExitCode.Failed
                : Fail(error, cause.Message, ExitCode.Failed);
        }
    }

    private static bool IsExpected(Exception exception) => exception
        is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException
        or StreamProcessorException;

    private static int Fail(TextWriter error, string message, int code)
    {
        error.WriteLine($"dstream: {message}");
        return code;
    }

    /// <summary>Shows the option in which a column was asked for.</summary>
    private static void PointAt(TextWriter error, RunOptions options, ParseResult parsed, string column)
    {
        foreach (var option in new Option[] { options.Time, options.Key, options.Aggregate })
        {
            var text = parsed.GetValue<string?>(option.Name) ?? "";
            if (PlaceOf(column, text) is not (var place and >= 0))
                continue;
            CaretLines.Write(error, option.Name, text, place, column.Length);
            return;
        }
    }

    /// <summary>Where a column stands in a text, as a whole word; -1 where it does not.</summary>
    public static int PlaceOf(string column, string text)
    {
        for (var at = 0; (at = text.IndexOf(column, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + column.Length;
            if ((at == 0 || !IsOfWord(text[at - 1])) && (end == text.Length || !IsOfWord(text[end])))
                return at;
        }

        return -1;
    }

    private static bool IsOfWord(char one) => char.IsLetterOrDigit(one) || one == '_';
}
