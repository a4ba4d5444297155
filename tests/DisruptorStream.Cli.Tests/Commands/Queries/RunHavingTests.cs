using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands.Queries;

/// <summary>A condition of which results are written.</summary>
public sealed class RunHavingTests : IDisposable
{
    private readonly CommandRun _run = new();

    private static string Calls => """
        time,model,lat
        1,gpt,10
        2,gpt,20
        3,cl,30
        11,gpt,5
        25,cl,40

        """;

    [Fact]
    public async Task Run_Having_WritesTheResultsOfWhichItIsTrue()
    {
        Assert.Equal(
            ExitCode.Success,
            await RunAsync(
                "--key", "model", "--window", "tumbling:10s", "--aggregate", "count, avg(lat), avg_lat * 2 as twice",
                "--having", "avg_lat > 10 and twice < 70"));

        Assert.Equal(
            """
            model,window_start,window_end,pane,count,avg_lat,twice
            gpt,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,2,15,30
            cl,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1,30,60

            """,
            _run.Text);
        Assert.Contains("5 events of 2 keys, 2 results of 4", _run.ErrorLines);
    }

    [Fact]
    public async Task Run_HavingOfAQuery_IsItsOwn()
    {
        Assert.Equal(
            ExitCode.Success,
            await RunAsync(
                "--query", "few: key=model; window=tumbling:10s; aggregate=count; having=count < 2",
                "--query", "all: window=tumbling:1m; aggregate=count"));

        Assert.Contains("few: 5 events of 2 keys, 3 results of 4", _run.ErrorLines);
        Assert.Contains("all: 5 events of 1 key, 1 result", _run.ErrorLines);
    }

    [Fact]
    public async Task Run_HavingThatNamesNothing_IsPointedAt()
    {
        const string Query = "q: window=tumbling:1m; aggregate=count; having=coutn > 2";

        Assert.Equal(ExitCode.Usage, await RunAsync("--query", Query));
        Assert.Contains("There is no metric 'coutn'; did you mean 'count'?", _run.Error, StringComparison.Ordinal);
        var indent = "--query ".Length + Query.IndexOf("coutn", StringComparison.Ordinal);
        Assert.Equal($"  {new string(' ', indent)}^^^^^", _run.ErrorLines[2]);
    }

    public void Dispose() => _run.Dispose();

    private Task<int> RunAsync(params string[] more) => _run.RunAsync(
        ["run", _run.Write("in.csv", Calls), "--time", "time", "--time-format", "unix-s", .. more]);
}
