using System.CommandLine;
using System.Diagnostics;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Files;

/// <summary>
/// A file of results is replaced as a whole when the job is done; a job that fails leaves it as it was.
/// </summary>
public sealed class FileReplacementTests : IDisposable
{
    private const string Old = "precious\n";
    private const string Results =
        "window_start,window_end,pane,count\n1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1\n";

    private const string Late = "time,reason\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;
    private readonly StringWriter _words = new();

    [Theory]
    [InlineData("in.ndjson", "{\"time\":1}\n{\"time\":50}\n", "sum(v)", "", ExitCode.Failed)]
    [InlineData("in.csv", "time,v\n1,1\n50,1\nx,1\n", "count", "--strict", ExitCode.BadLine)]
    [InlineData("in.csv", "time,v\nx,1\n", "count", "", ExitCode.Failed)]
    [InlineData("in.csv", "", "count", "", ExitCode.Failed)]
    [InlineData("in.csv", "time,v\n1,1\n", "sum(w)", "", ExitCode.Failed)]
    public async Task Run_AJobThatFails_LeavesBothOutputsAsTheyWere(
        string name, string input, string aggregates, string more, int code)
    {
        await File.WriteAllTextAsync(At(name), input);
        foreach (var isThere in new[] { true, false })
        {
            if (isThere)
            {
                await File.WriteAllTextAsync(At("out"), Old);
                await File.WriteAllTextAsync(At("late"), Old);
            }

            Assert.Equal(code, await RunAsync(name, aggregates, more.Length == 0 ? [] : [more]));
            Assert.Equal(isThere ? [name, "late", "out"] : [name], Names());
            if (!isThere)
                break;
            Assert.Equal(Old, await File.ReadAllTextAsync(At("out")));
            Assert.Equal(Old, await File.ReadAllTextAsync(At("late")));
            File.Delete(At("out"));
            File.Delete(At("late"));
        }
    }

    [Fact]
    public async Task Run_AFailedWindow_IsAResult()
    {
        await File.WriteAllTextAsync(At("in.csv"), "time,v\n1,1\n2,2\n");
        await File.WriteAllTextAsync(At("out"), Old);

        Assert.Equal(ExitCode.Failed, await RunAsync("in.csv", "median(v, exact=1)"));
        Assert.Contains(",failed,", await File.ReadAllTextAsync(At("out")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnotherOutputThatIsFull_LeavesTheFileAsItWas()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        await File.WriteAllTextAsync(At("in.csv"), "time,v\n1,1\n");
        await File.WriteAllTextAsync(At("out"), Old);

        Assert.Equal(ExitCode.Failed, await RunAsync("in.csv", "count", "--late-output", "/dev/full"));
        Assert.Equal(Old, await File.ReadAllTextAsync(At("out")));
        Assert.Equal(["in.csv", "out"], Names());
    }

    [Fact]
    public async Task Run_ADoneJob_KeepsLinksAndPermissions()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other permissions.");
            return;
        }

        await File.WriteAllTextAsync(At("in.csv"), "time,v\n1,1\n");
        Directory.CreateDirectory(At("deep"));
        await File.WriteAllTextAsync(At("deep/target"), Old);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(At("deep/target"), Mode);
        File.CreateSymbolicLink(At("out"), "deep/target");
        File.CreateSymbolicLink(At("late"), "deep/new");

        Assert.Equal(ExitCode.Success, await RunAsync("in.csv", "count"));
        Assert.Equal("deep/target", new FileInfo(At("out")).LinkTarget);
        Assert.Equal(Results, await File.ReadAllTextAsync(At("deep/target")));
        Assert.Equal(Mode, File.GetUnixFileMode(At("deep/target")));
        Assert.Equal("deep/new", new FileInfo(At("late")).LinkTarget);
        Assert.Equal(Late, await File.ReadAllTextAsync(At("deep/new")));
        Assert.Equal(["deep", "in.csv", "late", "out"], Names());
        Assert.Equal(2, Directory.GetFileSystemEntries(At("deep")).Length);
    }

    [Fact]
    public async Task Run_AFileOfSeveralNames_HasTheResultsUnderEach()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        await File.WriteAllTextAsync(At("in.csv"), "time,v\n1,1\n");
        await File.WriteAllTextAsync(At("out"), Old + Results + Results);
        using (var link = Process.Start("ln", [At("out"), At("other")]))
            await link.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, await RunAsync("in.csv", "sum(w)"));
        Assert.StartsWith(Old, await File.ReadAllTextAsync(At("other")), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, await RunAsync("in.csv", "count"));
        Assert.Equal(Results, await File.ReadAllTextAsync(At("other")));
        Assert.Equal(Results, await File.ReadAllTextAsync(At("out")));
        Assert.Equal(["in.csv", "late", "other", "out"], Names());
    }

    [Fact]
    public async Task Run_AFileOfTheLongestName_IsWritten()
    {
        await File.WriteAllTextAsync(At("in.csv"), "time,v\n1,1\n");
        var name = new string('n', 255);

        Assert.Equal(ExitCode.Success, await RunAsync("in.csv", "count", "--output", At(name)));
        Assert.Equal(Results, await File.ReadAllTextAsync(At(name)));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(5000)]
    public async Task Run_ANameThatNoFileCanHave_IsOneBeforeAnythingIsRead(int length)
    {
        await File.WriteAllTextAsync(At("in.csv"), "time,v\n1,1\n");

        Assert.Equal(ExitCode.Failed, await RunAsync("in.csv", "count", "--output", At(new string('n', length))));
        Assert.Equal(["in.csv"], Names());
        Assert.StartsWith("dstream: The output '", _words.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _words.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string[] Names() =>
    [
        .. Directory.EnumerateFileSystemEntries(_folder).Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal),
    ];

    private Task<int> RunAsync(string input, string aggregates, params string[] more) => CommandLine.RunAsync(
        [
            "run", At(input), "--time", "time", "--time-format", "unix-s", "--window", "tumbling:10s", "--aggregate",
            aggregates, .. more,
            .. more.Contains("--output") ? Array.Empty<string>() : ["--output", At("out")],
            .. more.Contains("--late-output") ? Array.Empty<string>() : ["--late-output", At("late")],
        ],
        new InvocationConfiguration { Output = _words, Error = _words });
}
