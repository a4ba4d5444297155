using System.Diagnostics;
using DisruptorStream.Cli.Commands;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>The process itself, as a shell sees it. Not left behind where it does not end.</summary>
internal sealed class DstreamProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="arguments">The arguments of the command.</param>
    public DstreamProcess(params IEnumerable<string> arguments)
    {
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path
            : "dotnet";
        string[] command = [dotnet, typeof(CommandLine).Assembly.Location, .. arguments];

        // A test run in the background ignores the signal, and what it starts would inherit that.
        if (OperatingSystem.IsLinux())
            command = ["env", "--default-signal=INT", .. command];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Error => _process.StandardError;

    public int ExitCode => _process.ExitCode;

    /// <summary>Sends a signal, such as "TERM".</summary>
    public async Task SignalAsync(string name, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>All that the process still says to its standard error, up to its end.</summary>
    public async Task<string> ReadErrorAsync(CancellationToken cancellationToken)
    {
        var error = await Error.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return error;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
