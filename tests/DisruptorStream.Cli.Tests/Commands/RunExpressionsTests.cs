using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>Filters, computed columns and aggregates that are expressions.</summary>
public sealed class RunExpressionsTests : IDisposable
{
    private readonly CommandRun _run = new();

    private static string Calls => """
        time,model,status,tokens,latency_ms
        1,gpt-4,200,10,5
        2,gpt-3,500,20,
        3,claude,503,30,10
        4,gpt-4,abc,40,20
        15,x,1,1,1
        16,gpt-9,200,5,5

        """;

    [Fact]
    public async Task Run_Where_LeavesOutWhatIsNotTrueAndCountsIt()
    {
        var code = await _run.AggregateAsync(
            _run.Write("in.csv", Calls), "count", "--where", "model like 'gpt%' and latency_ms < 100");

        Assert.Equal(ExitCode.Success, code);
        Assert.Equal(
            [
                "1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,2",
                "1970-01-01T00:00:10Z,1970-01-01T00:00:20Z,on_time,1",
            ],
            _run.Rows);
        Assert.Contains("3 of events + 3 filtered + 0 bad", _run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("dropped", _run.Error, StringComparison.Ordinal);
    }

    /// <summary>The filter says what a query is about, not when things happened.</summary>
    [Fact]
    public async Task Run_FilteredRow_MovesTimeOn()
    {
        var input = _run.Write("in.csv", "time,v\n1,1\n30,0\n2,1\n");

        await _run.AggregateAsync(input, "count", "--where", "v = 1");

        Assert.Equal("1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1", Assert.Single(_run.Rows));
        Assert.Contains("1 event dropped", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("in.csv", "time,a,b\n1,6,3\n2,6,\n3,x,1\n")]
    [InlineData("in.ndjson", """
        {"time":1,"a":6,"b":3}
        {"time":2,"a":6,"b":null}
        {"time":3,"a":"x","b":1}

        """)]
    public async Task Run_Let_IsAKeyAndAMeasureAndInWhere(string name, string text)
    {
        var code = await _run.RunAsync(
        [
            "run", _run.Write(name, text), "--time", "time", "--time-format", "unix-s", "--window", "tumbling:10s",
            "--let", "q = a / b * 1000", "--let", "kind = case when q > 1 then 'high' else 'none' end",
            "--where", "time < 100", "--key", "kind", "--aggregate", "count, max(q), top(1, kind)",
        ]);

        Assert.Equal(ExitCode.Success, code);
        Assert.Equal(
            [
                "high,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1,2000,high,1,0",
                "none,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,2,,none,2,0",
            ],
            _run.Rows.Order(StringComparer.Ordinal));
        Assert.Contains(
            "1 value of 'a', such as 'x', taken for null where an expression needs a number",
            _run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AggregatedExpression_IsMadeOfTheOthers()
    {
        var code = await _run.AggregateAsync(
            _run.Write("in.csv", Calls),
            "count, sum(failed) as errors, errors / count as \"error rate\", round(\"error rate\" * 100, 1) as percent",
            "--let",
            "failed = case when status >= 500 then 1 else 0 end");

        Assert.Equal(ExitCode.Success, code);
        Assert.StartsWith(
            "window_start,window_end,pane,count,errors,error rate,percent\n", _run.Text, StringComparison.Ordinal);
        Assert.Equal("1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,4,2,0.5,50", _run.Rows[0]);
    }

    /// <summary>What is filtered need not be readable beyond what the filter reads.</summary>
    [Fact]
    public async Task Run_FilteredRowWithTextForANumber_IsNotBad()
    {
        var input = _run.Write("in.csv", "time,kind,v\n1,n,1\n2,t,text\n");

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "sum(v)", "--strict", "--where", "kind = 'n'"));
        Assert.Equal("1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,1", Assert.Single(_run.Rows));
    }

    [Fact]
    public async Task Run_AllRowsFiltered_IsSuccessWithoutRows()
    {
        var input = _run.Write("in.csv", Calls);

        Assert.Equal(ExitCode.Success, await _run.AggregateAsync(input, "count", "--where", "false"));
        Assert.Empty(_run.Rows);
    }

    [Theory]
    [InlineData("--where", "status >< 500", "where a column", "        ^")]
    [InlineData("--where", "lenght(model) > 1", "did you mean 'length'?", "^^^^^^")]
    [InlineData("--where", "tokens + 1", "needs a condition", "^^^^^^^^^^")]
    [InlineData("--where", "model = status", "says nothing of their types", "^^^^^^^^^^^^^^")]
    [InlineData("--let", "tokens + 1", "A '=' is missing", "       ^")]
    [InlineData("--let", "a = 'x' + 1", "needs a number", "    ^^^")]
    public async Task Run_ExpressionThatCannotBe_IsPointedAt(string option, string text, string message, string carets)
    {
        var code = await _run.AggregateAsync(_run.Write("in.csv", Calls), "count", option, text);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, _run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(
            [$"  {option} {text}", $"  {new string(' ', option.Length + 1)}{carets}"], _run.ErrorLines[1..]);
    }

    [Theory]
    [InlineData("count, sum(tokens) / count as x", "'sum' is an aggregate", "sum")]
    [InlineData("count, cuont / 2 as x", "did you mean 'count'?", "cuont")]
    [InlineData("count, count / 2", "lacks its name", "count / 2")]
    public async Task Run_AggregatedExpressionThatCannotBe_IsPointedAt(string text, string message, string part)
    {
        Assert.Equal(ExitCode.Usage, await _run.AggregateAsync(_run.Write("in.csv", Calls), text));
        Assert.Contains(message, _run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(
            "  --aggregate ".Length + text.LastIndexOf(part, StringComparison.Ordinal),
            _run.ErrorLines[2].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ColumnThatTheHeaderLacks_IsPointedAtInTheExpression()
    {
        var input = _run.Write("in.csv", Calls);

        Assert.Equal(
            ExitCode.Failed,
            await _run.AggregateAsync(input, "count", "--let", "x = tokns + 1", "--where", "x > 1"));
        Assert.Contains("did you mean 'tokens'?", _run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(["  --let x = tokns + 1", "            ^^^^^"], _run.ErrorLines[1..]);
    }

    [Fact]
    public async Task Run_ConditionWhereNumbersAreNeeded_IsPointedAt()
    {
        Assert.Equal(
            ExitCode.Usage,
            await _run.AggregateAsync(_run.Write("in.csv", Calls), "avg(bad)", "--let", "bad = status >= 500"));
        Assert.Contains("'bad' of --let is a condition", _run.ErrorLines[0], StringComparison.Ordinal);
    }

    public void Dispose() => _run.Dispose();
}
