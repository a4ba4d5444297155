using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands.Queries;

/// <summary>Several queries on one reading of the input.</summary>
public sealed class RunQueriesTests : IDisposable
{
    private const string Slow = "slow: where=lat >= 20; key=model; window=tumbling:10s; aggregate=count, avg(lat)";
    private const string Visits = "visits: window=session:5s; aggregate=count, max(lat) as top";

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
    public async Task Run_QueriesWithoutOutputs_AreOneTableByEventAndThenByQuery()
    {
        Assert.Equal(ExitCode.Success, await RunAsync("--query", Slow, "--query", Visits));

        Assert.Equal(
            """
            query,model,window_start,window_end,pane,count,avg_lat,top
            slow,gpt,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1,20,
            slow,cl,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1,30,
            visits,,1970-01-01T00:00:01Z,1970-01-01T00:00:08Z,on_time,3,,30
            visits,,1970-01-01T00:00:11Z,1970-01-01T00:00:16Z,on_time,1,,5
            slow,cl,1970-01-01T00:00:20Z,1970-01-01T00:00:30Z,on_time,1,40,
            visits,,1970-01-01T00:00:25Z,1970-01-01T00:00:30Z,on_time,1,,40

            """,
            _run.Text);
        Assert.Equal(
            [
                "slow: 3 events of 2 keys, 3 results, 2 filtered",
                "visits: 5 events of 1 key, 3 results",
                "6 lines = 1 of headers + 5 of events + 0 bad + 0 blank + 0 further ones of quoted fields",
            ],
            _run.ErrorLines);
    }

    [Fact]
    public async Task Run_QueriesAsJson_HaveTheirOwnMembers()
    {
        Assert.Equal(
            ExitCode.Success, await RunAsync("--query", Slow, "--query", Visits, "--output-format", "ndjson"));

        Assert.Equal(
            [
                "{\"query\":\"slow\",\"model\":\"gpt\",\"window_start\":\"1970-01-01T00:00:00Z\","
                + "\"window_end\":\"1970-01-01T00:00:10Z\",\"pane\":\"on_time\",\"count\":1,\"avg_lat\":20}",
                "{\"query\":\"visits\",\"window_start\":\"1970-01-01T00:00:01Z\","
                + "\"window_end\":\"1970-01-01T00:00:08Z\",\"pane\":\"on_time\",\"count\":3,\"top\":30}",
            ],
            _run.Text.Split('\n').Where((_, line) => line is 0 or 2));
    }

    [Fact]
    public async Task Run_QueryWithAnOutput_WritesThereWithoutItsName()
    {
        var own = _run.PathOf("own;name");

        Assert.Equal(ExitCode.Success, await RunAsync("--query", $"{Slow}; output='{own}'", "--query", Visits));
        Assert.StartsWith("model,window_start,", await File.ReadAllTextAsync(own), StringComparison.Ordinal);
        Assert.StartsWith("query,window_start,", _run.Text, StringComparison.Ordinal);
        Assert.False(_run.HasTemporaryFiles);
    }

    [Fact]
    public async Task Run_LateOutputOfAQuery_HasItsColumnsAlone()
    {
        var input = _run.Write("in.csv", "time,a,b\n1,x,2\n30,x,3\n2,y,4\n");
        var late = _run.PathOf("late");

        Assert.Equal(ExitCode.Success, await _run.RunAsync(
        [
            "run", input, "--time", "time", "--time-format", "unix-s",
            "--query", $"one: key=a; window=tumbling:10s; aggregate=count, max(time); late-output={late}",
            "--query", "two: window=tumbling:1h; aggregate=sum(b)",
        ]));
        Assert.Equal(["a,time,reason", "y,1970-01-01T00:00:02Z,Late"], await File.ReadAllLinesAsync(late));
        Assert.Contains(_run.ErrorLines, line => line.StartsWith("one: 1 event dropped", StringComparison.Ordinal));
        Assert.DoesNotContain(
            _run.ErrorLines, line => line.StartsWith("two: 1 event dropped", StringComparison.Ordinal));
    }

    /// <summary>What no query takes need not be readable; what one takes must be.</summary>
    [Fact]
    public async Task Run_CellOfAnotherQuery_IsReadWhereThatTakesTheRow()
    {
        var input = _run.Write("in.csv", "time,kind,v\n1,n,1\n2,t,text\n3,x,bad\n");
        string[] queries =
        [
            "--query", "numbers: where=kind = 'n'; window=tumbling:10s; aggregate=sum(v)",
            "--query", "texts: where=kind = 't'; window=tumbling:10s; aggregate=count, distinct(v)",
        ];

        Assert.Equal(
            ExitCode.Success,
            await _run.RunAsync(
                ["run", input, "--time", "time", "--time-format", "unix-s", "--strict", .. queries]));
        Assert.Equal(
            [
                "numbers,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1,,",
                "texts,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,,1,1",
            ],
            _run.Rows);
        Assert.Contains("2 of events + 1 filtered + 0 bad", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CommonWhereAndLet_HoldForAllQueries()
    {
        Assert.Equal(ExitCode.Success, await RunAsync(
            "--let", "half = lat / 2", "--where", "model = 'gpt'",
            "--query", "a: where=half > 4; window=tumbling:1h; aggregate=count, max(half)",
            "--query", "b: window=tumbling:1h; aggregate=count"));
        Assert.Equal(
            [
                "a,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,on_time,2,10",
                "b,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,on_time,3,",
            ],
            _run.Rows);
    }

    [Theory]
    [InlineData("q: window=tumbling:1m; aggregate=agv(lat)", "In the query 'q': There is no aggregate 'agv'", "agv")]
    [InlineData("q: window=tumblin:1m; aggregate=count", "did you mean 'tumbling'?", "tumblin")]
    [InlineData("q: where=lat >< 1; window=tumbling:1m; aggregate=count", "is needed", "<")]
    [InlineData("q: where='lat + 1'; window=tumbling:1m; aggregate=count", "where of 'q'", "lat + 1")]
    [InlineData("q: key=lat as count; window=tumbling:1m; aggregate=count", "as a column of the key is", "count")]
    [InlineData("q: key=query; window=tumbling:1m; aggregate=count", "an output of its own", "query")]
    [InlineData("q: wndow=tumbling:1m; aggregate=count", "did you mean 'window'?", "wndow")]
    [InlineData("q: key=lat; key=lat; window=tumbling:1m; aggregate=count", "its key twice", "key")]
    [InlineData("q: key; window=tumbling:1m; aggregate=count", "'key' has no value", "key")]
    [InlineData("q: window=tumbling:1m", "lacks its aggregate", "q: window=tumbling:1m")]
    [InlineData("window=tumbling:1m; aggregate=count", "begins with its name", "window")]
    [InlineData("q: where=lat = 'x; window=tumbling:1m; aggregate=count", "quote is not closed", "'")]
    public async Task Run_QueryThatCannotBe_IsPointedAt(string query, string message, string part)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("--query", query));
        Assert.Contains(message, _run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal($"  --query {query}", _run.ErrorLines[1]);
        var place = _run.ErrorLines[2].IndexOf('^', StringComparison.Ordinal) - "  --query ".Length;
        Assert.Equal(part, query.Substring(place, _run.ErrorLines[2].Count(one => one == '^')));
    }

    [Theory]
    [InlineData("--key", "model", "key belongs into each of them")]
    [InlineData("--window", "tumbling:1m", "window belongs into each of them")]
    [InlineData("--query", "slow: window=tumbling:1m; aggregate=count", "the same name")]
    public async Task Run_QueriesBesideWhatDoesNotFit_IsTwo(string option, string value, string message)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("--query", Slow, option, value));
        Assert.Contains(message, _run.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TwoQueriesIntoOneFile_IsTwo()
    {
        var own = _run.PathOf("own");

        Assert.Equal(
            ExitCode.Usage,
            await RunAsync(
                "--query", $"{Slow}; output={own}",
                "--query", $"{Visits}; output={own}",
                "--query", "third: window=tumbling:1m; aggregate=count"));
        Assert.Contains("the query 'slow' goes as well", _run.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutputThatNoQueryWritesTo_IsTwo()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("--query", $"{Slow}; output={_run.PathOf("own")}"));
        Assert.Contains("nothing would go here", _run.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MoreThanAStreamHolds_IsTwo()
    {
        var keys = Enumerable.Range(0, 9).SelectMany(number => new[]
        {
            "--query", $"q{number}: key=k{number}; window=tumbling:1m; aggregate=count",
        });
        var measures = Enumerable.Range(0, 17).SelectMany(number => new[]
        {
            "--query", $"q{number}: window=tumbling:1m; aggregate=avg(c{number})",
        });

        Assert.Equal(ExitCode.Usage, await RunAsync([.. keys]));
        Assert.Contains(
            "In the query 'q8': The queries group by 9 different keys", _run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await RunAsync([.. measures]));
        Assert.Contains("In the query 'q16': Up to here", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ColumnThatTheHeaderLacks_IsPointedAtInTheQuery()
    {
        const string Query = "q: key=modl; window=tumbling:1m; aggregate=count";

        Assert.Equal(ExitCode.Failed, await RunAsync("--query", Query));
        Assert.Equal(
            [$"  --query {Query}", $"  {new string(' ', "--query q: key=".Length)}^^^^"], _run.ErrorLines[1..]);
    }

    public void Dispose() => _run.Dispose();

    private Task<int> RunAsync(params string[] more) => _run.RunAsync(
        ["run", _run.Write("in.csv", Calls), "--time", "time", "--time-format", "unix-s", .. more]);
}
