using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>What the command ends with.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;

    [Fact]
    public async Task Run_Done_IsZeroAndWritesTheFiles()
    {
        var code = await RunAsync("time,v\n1,2\n12,3\n0,9\n", "--late-output", Path.Combine(_folder, "late.csv"));

        Assert.Equal(ExitCode.Success, code);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Path.Combine(_folder, "out.csv"))).Length);
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(_folder, "late.csv"))).Length);
    }

    [Theory]
    [InlineData("--window", "tumbling:x")]
    [InlineData("--aggregate", "medain(v)")]
    [InlineData("--lateness", "-5s")]
    public async Task Run_OptionThatCannotBeUnderstood_IsTwo(string option, string value) =>
        Assert.Equal(ExitCode.Usage, await RunAsync("time,v\n", option, value));

    [Theory]
    [InlineData("")]
    [InlineData("when,v\n1,2\n")]
    public async Task Run_InputThatIsNotWhatWasSaid_IsOne(string input) =>
        Assert.Equal(ExitCode.Failed, await RunAsync(input));

    [Fact]
    public async Task Run_BadLine_IsThreeWhenStrict()
    {
        Assert.Equal(ExitCode.Success, await RunAsync("time,v\nx,2\n1,2\n"));
        Assert.Equal(ExitCode.BadLine, await RunAsync("time,v\nx,2\n1,2\n", "--strict"));
    }

    [Fact]
    public async Task Run_NoLineCouldBeRead_IsOne() =>
        Assert.Equal(ExitCode.Failed, await RunAsync("time,v\nx,2\ny,1\n"));

    [Fact]
    public async Task Run_WindowThatFails_IsOne() => Assert.Equal(
        ExitCode.Failed, await RunAsync("time,v\n1,2\n2,3\n12,3\n", "--aggregate", "count, median(v, exact=1)"));

    [Fact]
    public void Explain_AFileThatMustNotBeRead_NamesIt()
    {
        using var error = new StringWriter();
        var reason = new UnauthorizedAccessException("Access to 'x' is denied.", new IOException("Permission denied"));

        Assert.Equal(ExitCode.Failed, CommandErrors.Explain(error, reason));
        Assert.Equal($"dstream: Access to 'x' is denied.{Environment.NewLine}", error.ToString());
    }

    [Fact]
    public async Task Run_Cancelled_Is130()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        Assert.Equal(ExitCode.Cancelled, await RunAsync("time,v\n1,2\n", cancellation.Token));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> RunAsync(string input, params string[] more) => RunAsync(input, CancellationToken.None, more);

    private async Task<int> RunAsync(string input, CancellationToken cancellationToken, params string[] more)
    {
        var file = Path.Combine(_folder, "in.csv");
        await File.WriteAllTextAsync(file, input, CancellationToken.None);
        Dictionary<string, string> options = new()
        {
            ["--time"] = "time",
            ["--time-format"] = "unix-s",
            ["--window"] = "tumbling:10s",
            ["--aggregate"] = "count, sum(v)",
            ["--output"] = Path.Combine(_folder, "out.csv"),
        };
        for (var i = 0; i + 1 < more.Length; i += 2)
            options[more[i]] = more[i + 1];
        List<string> arguments = [file, .. options.SelectMany(option => new[] { option.Key, option.Value })];
        if (more is ["--strict"])
            arguments.Add("--strict");
        return await RunCommand.Create().Parse(arguments).InvokeAsync(cancellationToken: cancellationToken);
    }
}
