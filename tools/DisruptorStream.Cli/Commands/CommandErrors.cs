using System.CommandLine;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Commands;

/// <summary>Says what went wrong, points at the argument that is at fault, and finds the exit code.</summary>
internal static class CommandErrors
{
    /// <summary>Runs what a command does with the values of its options.</summary>
    public static async Task<int> GuardAsync(
        RunOptions options,
        ParseResult parsed,
        Func<RunValues, Task<int>> command,
        CancellationToken cancellationToken)
    {
        // Read once: the file of a job may be a pipe.
        var values = default(RunValues);
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            return await Patience.RunAsync(
                () => command(values = options.ValuesOf(parsed)), TimeProvider.System, cancellationToken);
        }
        catch (OptionException exception)
        {
            await error.WriteLineAsync($"dstream: {PlainText.Of(exception.Message)}");
            CaretLines.Write(error, exception.Option, exception.Value, exception.Start, exception.Length);
            return ExitCode.Usage;
        }
        catch (MissingOptionsException exception)
        {
            UsageErrors.Write(error, parsed, exception);
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
            PointAt(error, values?.ColumnTexts ?? [], missing.Column);
            return ExitCode.Failed;
        }
        catch (ArgumentException exception)
        {
            // The engine refuses what the options ask for together, and adds lines for programmers.
            return Fail(error, exception.Message.Split(" (Parameter")[0].TrimEnd('.') + ".", ExitCode.Usage);
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return Explain(error, exception);
        }
    }

    /// <summary>Says in a sentence what the world around a command did to it; nothing if a reader has gone.</summary>
    public static int Explain(TextWriter error, Exception exception)
    {
        var cause = exception;
        while (cause is not (IOException or UnauthorizedAccessException) && cause.InnerException is { } inner)
            cause = inner;
        return cause switch
        {
            OutputException { IsReaderGone: true } => ExitCode.Failed,
            IOException or UnauthorizedAccessException => Fail(error, cause.Message, ExitCode.Failed),
            _ => Fail(error, exception.Message, ExitCode.Failed),
        };
    }

    public static bool IsExpected(Exception exception) =>
        exception is IOException or InvalidDataException or UnauthorizedAccessException or StreamProcessorException;

    /// <summary>Says what is wrong, where that can be said. Returns the code.</summary>
    public static int Fail(TextWriter error, string message, int code)
    {
        try
        {
            error.WriteLine($"dstream: {PlainText.Of(message)}");
        }
        catch (IOException)
        {
            // Standard error itself cannot be written: the exit code is all there is left to say it with.
        }

        return code;
    }

    /// <summary>Shows the option in which a column was asked for.</summary>
    private static void PointAt(TextWriter error, IEnumerable<OptionText> columnTexts, string column)
    {
        foreach (var text in columnTexts)
        {
            if (PlaceOf(column, text.Text) is not (>= 0 and var place))
                continue;
            CaretLines.Write(error, text.Label, text.Shown, text.Offset + place, column.Length);
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
