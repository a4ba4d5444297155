using System.CommandLine;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Completion;

namespace DisruptorStream.Cli.Tests.Completion;

/// <summary>What <c>dstream "[suggest:PLACE]" LINE</c> says.</summary>
public sealed class SuggestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;
    private readonly string _file;

    public SuggestTests()
    {
        _file = Path.Combine(_folder, "calls.csv");
        File.WriteAllText(_file, "\uFEFFtime,latency_ms,\"a, b\"\n1,2,3\n");
        Directory.CreateDirectory(Path.Combine(_folder, "deep"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("dstream ", "run explain why state replay demo completion")]
    [InlineData("dstream ex", "explain")]
    [InlineData("dstream completion ", "bash zsh fish pwsh")]
    [InlineData("dstream run --output-", "--output-format")]
    [InlineData("dstream run --format csv --fo", "")]
    [InlineData("dstream run --output-format ", "csv ndjson table")]
    [InlineData("dstream run --output-format t", "table")]
    [InlineData("dstream run --window t", "tumbling:")]
    [InlineData("dstream run --window session:3", "session:30s")]
    [InlineData("dstream run --window sliding:1h/3", "sliding:1h/30s")]
    [InlineData("dstream run --window calendar:w", "calendar:week@")]
    [InlineData("dstream run --window calendar:2day@Europe/Berl", "calendar:2day@Europe/Berlin")]
    [InlineData("dstream run --fill p", "previous/")]
    [InlineData("dstream run --watermark p", "per-key:")]
    [InlineData("dstream run --watermark per-key:30", "per-key:30s")]
    [InlineData("dstream run --aggregate co", "count")]
    [InlineData("dstream run --aggregate \"p99", "p99( p99.9(")]
    [InlineData("dstream run none.csv --time ", "")]
    [InlineData("dstream demo --live --se", "--seconds")]
    public async Task Suggest_ALine_GivesWhatMayFollow(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', await SuggestAsync(line)));

    [Theory]
    [InlineData("--time ", "time|latency_ms|a, b")]
    [InlineData("--key time,l", "time,latency_ms")]
    [InlineData("--key @", "@file")]
    [InlineData("--query \"q: wi", "q: window=")]
    [InlineData("--query \"q: window=ses", "q: window=session:")]
    [InlineData("--query \"q: window=tumbling:1m; key=time,l", "q: window=tumbling:1m; key=time,latency_ms")]
    [InlineData("--query \"q: key=time; aggregate=count, max(ti", "q: key=time; aggregate=count, max(time)")]
    [InlineData("--aggregate \"count, avg(l", "count, avg(latency_ms)")]
    public async Task Suggest_WithAnInput_KnowsItsColumns(string end, string expected) =>
        Assert.Equal(expected, string.Join('|', await SuggestAsync($"dstream run {_file} {end}")));

    [Fact]
    public async Task Suggest_AnInput_GivesFilesAndFolders() => Assert.Equal(
        [$"{_folder}/calls.csv", $"{_folder}/deep/"], await SuggestAsync($"dstream run {_folder}/"));

    [Theory]
    [InlineData("$(touch x)")]
    [InlineData("`touch x`")]
    [InlineData("a;b")]
    [InlineData("a'b")]
    [InlineData("a|b")]
    public async Task Suggest_AColumnThatAShellWouldRun_IsNotOffered(string column)
    {
        await File.WriteAllTextAsync(_file, $"time,{column}\n");

        Assert.Equal(["time"], await SuggestAsync($"dstream run {_file} --time "));
        Assert.Empty(await SuggestAsync($"dstream run {_file} --aggregate \"avg({column[0]}"));
    }

    [Fact]
    public async Task Suggest_APatternThatCannotBeUnderstood_OffersNothing() =>
        Assert.Empty(await SuggestAsync($"dstream run {_folder}/*/../x.csv --time "));

    [Fact]
    public async Task Suggest_APlaceBeforeTheEnd_LooksNoFurther()
    {
        await using var output = new StringWriter();
        await CommandLine.RunAsync(
            ["[suggest:10]", "dstream ex calls.csv"], new InvocationConfiguration { Output = output });

        Assert.Equal("explain", output.ToString().Trim());
    }

    [Theory]
    [InlineData("bash", "complete -F _dstream dstream")]
    [InlineData("zsh", "compdef _dstream dstream")]
    [InlineData("fish", "complete -c dstream")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_AShell_PrintsItsScript(string shell, string expected)
    {
        await using var output = new StringWriter();

        Assert.Equal(
            0, await CommandLine.RunAsync(["completion", shell], new InvocationConfiguration { Output = output }));
        Assert.Contains(expected, output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ShellScripts.Of(shell), output.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string[]> SuggestAsync(string line)
    {
        await using var output = new StringWriter();
        Assert.Equal(
            0,
            await CommandLine.RunAsync(
                [$"[suggest:{line.Length}]", line], new InvocationConfiguration { Output = output }));
        return output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
