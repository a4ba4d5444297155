using System.Diagnostics;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>The process itself, as a shell sees it.</summary>
public sealed class InterruptTests
{
    private const int TimeoutMilliseconds = 60_000;

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Run_InterruptedWhileItWaits_Is130AndSaysSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGINT to send.");
        using var process = Start(
            "run", "-", "--time", "time", "--time-format", "unix-s", "--window", "tumbling:1s", "--aggregate", "count");

        // The complaint about the line shows that the job is running and waits for more.
        await process.StandardInput.WriteAsync("time\nx\n");
        await process.StandardInput.FlushAsync();
        Assert.Contains("line 2", await process.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var error = await ReadErrorAsync(process, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Cancelled, process.ExitCode);
        Assert.Contains("Interrupted", error, StringComparison.Ordinal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Run_ByItself_GivesTheExitCodeOfTheCommand()
    {
        using var process = Start("run", "none.csv", "--time", "t", "--window", "tumbling:1s", "--aggregate", "count");
        var error = await ReadErrorAsync(process, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, process.ExitCode);
        Assert.Equal("dstream: There is no file 'none.csv'.", error.Trim());
    }

    /// <summary>All that the process still says, up to its end; it is not left behind where it does not end.</summary>
    private static async Task<string> ReadErrorAsync(Process process, CancellationToken cancellation)
    {
        try
        {
            var error = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return error;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static Process Start(params string[] arguments)
    {
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path
            : "dotnet";
        string[] command = [dotnet, typeof(CommandLine).Assembly.Location, .. arguments];

        // A test run in the background ignores the signal, and what it starts would inherit that.
        if (OperatingSystem.IsLinux())
            command = ["env", "--default-signal=INT", .. command];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
