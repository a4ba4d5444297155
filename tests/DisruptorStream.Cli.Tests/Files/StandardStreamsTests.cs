using System.Diagnostics;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Files;

/// <summary>What the process does where a shell closes or fills its streams.</summary>
public sealed class StandardStreamsTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;

    public StandardStreamsTests() => File.WriteAllText(Path.Combine(_folder, "a.csv"), "time,v\n1,2\n");

    [Theory]
    [InlineData("run -", "<&- 2>err", ExitCode.Failed, "dstream: The standard input is closed")]
    [InlineData("run - a.csv", "<&- >&- 2>err", ExitCode.Failed, "dstream: The standard")]
    [InlineData("run a.csv", ">&- 2>err", ExitCode.Failed, "dstream: The standard output cannot be written")]
    [InlineData("run a.csv", "<&- >&- 2>err", ExitCode.Failed, "dstream: The standard output cannot be written")]
    [InlineData("run a.csv", ">out 2>&-", ExitCode.Success, "")]
    [InlineData("run none.csv", ">out 2>&-", ExitCode.Failed, "")]
    [InlineData("run a.csv --none", ">out 2>&-", ExitCode.Usage, "")]
    [InlineData("run a.csv", ">out 2>/dev/full", ExitCode.Success, "")]
    [InlineData("run none.csv", ">out 2>/dev/full", ExitCode.Failed, "")]
    [InlineData("run a.csv --output out", "<&- >&- 2>err", ExitCode.Success, "1 event of 1 key, 1 result")]
    [InlineData("run a.csv --output out", "<&- >&- 2>&-", ExitCode.Success, "")]
    public async Task Run_StreamsThatAreClosedOrFull_EndWithTheirCode(
        string command, string streams, int expected, string told)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The streams are those of a Unix shell.");

        Assert.Equal(expected, await RunAsync(
            $"{command} --time time --time-format unix-s --window tumbling:10s --aggregate count", streams));
        var error = Path.Combine(_folder, "err");
        Assert.StartsWith(told, File.Exists(error) ? await File.ReadAllTextAsync(error) : "", StringComparison.Ordinal);
        if (expected == ExitCode.Success)
            Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(_folder, "out"))).Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<int> RunAsync(string command, string streams)
    {
        var assembly = typeof(CommandLine).Assembly.Location;
        var start = new ProcessStartInfo("sh", ["-c", $"exec dotnet '{assembly}' {command} {streams}"])
        {
            WorkingDirectory = _folder,
        };
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync().WaitAsync(Bound);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
