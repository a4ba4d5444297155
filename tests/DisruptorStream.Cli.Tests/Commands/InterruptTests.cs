using System.Diagnostics;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>The process itself, as a shell sees it.</summary>
public sealed class InterruptTests
{
    [Fact]
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
            await kill.WaitForExitAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(ExitCode.Cancelled, process.ExitCode);
        Assert.Contains("Interrupted", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ByItself_GivesTheExitCodeOfTheCommand()
    {
        using var process = Start("run", "none.csv", "--time", "t", "--window", "tumbling:1s", "--aggregate", "count");
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(ExitCode.Failed, process.ExitCode);
        Assert.Equal("dstream: There is no file 'none.csv'.", error.Trim());
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
        [typeof(CommandLine).Assembly.Location, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
