using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Cli.Tests.Commands;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Cli.Tests.State;

/// <summary>What a replay takes from the plan in the directory, and what it must be told.</summary>
public sealed class ReplayPlanTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("replay-").FullName;

    private string State => Path.Combine(_directory, "state");

    private string Output => Path.Combine(_directory, "out.csv");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Replay_WithoutOptions_TakesThePlanOfTheDirectory()
    {
        await RecordAsync(Step(events => events
            .TumblingWindows(TimeSpan.FromSeconds(90)).AllowedLateness(TimeSpan.FromMinutes(7)))
            .Aggregate(a => a
                .Count("calls").Sum("cost_sum", "cost", SumMode.Exact).Max("most", "cost").Average("mean", "cost")
                .Percentile("p95", 95, "cost").Percentile("p50", 50, "cost", PercentileMode.ExactUpTo(100))
                .Expression("each", "cost_sum / calls")));
        using var run = new CommandRun();

        var code = await run.RunAsAsync(["replay", State, "--output", Output]);

        Assert.True(code == 0, run.Error);
        var lines = await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken);
        Assert.Equal("key,window_start,window_end,pane,calls,cost_sum,most,mean,p95,p50,each", lines[0]);
        Assert.StartsWith(
            "a,1970-01-01T00:00:00Z,1970-01-01T00:01:30Z,on_time,1,5,5,5,", lines[1], StringComparison.Ordinal);
        Assert.Contains(
            "The plan of the directory gave --out-of-orderness 3s --lateness 7m --key key",
            run.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sliding")]
    [InlineData("session")]
    [InlineData("calendar")]
    [InlineData("week")]
    [InlineData("silence")]
    public async Task Replay_EachKindOfWindow_IsTaken(string kind)
    {
        await RecordAsync(Step(events => kind switch
        {
            "sliding" => events.SlidingWindows(TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(1500)),
            "session" => events.SessionWindows(TimeSpan.FromSeconds(2)),
            "calendar" => events.CalendarWindows(CalendarUnit.Hour, TimeZoneInfo.Utc, 6),
            "week" => events.CalendarWindows(CalendarUnit.Week, TimeZoneInfo.Utc, 1, DayOfWeek.Sunday),
            _ => events.Silence(TimeSpan.FromSeconds(2)),
        }).Aggregate(a => a.Count("calls")));
        using var run = new CommandRun();

        var code = await run.RunAsAsync(["replay", State, "--output", Output]);

        Assert.True(code == 0, run.Error);
    }

    /// <summary>A given option counts more, and where it is wrong the plans differ.</summary>
    [Fact]
    public async Task Replay_AnotherLateness_IsRefused()
    {
        await RecordAsync(Step(events => events.TumblingWindows(TimeSpan.FromSeconds(1)))
            .Aggregate(a => a.Count("calls")));
        using var run = new CommandRun();

        Assert.Equal(1, await run.RunAsAsync(["replay", State, "--lateness", "1s", "--output", Output]));

        Assert.Contains(
            "query 'billing': AllowedLateness was 00:05:00, and is 00:00:01", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_WhatThePlanDoesNotSay_IsAskedFor()
    {
        await RecordAsync(Step(events => events.TumblingWindows(TimeSpan.FromSeconds(1)))
            .Aggregate(a => a.Count("calls").Custom<Nothing, int>("own", "cost")));
        using var run = new CommandRun();

        Assert.Equal(2, await run.RunAsAsync(["replay", State, "--output", Output]));

        Assert.StartsWith(
            "dstream: Option '--aggregate' is required: the plan has the metric 'own' (",
            run.ErrorLines[0],
            StringComparison.Ordinal);
        Assert.DoesNotContain("--window", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--time", run.Error, StringComparison.Ordinal);
    }

    /// <summary>What the options of a replay must say is there to be read.</summary>
    [Fact]
    public async Task Plan_OfADirectory_ShowsLatenessAndMeasures()
    {
        await RecordAsync(Step(events => events.TumblingWindows(TimeSpan.FromSeconds(1)))
            .Aggregate(a => a.Count("calls").Sum("sum", "cost")));
        using var run = new CommandRun();
        Assert.Equal(0, await run.RunAsAsync(["state", "plan", State]));

        Assert.Contains("  AllowedLateness: 00:05:00", run.ErrorLines);
        Assert.Contains("MaxOutOfOrderness: 00:00:03", run.ErrorLines);
        Assert.Contains(run.ErrorLines, line => line.StartsWith("  metric 'sum': Sum of ", StringComparison.Ordinal)
            && line.EndsWith("(cost)", StringComparison.Ordinal));

        using var json = new CommandRun();
        Assert.Equal(0, await json.RunAsAsync(["state", "plan", State, "--json"]));
        Assert.Contains("\"AllowedLateness\"", json.Error, StringComparison.Ordinal);
    }

    /// <summary>The only query of a processor has the processor's name, wherever it is shown.</summary>
    [Fact]
    public async Task Name_OfTheOnlyQuery_IsThatOfTheProcessorEverywhere()
    {
        await RecordAsync(Step(events => events.TumblingWindows(TimeSpan.FromSeconds(1)))
            .Aggregate(a => a.Count("calls")));
        string[][] lines =
        [
            ["state", "show", State],
            ["state", "show", State, "--json"],
            ["state", "plan", State],
            ["state", "plan", State, "--window", "tumbling:2s", "--aggregate", "count"],
            ["replay", State, "--output", Output],
            ["replay", State, "--output", Output, "--window", "tumbling:2s"],
        ];
        foreach (var line in lines)
        {
            using var run = new CommandRun();
            await run.RunAsAsync(line);

            Assert.Contains("billing", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("default", run.Error, StringComparison.Ordinal);
        }
    }

    private static WindowedStep<string> Step(Func<KeyedEventsStep<string>, WindowedStep<string>> windows) =>
        windows(StreamProcessorBuilder.ForKeys<string>().Measure("unused").Measure("cost"))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromSeconds(3) });

    private async Task RecordAsync(BuildStep<string> step)
    {
        await using var processor = step
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .WithName("billing")
            .To(new Nowhere())
            .DurableIn(State, new DurabilityOptions { SegmentBytes = 1 << 16 })
            .Build();
        processor.Publish("a", 1, [1, 5]);
        processor.Publish("b", 14 * TimeSpan.TicksPerDay, [2, 6]);
        await processor.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
    }

    private readonly struct Nothing : IAggregate<int>
    {
        public static int Initial => 0;

        public static void Accumulate(ref int state, in Measurement measurement) => state++;

        public static void Merge(ref int state, in int later) => state += later;

        public static double Result(in int state) => state;
    }

    private sealed class Nowhere : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch)
        {
        }
    }
}
