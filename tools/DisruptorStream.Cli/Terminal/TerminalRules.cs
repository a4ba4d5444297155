namespace DisruptorStream.Cli.Terminal;

/// <summary>What may be drawn where: the rules that keep logs, pipes and files free of it.</summary>
internal static class TerminalRules
{
    /// <summary>Whether bars and tables that redraw themselves may go to an output.</summary>
    /// <param name="isRedirected">Whether that output is no terminal.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static bool AllowsDrawing(bool isRedirected, Func<string, string?> environment) =>
        !isRedirected && string.IsNullOrEmpty(environment("CI")) && !IsDumb(environment);

    /// <summary>Whether an output may have colours and bold letters (https://no-color.org).</summary>
    /// <param name="isRedirected">Whether that output is no terminal.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static bool AllowsColour(bool isRedirected, Func<string, string?> environment) =>
        !isRedirected && string.IsNullOrEmpty(environment("NO_COLOR")) && !IsDumb(environment);

    /// <summary>
    /// Whether a progress bar may be drawn: on a terminal, and where no results come between, neither on the same
    /// terminal nor through a pipe to a program that writes there.
    /// </summary>
    /// <param name="isErrorRedirected">Whether the standard error, where the bar goes, is no terminal.</param>
    /// <param name="resultsGoToFile">Whether the results go to a file.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static bool AllowsProgress(
        bool isErrorRedirected, bool resultsGoToFile, Func<string, string?> environment) =>
        resultsGoToFile && AllowsDrawing(isErrorRedirected, environment);

    /// <summary>Windows says nothing in TERM; elsewhere a terminal that does not is none to draw on.</summary>
    private static bool IsDumb(Func<string, string?> environment) => environment("TERM") switch
    {
        "dumb" => true,
        null or "" => !OperatingSystem.IsWindows(),
        _ => false,
    };
}
