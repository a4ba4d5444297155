using System.CommandLine;
using System.Diagnostics;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Files;

/// <summary>No output destroys an input or another output; what cannot be written is told in a sentence.</summary>
public sealed class OutputFilesTests : IDisposable
{
    private const string Text = "time,v\n1,2\n12,3\n0,9\n";
    private const string Full = "/dev/full";

    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public OutputFilesTests()
    {
        File.WriteAllText(At("a.csv"), Text);
        Directory.CreateDirectory(At("deep"));
    }

    [Theory]
    [InlineData("a.csv", "--output a.csv")]
    [InlineData("a.csv", "--output deep/../a.csv")]
    [InlineData("a.csv", "--output out.csv --late-output a.csv")]
    [InlineData("*.csv", "--output a.csv")]
    [InlineData("a.csv", "--output link.csv")]
    [InlineData("link.csv", "--output a.csv")]
    [InlineData("a.csv", "--output folder/a.csv")]
    [InlineData("a.csv", "--output hard.csv")]
    [InlineData("hard.csv", "--late-output link.csv")]
    public async Task Run_AnOutputThatIsAnInput_IsTwoAndTouchesNothing(string input, string more)
    {
        await LinkAsync();

        foreach (var command in new[] { "run", "explain" })
        {
            Assert.Equal(ExitCode.Usage, await RunAsync(command, input, more));
            Assert.Equal(Text, await File.ReadAllTextAsync(At("a.csv")));
            Assert.False(File.Exists(At("out.csv")));
            Assert.Contains("is the same file as the input", _error.ToString(), StringComparison.Ordinal);
            Assert.Contains("^^^", _error.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--output x.csv --late-output x.csv")]
    [InlineData("--output deep/x.csv --late-output deep/../deep/x.csv")]
    [InlineData("--output x.csv --late-output folder/x.csv")]
    [InlineData("--output dangling.csv --late-output x.csv")]
    [InlineData("--output - --late-output -")]
    public async Task Run_TwoOutputsThatAreOneFile_IsTwoAndOpensNone(string more)
    {
        await LinkAsync();

        Assert.Equal(ExitCode.Usage, await RunAsync("run", "a.csv", more));
        Assert.Contains("is where --output goes as well", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(At("x.csv")) || File.Exists(At("deep/x.csv")));
    }

    [Theory]
    [InlineData("deep")]
    [InlineData("deep/")]
    [InlineData("none/")]
    public async Task Run_AnOutputThatIsAFolder_IsTwo(string name)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("run", "a.csv", $"--output {name}"));
        Assert.Contains("is a folder", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnOutputThatCannotBeOpened_IsOneAndNamesIt()
    {
        Assert.Equal(ExitCode.Failed, await RunAsync("run", "a.csv", "--output none/x.csv"));
        AssertOneSentence($"The output '{At("none/x.csv")}' cannot be written: ");
    }

    [Fact]
    public async Task Run_TwoOutputsThatAreNothing_AreFine()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no /dev/null.");

        Assert.Equal(
            ExitCode.Success, await RunAsync("run", "a.csv", "--output /dev/null --late-output /dev/null"));
    }

    [Theory]
    [InlineData("--output /dev/full")]
    [InlineData("--output /dev/full --output-format table")]
    [InlineData("--output out.csv --late-output /dev/full")]
    public async Task Run_AFullDisk_IsOneAndToldInOneSentence(string more)
    {
        Assert.SkipUnless(File.Exists(Full), "This system has no /dev/full.");

        Assert.Equal(ExitCode.Failed, await RunAsync("run", "a.csv", more));
        AssertOneSentence($"The output '{Full}' cannot be written: the disk is full; ");
    }

    [Theory]
    [InlineData("run IN --time time --time-format unix-s --window tumbling:10s --aggregate count")]
    [InlineData("explain IN --time time --window tumbling:10s --aggregate count")]
    [InlineData("demo")]
    [InlineData("demo --live --seconds 1")]
    [InlineData("--help")]
    [InlineData("completion bash")]
    public async Task Any_AFullDiskAtTheStandardOutput_IsOneAndToldInOneSentence(string line)
    {
        Assert.SkipUnless(File.Exists(Full), "This system has no /dev/full.");
        var tool = typeof(CommandLine).Assembly.Location;
        var command = $"exec dotnet '{tool}' {line.Replace("IN", At("a.csv"))} > {Full}";
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardError = true })!;
        await _error.WriteAsync(await shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();

        Assert.Equal(ExitCode.Failed, shell.ExitCode);
        AssertOneSentence("The standard output cannot be written: the disk is full; ");
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void AssertOneSentence(string expected)
    {
        var line = Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"dstream: {expected}", line, StringComparison.Ordinal);
    }

    private string At(string path) => Path.Combine(_folder, path);

    private async Task LinkAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        File.CreateSymbolicLink(At("link.csv"), "a.csv");
        File.CreateSymbolicLink(At("dangling.csv"), "x.csv");
        Directory.CreateSymbolicLink(At("folder"), ".");
        using var link = Process.Start("ln", [At("a.csv"), At("hard.csv")]);
        await link.WaitForExitAsync();
    }

    private Task<int> RunAsync(string command, string input, string more)
    {
        var words = more.Split(' ').Select(
            word => word is ['-', ..] or "table" || Path.IsPathRooted(word) ? word : At(word));
        string[] arguments =
        [
            command, At(input), "--time", "time", "--time-format", "unix-s", "--window", "tumbling:10s",
            "--aggregate", "count", .. words, .. more.Contains("--output", StringComparison.Ordinal) ? [] :
                new[] { "--output", At("out.csv") },
        ];
        return CommandLine.RunAsync(arguments, new InvocationConfiguration { Output = _output, Error = _error });
    }
}
