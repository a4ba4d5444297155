using System.Diagnostics;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>How the process ends, as a shell sees it.</summary>
public sealed class InterruptTests : IDisposable
{
    private const int TimeoutMilliseconds = 60_000;

    private static readonly string[] Options =
        ["--time", "time", "--time-format", "unix-s", "--window", "tumbling:1s", "--aggregate", "count"];

    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Run_InterruptedWhileItWaits_Is130AndSaysSo(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals to send.");
        using var process = new DstreamProcess(["run", "-", .. Options]);

        // The complaint about the line shows that the job is running and waits for more.
        await process.Input.WriteAsync("time\nx\n");
        await process.Input.FlushAsync();
        Assert.Contains(
            "line 2",
            await process.Error.ReadLineAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await EndAsync(process, signal);
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Run_InterruptedWhileANamedPipeStalls_Is130AndSaysSo(string signal)
    {
        using var process = new DstreamProcess(["run", await CreatePipeAsync("in"), .. Options]);

        // Opening waits for the reader: the process has it open then, and waits for more as long as this end is open.
        await using var pipe = await Task.Run(
            () => new FileStream(Path.Combine(_folder, "in"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        await pipe.WriteAsync("time\nx\n"u8.ToArray());
        await pipe.FlushAsync();
        Assert.Contains(
            "line 2",
            await process.Error.ReadLineAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await EndAsync(process, signal);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Run_InterruptedWhileNobodyWritesToANamedPipe_Is130AndSaysSo()
    {
        var input = await CreatePipeAsync("in");

        // The complaint about the line of the first input shows that the job waits for the second to be opened.
        using var process = new DstreamProcess(["run", "-", input, .. Options]);
        await process.Input.WriteAsync("time\nx\n1\n");
        await process.Input.FlushAsync();
        Assert.Contains(
            "line 2",
            await process.Error.ReadLineAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await EndAsync(process, "TERM");
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Run_InterruptedWhileNobodyReadsItsResults_Is130AndSaysSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals to send.");
        using var process = new DstreamProcess(["run", "-", .. Options]);

        // The first result shows that the job is writing; far more than a pipe holds follows, and is not read.
        var writing = process.Input.WriteAsync(
            "time\n" + string.Concat(Enumerable.Range(0, 100_000).Select(second => $"{second}\n")));
        Assert.StartsWith(
            "window_start",
            await process.Output.ReadLineAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await EndAsync(process, "TERM");
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await writing;
            await process.Input.FlushAsync();
        });
    }

    [Theory(Timeout = TimeoutMilliseconds)]
    [InlineData("csv")]
    [InlineData("ndjson")]
    [InlineData("table")]
    public async Task Run_ItsReaderEnds_StopsAtOnceAndSaysNothing(string format)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not say that a reader has ended.");
        using var process = new DstreamProcess(["run", "-", .. Options, "--output-format", format]);
        await process.Input.WriteAsync("time\n1\n2\n3\n");
        await process.Input.FlushAsync();
        Assert.NotNull(await process.Output.ReadLineAsync(TestContext.Current.CancellationToken));

        // The input stays open, and has nothing more to give.
        process.Output.Close();
        Assert.Equal("", await process.ReadErrorAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Failed, process.ExitCode);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Run_ItsReaderEndsAndItsInputDoesNot_StopsAtOnceAndSaysNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not say that a reader has ended.");
        using var process = new DstreamProcess(["run", "-", .. Options]);
        var isClosed = false;
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await process.Input.WriteAsync("time\n");
            for (var second = 0; second < 1_000_000_000; second++)
            {
                await process.Input.WriteAsync($"{second}\n");
                if (second != 500)
                    continue;
                await process.Input.FlushAsync();
                Assert.NotNull(await process.Output.ReadLineAsync(TestContext.Current.CancellationToken));
                process.Output.Close();
                isClosed = true;
            }
        });

        Assert.True(isClosed);
        Assert.Equal("", await process.ReadErrorAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Failed, process.ExitCode);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task DemoLive_ItsReaderEnds_Stops()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not say that a reader has ended.");
        using var process = new DstreamProcess("demo", "--live");
        Assert.NotNull(await process.Output.ReadLineAsync(TestContext.Current.CancellationToken));
        process.Output.Close();

        Assert.Equal("", await process.ReadErrorAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ExitCode.Failed, process.ExitCode);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task Run_ByItself_GivesTheExitCodeOfTheCommand()
    {
        using var process = new DstreamProcess(["run", "none.csv", .. Options]);
        var error = await process.ReadErrorAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, process.ExitCode);
        Assert.Equal("dstream: There is no file 'none.csv'.", error.Trim());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task EndAsync(DstreamProcess process, string signal)
    {
        await process.SignalAsync(signal, TestContext.Current.CancellationToken);
        var error = await process.ReadErrorAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Cancelled, process.ExitCode);
        Assert.Contains("Interrupted", error, StringComparison.Ordinal);
    }

    private async Task<string> CreatePipeAsync(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes among its files.");
        var path = Path.Combine(_folder, name);
        using var make = Process.Start("mkfifo", [path]);
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        return path;
    }
}
