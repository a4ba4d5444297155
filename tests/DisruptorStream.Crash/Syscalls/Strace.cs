using DisruptorStream.Crash.Processes;

namespace DisruptorStream.Crash.Syscalls;

/// <summary>Runs processes of this program under strace, which sees their calls of the system, or spoils one.</summary>
internal static class Strace
{
    // What the runtime writes for itself: a socket for diagnostics, and memory that is mapped twice.
    private static readonly (string Name, string Value)[] Quiet =
        [("DOTNET_EnableDiagnostics", "0"), ("DOTNET_EnableWriteXorExecute", "0")];

    /// <summary>Whether it is there.</summary>
    public static bool IsThere => Find() is not null;

    /// <summary>Starts a process.</summary>
    /// <param name="options">What strace does with it.</param>
    /// <param name="log">Where the calls are written.</param>
    /// <param name="arguments">Those of this program.</param>
    /// <param name="onLine">Told each line that the process writes.</param>
    public static ChildProcess Start(
        IEnumerable<string> options, string log, IEnumerable<string> arguments, Action<string> onLine) => new(
            Find()!,
            ["-f", "-y", "-o", log, .. options, ChildProcess.Self, .. arguments],
            onLine,
            environment: Quiet);

    private static string? Find()
    {
        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            var path = Path.Combine(directory, "strace");
            if (File.Exists(path))
                return path;
        }

        return null;
    }
}
