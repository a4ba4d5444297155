using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs.Windowing;
using DisruptorStream.Cli.Output;

namespace DisruptorStream.Cli.Tests.Jobs;

public sealed class StreamJobTests
{
    [Fact]
    public async Task RunAsync_Csv_WritesKeyWindowPaneAndAggregates()
    {
        var job = await Job.RunAsync(
            Job.Settings("tumbling:10s", "count, sum(v), avg(v) as mean", keys: ["host", "zone"]),
            "time,host,v,zone\n1,\"a,b\",1.5,x\n2,\"a,b\",2.5,x\n12,c,,y\n5,c,9,y\n");

        Assert.Equal(
            [
                "host,zone,window_start,window_end,pane,count,sum_v,mean",
                "\"a,b\",x,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,2,4,2",
                "c,y,1970-01-01T00:00:10Z,1970-01-01T00:00:20Z,on_time,1,0,",
            ],
            job.Output);
        Assert.Equal(["host,zone,time,v,reason", "c,y,1970-01-01T00:00:05Z,9,Late"], job.Late);
        Assert.Equal(4, job.Summary.Stats.EventsProcessed);
        Assert.Equal(1, job.Summary.Stats.LateDropped);
    }

    [Fact]
    public async Task RunAsync_Weights_AreSummedForEachValue()
    {
        var job = await Job.RunAsync(
            Job.Settings(
                "tumbling:10s",
                "top(2, user, weight=cost) as dear, distinct(order, weight=cost) as revenue, "
                    + "distinct(order, weight=cost)"),
            "time,user,order,cost\n1,ann,a,0.5\n2,bob,b,2\n3,ann,a,0.5\n4,ann,c,\n5,cid,d,-3\n6,cid,e,0.25\n");

        Assert.Equal(
            [
                "window_start,window_end,pane,dear_1,dear_1_weight,dear_1_error,dear_2,dear_2_weight,dear_2_error,"
                    + "revenue,distinct_order_cost",
                "1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,bob,2,0,ann,1,0,2.75,2.75",
            ],
            job.Output);
        Assert.Equal(2, job.Summary.Stats.NegativeWeights);
    }

    [Theory]
    [InlineData("silence:60s", true)]
    [InlineData("silence:60s/99s", false)]
    public async Task RunAsync_Silences_WritesWhenTheyStartAndEnd(string window, bool isTold)
    {
        var settings = Job.Settings(window, "count, sum(v)", keys: ["k"]);

        var job = await Job.RunAsync(settings, "time,k,v\n0,a,1\n10,a,2\n20,b,4\n110,a,8\n120,c,1\n");

        string[] ended = isTold ? ["a,1970-01-01T00:00:10Z,1970-01-01T00:01:50Z,silence_ended,2,3"] : [];
        Assert.Equal(
            [
                "k,window_start,window_end,pane,count,sum_v",
                "a,1970-01-01T00:00:10Z,1970-01-01T00:01:10Z,silence_started,2,3",
                "b,1970-01-01T00:00:20Z,1970-01-01T00:01:20Z,silence_started,1,4",
                .. ended,
            ],
            job.Output);
    }

    [Fact]
    public async Task RunAsync_DaysOfAZoneWithGapsFilled_WritesThem()
    {
        var settings = Job.Settings("calendar:day@Europe/Berlin", "count, sum(v)", keys: ["k"]);
        settings = settings with { Queries = [settings.Queries[0] with { Fill = FillSpec.Parse("zero/5") }] };

        // Noon of 28 and 31 March 2026; in the night between the clocks went forward.
        var job = await Job.RunAsync(settings, "time,k,v\n1774695600,a,1\n1774951200,a,2\n");

        Assert.Equal(
            [
                "k,window_start,window_end,pane,count,sum_v",
                "a,2026-03-27T23:00:00Z,2026-03-28T23:00:00Z,on_time,1,1",
                "a,2026-03-28T23:00:00Z,2026-03-29T22:00:00Z,on_time,0,0",
                "a,2026-03-29T22:00:00Z,2026-03-30T22:00:00Z,on_time,0,0",
                "a,2026-03-30T22:00:00Z,2026-03-31T22:00:00Z,on_time,1,2",
            ],
            job.Output);
    }

    [Fact]
    public async Task RunAsync_TextColumns_AreCountedAndShown()
    {
        var job = await Job.RunAsync(
            Job.Settings("tumbling:10s", "distinct(user) as users, top(2, model) as m, p50(v), top(1, v) as v"),
            "time,user,model,v\n1,ann,\"big, old\",1\n2,bob,small,2\n3,ann,small,2\n4,,,\n9,ann,small,4\n"
                + "40,,,7\n3,x,y,1\n");

        Assert.Equal(
            [
                "window_start,window_end,pane,users,m_1,m_1_count,m_1_error,m_2,m_2_count,m_2_error,p50_v,v_1,"
                    + "v_1_count,v_1_error",
                "1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,2,small,3,0,\"big, old\",1,0,2,2,2,0",
                "1970-01-01T00:00:40Z,1970-01-01T00:00:50Z,on_time,0,,0,0,,0,0,7,7,1,0",
            ],
            job.Output);
        Assert.Equal(["time,user,model,v,reason", "1970-01-01T00:00:03Z,x,y,1,Late"], job.Late);
    }

    [Fact]
    public async Task RunAsync_Ndjson_WritesLinesOfJson()
    {
        var settings = Job.Settings("session:5s", "count, max(v)", keys: ["k"], format: InputFormat.Ndjson) with
        {
            OutputFormat = OutputFormat.Ndjson,
        };

        var job = await Job.RunAsync(settings, """
            {"time":1,"k":"é\"","v":0.1,"other":{"a":[1]}}
            {"time":3.5,"k":"é\"","v":1e300}
            {"time":20,"k":"é\"","v":null}
            """);

        Assert.Equal(
            [
                """{"k":"\u00E9\u0022","window_start":"1970-01-01T00:00:01Z","window_end":"1970-01-01T00:00:08.5Z","""
                    + """
                      "pane":"on_time","count":2,"max_v":1E+300}
                      """,
                """{"k":"\u00E9\u0022","window_start":"1970-01-01T00:00:20Z","window_end":"1970-01-01T00:00:25Z","""
                    + """
                      "pane":"on_time","count":1,"max_v":null}
                      """,
            ],
            job.Output);
    }

    [Fact]
    public async Task RunAsync_BadLines_AreCountedAndTheFirstTenReported()
    {
        var bad = string.Concat(Enumerable.Range(0, 12).Select(_ => "x,1\n"));

        var job = await Job.RunAsync(Job.Settings("tumbling:10s", "count, sum(v)"), "time,v\n1,1\n2,abc\n" + bad);

        Assert.Equal(13, job.Summary.BadLines);
        Assert.Equal(1, job.Summary.Stats.EventsProcessed);
        var report = job.Report.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11, report.Length);
        Assert.Equal("skipped input 0, line 3: 'abc' in 'v' is not a number", report[0]);
        Assert.Equal("skipped input 0, line 4: 'x' is not a time of the format UnixSeconds", report[1]);
    }

    [Fact]
    public async Task RunAsync_Strict_StopsAtTheFirstBadLine()
    {
        var settings = Job.Settings("tumbling:10s", "count") with { IsStrict = true };

        var exception = await Assert.ThrowsAsync<BadLineException>(() => Job.RunAsync(settings, "time\n1\n\nx\n"));

        Assert.Contains("line 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SeveralInputs_ReplaySideBySide()
    {
        // Read one after the other, everything in the second would be late.
        var job = await Job.RunAsync(
            Job.Settings("tumbling:10s", "count", keys: ["@file"]),
            "time\n1\n11\n21\n31\n",
            "time\n2\n12\n22\n",
            "time\n");

        Assert.Equal(0, job.Summary.Stats.LateDropped);
        Assert.Equal(8, job.Output.Length);
        Assert.Equal("file,window_start,window_end,pane,count", job.Output[0]);
    }

    [Fact]
    public async Task RunAsync_EmptyInput_SaysThatThereIsNoHeader()
    {
        var settings = Job.Settings("tumbling:10s", "count");

        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => Job.RunAsync(settings, ""));

        Assert.Contains("input 0 is empty", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_HeaderAlone_WritesNoResult()
    {
        var job = await Job.RunAsync(Job.Settings("tumbling:10s", "count"), "\uFEFFtime\n");

        Assert.Equal(["window_start,window_end,pane,count"], job.Output);
    }

    [Theory]
    [InlineData(nameof(OutputFormat.Csv), "1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,failed,,")]
    [InlineData(
        nameof(OutputFormat.Ndjson),
        """{"window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:00:10Z","pane":"failed","count":null,""")]
    [InlineData(nameof(OutputFormat.Table), "failed  failed")]
    public async Task RunAsync_WindowThatFails_IsShownWithoutValuesAndCounted(string format, string expected)
    {
        var settings = Job.Settings("tumbling:10s", "count, median(v, exact=2)") with
        {
            OutputFormat = Enum.Parse<OutputFormat>(format),
        };

        var job = await Job.RunAsync(settings, "time,v\n1,1\n2,2\n3,3\n11,4\n");

        Assert.Equal(1, job.Summary.FailedWindows);
        Assert.Contains("at most 2 values", job.Summary.Queries[0].FirstFailure, StringComparison.Ordinal);
        Assert.Contains(expected, job.Output[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("failed", job.Output[^1], StringComparison.Ordinal);
    }
}
