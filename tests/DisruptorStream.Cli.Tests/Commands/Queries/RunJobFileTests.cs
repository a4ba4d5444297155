using System.Diagnostics;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands.Queries;

/// <summary>Jobs that a file of JSON describes.</summary>
public sealed class RunJobFileTests : IDisposable
{
    private readonly CommandRun _run = new();

    [Fact]
    public async Task Run_File_HasOptionsAndQueriesAndPathsOfItsFolder()
    {
        Prepare("""
            {
              // Comments and a last comma are fine.
              "inputs": ["in-*.csv"],
              "time": "time", "time-format": "unix-s", "lateness": "5s", "quiet": true,
              "let": "double = v * 2",
              "output": "results",
              "queries": [
                { "name": "sums", "window": "tumbling:10s", "aggregate": "sum(double)" },
                { "aggregate": "count", "window": "tumbling:10s", "key": "k", "output": "own.csv", "name": "keys", },
              ],
            }
            """);

        Assert.Equal(ExitCode.Success, await _run.RunAsAsync(["run", "--job", _run.PathOf("job.json")]));
        Assert.Empty(_run.Error);
        Assert.Equal(["sums,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,6"], _run.Rows);
        Assert.Equal(
            [
                "k,window_start,window_end,pane,count",
                "a,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1",
                "b,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1",
            ],
            await File.ReadAllLinesAsync(_run.PathOf("own.csv")));
    }

    [Fact]
    public async Task Run_FileWithOneQuery_IsAJobWithoutNames()
    {
        Prepare("""{ "inputs": "in-1.csv", "time": "time", "time-format": "unix-s", "aggregate": "count" }""");

        Assert.Equal(
            ExitCode.Success,
            await _run.RunAsync(["run", "--job", _run.PathOf("job.json"), "--window", "tumbling:10s", "--key", "k"]));
        Assert.Equal(["a,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1"], _run.Rows);
    }

    [Fact]
    public async Task Run_OptionsOfTheLine_CountMoreThanThoseOfTheFile()
    {
        Prepare("""
            { "inputs": "none.csv", "time": "none", "time-format": "iso",
              "queries": [{ "name": "q", "window": "tumbling:10s", "aggregate": "count" }] }
            """);

        Assert.Equal(ExitCode.Success, await _run.RunAsync(
        [
            "run", _run.PathOf("in-2.csv"), "--job", _run.PathOf("job.json"), "--time", "time", "--time-format",
            "unix-s", "--query", "r: window=tumbling:5s; aggregate=max(v)",
        ]));
        Assert.Equal(2, _run.Rows.Length);
    }

    [Theory]
    [InlineData("""{ "inputs": "in-1.csv" "time": "time" }""", "1:24", "This is no JSON")]
    [InlineData("""{ "inputs": "in-1.csv", "tmie": "time" }""", "1:25", "did you mean 'time'?")]
    [InlineData("""{ "time": 5 }""", "1:11", "'time' is a text")]
    [InlineData("""{ "strict": "yes" }""", "1:13", "'strict' is true or false")]
    [InlineData("""{ "time": "a", "time": "b" }""", "1:16", "'time' twice")]
    [InlineData("""{ "format": "cvs" }""", "1:13", "did you mean 'csv'?")]
    [InlineData("[]", "1:1", "A job is an object")]
    [InlineData("{\n \"queries\": [\n  5 ] }", "3:3", "A query is an object")]
    [InlineData("{ \"queries\": [\n{ \"window\": \"\" } ] }", "2:1", "lacks its name")]
    [InlineData("{ \"queries\": [\n{ \"name\": \"q\", \"aggregat\": \"\" } ] }", "2:16", "did you mean 'aggregate'?")]
    [InlineData("{ \"queries\": [\n{ \"name\": \"q\", \"key\": \"\" } ] }", "2:1", "In the query 'q': It lacks")]
    public async Task Run_FileThatCannotBeUnderstood_IsTwoAndSaysWhere(string text, string place, string message)
    {
        Prepare(text);

        Assert.Equal(ExitCode.Usage, await _run.RunAsync(["run", "--job", _run.PathOf("job.json")]));
        Assert.Contains(message, _run.ErrorLines[0], StringComparison.Ordinal);
        Assert.StartsWith($"  {_run.PathOf("job.json")}:{place} ", _run.ErrorLines[1], StringComparison.Ordinal);
        Assert.Contains("^", _run.ErrorLines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ExpressionOfAFile_IsPointedAt()
    {
        Prepare("""
            { "inputs": "in-1.csv", "time": "time", "time-format": "unix-s", "queries": [
              { "name": "q", "where": "v >< 1", "window": "tumbling:10s", "aggregate": "count" }] }
            """);

        Assert.Equal(ExitCode.Usage, await _run.RunAsync(["run", "--job", _run.PathOf("job.json")]));
        Assert.StartsWith("dstream: In the query 'q': ", _run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal($"  {_run.PathOf("job.json")}:2:27 where: v >< 1", _run.ErrorLines[1]);
        Assert.Equal(
            _run.ErrorLines[1].IndexOf("< 1", StringComparison.Ordinal),
            _run.ErrorLines[2].IndexOf('^', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "time": "time", "window": "tumbling:1m", "aggregate": "count" }""", "The job has no inputs")]
    [InlineData("""{ "inputs": "in-1.csv", "window": "tumbling:1m", "aggregate": "count" }""", "The job has no time")]
    [InlineData("""{ "inputs": "in-1.csv", "time": "time", "aggregate": "count" }""", "The job has no window")]
    public async Task Run_FileWithoutWhatIsNeeded_IsTwo(string text, string message)
    {
        Prepare(text);

        Assert.Equal(ExitCode.Usage, await _run.RunAsync(["run", "--job", _run.PathOf("job.json")]));
        Assert.Contains(message, _run.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FileThatIsNotThere_IsOne() => Assert.Equal(
        ExitCode.Failed, await _run.RunAsync(["run", "--job", _run.PathOf("none.json")]));

    /// <summary>A pipe gives what is in it once, also where a message is about a part of it.</summary>
    [Theory]
    [InlineData("count", ExitCode.Success, "a,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1", "")]
    [InlineData("sum(none)", ExitCode.Failed, null, "sum(none)")]
    public async Task Run_JobFromAPipe_IsReadOnce(string aggregate, int code, string? row, string shown)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes among its files.");
        Prepare($$"""
            { "inputs": "in-1.csv", "time": "time", "time-format": "unix-s", "key": "k", "window": "tumbling:10s",
              "quiet": true, "aggregate": "{{aggregate}}" }
            """);
        var pipe = _run.PathOf("pipe");
        using var make = Process.Start("mkfifo", [pipe]);
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var fill = Process.Start("sh", ["-c", $"cat '{_run.PathOf("job.json")}' > '{pipe}'"]);

        try
        {
            Assert.Equal(code, await _run.RunAsync(["run", "--job", pipe]));
        }
        finally
        {
            fill.Kill(entireProcessTree: true);
        }

        Assert.Contains(shown, _run.Error, StringComparison.Ordinal);
        if (row is not null)
            Assert.Equal([row], _run.Rows);
    }

    public void Dispose() => _run.Dispose();

    private void Prepare(string job)
    {
        _run.Write("in-1.csv", "time,k,v\n1,a,1\n");
        _run.Write("in-2.csv", "time,k,v\n6,b,2\n");
        _run.Write("job.json", job);
    }
}
