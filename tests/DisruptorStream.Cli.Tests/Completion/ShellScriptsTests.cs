using System.Diagnostics;
using DisruptorStream.Cli.Completion;

namespace DisruptorStream.Cli.Tests.Completion;

/// <summary>What bash puts into the line, for what dstream suggests.</summary>
public sealed class ShellScriptsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("dstream run ", "", "my file.csv", @"my\ file.csv")]
    [InlineData(@"dstream run my\ fi", @"my\ fi", "my file.csv", @"my\ file.csv")]
    [InlineData("dstream run ", "", "$(touch x).csv", @"\$\(touch\ x\).csv")]
    [InlineData("dstream run \"my fi", "\"my fi", "my file.csv", "my file.csv")]
    [InlineData("dstream run \"my", "\"my", "my$(x)`y`.csv", @"my\$(x)\`y\`.csv")]
    [InlineData("dstream run 'my", "'my", "my$(x).csv", "my$(x).csv")]
    [InlineData("dstream run 'my", "'my", "my'x.csv", "")]
    [InlineData("dstream run x --key time,l", "time,l", "time,latency", "time,latency")]
    [InlineData("dstream run x --key l", "l", "latency", "latency")]
    [InlineData("dstream run x --window tumbling:1", "1", "tumbling:10s", "10s")]
    [InlineData("dstream run x --window tumbling:", ":", "tumbling:10s", "10s")]
    [InlineData(
        "dstream run x --aggregate \"count, avg(la", "\"count, avg(la", "count, avg(latency)", "count, avg(latency)")]
    public async Task Bash_ASuggestion_IsEscapedAsTheLineNeedsIt(
        string line, string word, string suggestion, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "There is no bash.");

        var script = ShellScripts.Of("bash") + """

            dstream() { printf '%s\n' "$SUGGESTION"; }
            COMP_LINE="$LINE" COMP_POINT=${#LINE} COMP_WORDS=("$WORD") COMP_CWORD=0
            _dstream 2>/dev/null
            printf '%s' "${COMPREPLY[*]}"
            """;
        var start = new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardOutput = true };
        (start.Environment["LINE"], start.Environment["WORD"], start.Environment["SUGGESTION"]) =
            (line, word, suggestion);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Bound);
        await process.WaitForExitAsync().WaitAsync(Bound);

        Assert.Equal(expected, output);
    }
}
