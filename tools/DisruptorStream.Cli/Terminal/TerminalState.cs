using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace DisruptorStream.Cli.Terminal;

/// <summary>The terminal of this process, under the rules of <see cref="TerminalRules"/>.</summary>
internal static class TerminalState
{
    public static bool OutputHasColour =>
        TerminalRules.AllowsColour(Console.IsOutputRedirected, Environment.GetEnvironmentVariable);

    public static bool OutputIsDrawable =>
        TerminalRules.AllowsDrawing(Console.IsOutputRedirected, Environment.GetEnvironmentVariable);

    /// <summary>Whether a progress bar may be drawn while results go there.</summary>
    /// <param name="resultsGoToStandardOutput">Whether they go to the standard output; else to a file.</param>
    public static bool ProgressIsDrawable(bool resultsGoToStandardOutput) => TerminalRules.AllowsProgress(
        Console.IsErrorRedirected,
        !resultsGoToStandardOutput || OutputIsFile(),
        Environment.GetEnvironmentVariable);

    /// <summary>The console for what is drawn on an output.</summary>
    public static IAnsiConsole ConsoleOn(TextWriter output, bool isRedirected) => AnsiConsole.Create(
        new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = TerminalRules.AllowsColour(isRedirected, Environment.GetEnvironmentVariable)
                ? ColorSystemSupport.Detect
                : ColorSystemSupport.NoColors,
        });

    /// <summary>
    /// Whether the standard output is redirected to a file: a pipe cannot seek, and neither can a terminal. Where that
    /// cannot be found out, it is taken for a pipe.
    /// </summary>
    private static bool OutputIsFile()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return false;
        using var handle = new SafeFileHandle(1, ownsHandle: false);
        try
        {
            using var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            return stream.CanSeek;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
