using System.CommandLine;
using System.Diagnostics;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>What the command says, and what it ends with.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;
    private readonly string _file;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public CommandLineTests()
    {
        _file = Path.Combine(_folder, "in.csv");
        File.WriteAllText(_file, "time,host,latency\n1,a,10\n2,a,20\n12,b,30\n");
    }

    [Theory]
    [InlineData("rnu", "There is no command 'rnu'; did you mean 'run'?", "dstream rnu")]
    [InlineData("run IN --agregate x", "There is no option '--agregate'; did you mean '--aggregate'?", "^^^^^^^^^^")]
    [InlineData("run IN --output-format tabel", "'tabel' is no --output-format; did you mean 'table'?", "^^^^^")]
    [InlineData("demo --live --seconds x", "'x' is no number for --seconds", "^")]
    [InlineData("demo --rate 5", "'--rate' belongs to --live.", "See 'dstream demo --help'.")]
    [InlineData("run IN", "Option '--time' is required.", "See 'dstream run --help'.")]
    [InlineData("run --time t", "An input is missing: files, a pattern in quotes, or - for standard input.", "See")]
    [InlineData("run IN --time --window tumbling:1m", "'--time' has no value: '--window' follows it.", "^^^^^^^^")]
    [InlineData("run IN --strict --key --quiet", "'--key' has no value: '--quiet' follows it.", "^^^^^^^")]
    [InlineData("run IN \u2013time t", "There is no option '\u2013time'; did you mean '--time'?", "^^^^^")]
    [InlineData("run IN --time= --window tumbling:1m --aggregate count", "--time has no name; ", "^")]
    [InlineData("run IN --time t --window= --aggregate count", "There is no window ''; ", "^")]
    [InlineData("completion", "Say what to do: bash, zsh, fish, pwsh.", "See 'dstream completion --help'.")]
    [InlineData("", "Say what to do: run, explain, why, state, replay, demo, completion.", "See 'dstream --help'.")]
    public async Task Run_ArgumentsThatCannotBeUnderstood_IsTwoAndSaysWhich(
        string line, string message, string shown)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(line));
        Assert.Contains(message, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(shown, _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "--aggregate p50(latency,error=nan)", "has an error that is not 0.0001 to 0.5", "p50(latency,error=nan)")]
    [InlineData("--aggregate p50(latency,exact=nan)", "keeps 1 to 32768 values", "p50(latency,exact=nan)")]
    [InlineData("--aggregate p50(latency,exact=1.5)", "keeps 1 to 32768 values", "p50(latency,exact=1.5)")]
    [InlineData("--aggregate p0.95(latency)", "did you mean p95?", "p0.95(latency)")]
    [InlineData("--aggregate p0.95(latency)", "Write it as p95(COLUMN, error=E) or p95(", "p0.95(latency)")]
    [InlineData("--aggregate p0.999(latency)", "Write it as p99.9(COLUMN, error=E)", "p0.999(latency)")]
    [InlineData("--aggregate p950(latency)", "Write it as p95(COLUMN, error=E)", "p950(latency)")]
    [InlineData("--aggregate count --window tumbling:10000000d", "is too long; 2668799d is the longest", "10000000d")]
    [InlineData("--aggregate count --window session:10000000d", "is too long; 2668799d is the longest", "10000000d")]
    [InlineData("--aggregate count --lateness 99999999999d", "'99999999999d' is too long; ", "99999999999d")]
    [InlineData("--aggregate count --fill zero", "write VALUES/MOST", "zero")]
    [InlineData("--aggregate count --fill zero/5 --window session:1m", "silences follow their events", "zero/5")]
    [InlineData("--aggregate count --window silence:1m/30s", "at least 1m", "30s")]
    [InlineData("--aggregate count --window silence:1m --lateness 5s", "A silence is told once", "5s")]
    [InlineData("--aggregate count --window calendar:5hours", "write 1, 2, 3, 4, 6, 8, 12 or 24 of them", "5")]
    [InlineData("--aggregate count --jump-guard 0s", "'0s' is no jump; it must be above zero", "0s")]
    [InlineData("--aggregate count --jump-guard 1h/0", "'0' is no count; it must be a number from 1 to 1024", "1h/0")]
    [InlineData("--aggregate count --jump-guard 1h/2/3/4", "has more than three parts", "1h/2/3/4")]
    [InlineData("--aggregate count --watermark per-kye:5s", "did you mean 'per-key'? Write inputs or", "per-kye:5s")]
    [InlineData("--aggregate count --watermark per-key", "write per-key:BOUND, such as per-key:5s", "per-key")]
    [InlineData("--aggregate count --watermark per-key:-5s", "is negative, and must not be", "per-key:-5s")]
    [InlineData("--aggregate count --watermark per-key:5", "'5' is not a length of time", "per-key:5")]
    [InlineData(
        "--aggregate count --watermark per-key:5s --out-of-orderness 1s",
        "and --out-of-orderness is for keys that go by the same one; leave one of the two out",
        "per-key:5s")]
    [InlineData("--aggregate count --watermark per-key:5s --jump-guard 1h", "and --jump-guard is for", "per-key:5s")]
    [InlineData(
        "--aggregate count --watermark per-key:5s --window silence:30s",
        "A silence is told by the time of all keys",
        "per-key:5s")]
    [InlineData("--aggregate count --watermark per-key:5s --fill zero/5", "and --fill is for keys", "per-key:5s")]
    [InlineData("--aggregate count --offset 9999999999999999999999999999999999d", "is too long; ", "9999999999")]
    public async Task Run_AValueThatTheEngineWouldRefuse_IsTwoAndPointsAtIt(
        string options, string message, string part)
    {
        var window = options.Contains("--window", StringComparison.Ordinal) ? "" : "--window tumbling:10s ";

        Assert.Equal(ExitCode.Usage, await RunAsync($"run IN --time time {window}{options}"));
        Assert.Contains(message, Lines(_error)[0], StringComparison.Ordinal);
        Assert.EndsWith(new string('^', part.Length), Lines(_error)[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnExactPercentileOfTooMany_AdvisesInTheTermsOfTheLine()
    {
        var code = await RunAsync(
            "run IN --time time --time-format unix-s --window tumbling:1h --aggregate p50(latency,exact=2) "
                + $"--output {Path.Combine(_folder, "out.csv")}");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("1 window failed, without values", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("raise exact=N, write error=E", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnOptionThatIsNone_TellsThatAlone()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("run IN --time time --window tumbling:1m --aggregates count"));
        Assert.StartsWith("dstream: There is no option '--aggregates'", Lines(_error)[0], StringComparison.Ordinal);
        Assert.DoesNotContain("is required", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TheLongestLengths_AreTakenOrRefusedInASentence()
    {
        var line = "run IN --time time --time-format unix-s --window tumbling:10s --aggregate count --output "
            + Path.Combine(_folder, "out.csv");

        Assert.Equal(ExitCode.Success, await RunAsync(line + " --lateness 10675199d --key="));
        Assert.Equal(ExitCode.Success, await RunAsync(line + " --out-of-orderness 10675199d"));
        Assert.Equal(ExitCode.Success, await RunAsync(line + " --offset -10675199d"));
    }

    [Fact]
    public async Task Run_APatternThatGoesUpAgain_IsTwoAndNamesIt()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(
            $"run {_folder}/*/../x.csv --time time --window tumbling:1m --aggregate count"));
        Assert.Contains("has .. behind a wildcard", Lines(_error)[0], StringComparison.Ordinal);
        Assert.Contains("*/../x.csv", Lines(_error)[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnAggregateThatIsNone_PointsAtIt()
    {
        var code = await RunAsync("run IN --time time --window tumbling:10s --aggregate count,agv(latency)");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal(
            [
                "dstream: There is no aggregate 'agv' (at character 7, in 'agv(latency)'); did you mean 'avg'?",
                "  --aggregate count,agv(latency)",
                "                    ^^^",
            ],
            Lines(_error));
    }

    [Fact]
    public async Task Run_AColumnThatIsMissing_IsOneAndPointsAtIt()
    {
        var code = await RunAsync("run IN --time time --key host --window tumbling:10s --aggregate avg(latenc)");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("did you mean 'latency'? ", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["  --aggregate avg(latenc)", "                  ^^^^^^"], Lines(_error)[1..]);
    }

    [Fact]
    public async Task Run_ATable_IsAligned()
    {
        var output = Path.Combine(_folder, "out.txt");
        var code = await RunAsync(
            "run IN --time time --time-format unix-s --key host --window tumbling:10s --aggregate count,avg(latency) "
                + $"--output-format table --output {output}");

        Assert.True(code == ExitCode.Success, _error.ToString());
        Assert.Equal(
            [
                "host  window_start         window_end           count  avg_latency",
                "----  -------------------  -------------------  -----  -----------",
                "a     1970-01-01 00:00:00  1970-01-01 00:00:10      2           15",
                "b     1970-01-01 00:00:10  1970-01-01 00:00:20      1           30",
            ],
            await File.ReadAllLinesAsync(output));
        Assert.Equal(
            [
                "3 events of 2 keys, 2 results",
                "4 lines = 1 of headers + 3 of events + 0 bad + 0 blank + 0 further ones of quoted fields",
            ],
            Lines(_error));
    }

    [Fact]
    public async Task Run_LinesOfJson_AreKnownByTheirName()
    {
        var input = Path.Combine(_folder, "in.jsonl");
        await File.WriteAllTextAsync(input, "{\"time\":1}\n{\"time\":2}\n");

        Assert.Equal(ExitCode.Success, await RunAsync(
            $"run {input} --time time --time-format unix-s --window tumbling:10s --aggregate count "
                + $"--output {Path.Combine(_folder, "out.csv")}"));
        Assert.Equal("2 events of 1 key, 1 result", Lines(_error)[0]);
    }

    [Fact]
    public async Task Run_NewestFirst_SaysWhatToDo()
    {
        await File.WriteAllTextAsync(_file, "time\n99\n50\n40\n30\n");

        await RunAsync(
            "run IN --time time --time-format unix-s --window tumbling:10s --aggregate count "
                + $"--output {Path.Combine(_folder, "out.csv")}");

        Assert.Contains("is the input newest first?", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AFolder_SaysHowToNameItsFiles()
    {
        Assert.Equal(
            ExitCode.Failed, await RunAsync($"run {_folder} --time time --window tumbling:10s --aggregate count"));
        Assert.Contains($"write '{_folder}/*.csv'", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Quiet_SaysNothing()
    {
        var code = await RunAsync(
            "run IN --time time --time-format unix-s --window tumbling:10s --aggregate count --quiet "
                + $"--output {Path.Combine(_folder, "out.csv")}");

        Assert.Equal(ExitCode.Success, code);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Explain_TheArgumentsOfRun_PrintsThePlanAndOpensNoOutput()
    {
        var output = Path.Combine(_folder, "out.csv");
        var code = await RunAsync(
            "explain IN - --time time --key host --window sliding:1h/1m --aggregate count,p99(latency) --lateness 30s "
                + "--jump-guard 2h/4/8 "
                + $"--output {output}");

        Assert.Equal(ExitCode.Success, code);
        var text = _output.ToString();
        foreach (var expected in new[]
        {
            "standard input, csv, not read", "key           host", "measure       latency, Double", "shared slices",
            "percentiles(latency", "out-of-orderness 0s, lateness 30s",
            "jumps of 02:00:00 are held for 4 keys, or 8 events of fewer",
        })
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(output));
    }

    [Theory]
    [InlineData("--watermark per-key:5s", "each key has its own time, 5s behind its newest row, lateness 0s")]
    [InlineData("--watermark inputs --out-of-orderness 3s", "out-of-orderness 3s, lateness 0s")]
    public async Task Explain_WhoseTimeItIs_IsTold(string options, string expected)
    {
        Assert.Equal(ExitCode.Success, await RunAsync(
            $"explain - --time time --key host --window tumbling:1m --aggregate count {options}"));
        Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_ANamedPipe_LeavesItAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such pipes.");
        var pipe = Path.Combine(_folder, "pipe");
        using (var make = Process.Start("mkfifo", pipe))
            await make.WaitForExitAsync();

        Assert.Equal(ExitCode.Success, await RunAsync(
            $"explain {pipe} --time time --window tumbling:1m --aggregate count").WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains($"{pipe}, csv, not read", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain IN --time when --window tumbling:1m --aggregate count", ExitCode.Failed)]
    [InlineData("explain none.csv --time time --window tumbling:1m --aggregate count", ExitCode.Failed)]
    [InlineData("explain IN --time time --window tumbling:1 --aggregate count", ExitCode.Usage)]
    public async Task Explain_WhatRunWouldRefuse_IsRefused(string line, int expected) =>
        Assert.Equal(expected, await RunAsync(line));

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("explain --help")]
    [InlineData("demo --help")]
    [InlineData("completion --help")]
    public async Task Help_OfACommand_HasExamples(string line)
    {
        Assert.Equal(ExitCode.Success, await RunAsync(line));
        Assert.Contains("Examples:", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsANumber()
    {
        Assert.Equal(ExitCode.Success, await RunAsync("--version"));
        Assert.Matches(@"^\d+\.\d+\.\d+", _output.ToString());
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string[] Lines(StringWriter writer) =>
        writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private Task<int> RunAsync(string line) => CommandLine.RunAsync(
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "IN" ? _file : word)],
        new InvocationConfiguration { Output = _output, Error = _error });
}
