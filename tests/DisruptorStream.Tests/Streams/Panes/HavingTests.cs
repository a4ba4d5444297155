using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Tests.Streams.Panes;

/// <summary>Panes of which a condition decides whether they are shown.</summary>
public sealed class HavingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Gen<PaneCall[]> Calls { get; } =
        Gen.Select(Gen.Int[0, 25], Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[-3, 3]).Array[1, 80].Select(
            calls => calls.Select((call, at) => new PaneCall(
                (at * 2) + call.Item1, $"t{call.Item2}", call.Item3, call.Item4)).ToArray());

    public static TheoryData<ExecutionMode, int> Modes => new()
    {
        { ExecutionMode.Inline, 1 },
        { ExecutionMode.Fused, 1 },
        { ExecutionMode.Staged, 1 },
        { ExecutionMode.Staged, 4 },
    };

    /// <summary>What is shown is what is left of all rows, retractions too; the rest is counted.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Having_AnyProcessor_IsAllRowsOfWhichItIsTrue(ExecutionMode mode, int shards) =>
        await Gen.Select(Calls, Gen.Int[0, 30], Gen.Enum<AccumulationMode>(), Gen.Int[0, 3], Gen.Bool).SampleAsync(
            async (calls, lateness, accumulation, early, gaps) =>
            {
                var (all, shown) = (new CollectingSink<string>(), new CollectingSink<string>());
                var whole = await RunAsync(Processor(ExecutionMode.Inline, 1).To(all), calls);
                var stats = await RunAsync(
                    Processor(mode, shards).Having("cost > 0").Having("count < 4 or cost > 2").To(shown), calls);
                var expected = all.Results.Where(
                    row => row["cost"] > 0 && (row.GetInt64("count") < 4 || row["cost"] > 2));
                Assert.Equal(expected.Select(TextOf), shown.Results.Select(TextOf));
                Assert.Equal(whole.ResultsEmitted - stats.ResultsEmitted, stats.ResultsSuppressed);
                Assert.Equal(
                    (whole.WindowsFired, 0, 0),
                    (stats.WindowsFired, stats.ResultsDiscarded, stats.RetractionsDiscarded));

                BuildStep<string> Processor(ExecutionMode into, int count)
                {
                    var step = StreamProcessorBuilder.ForKeys<string>()
                        .SlidingWindows(TimeSpan.FromTicks(20), TimeSpan.FromTicks(10))
                        .AllowedLateness(TimeSpan.FromTicks(lateness))
                        .Accumulation(accumulation);
                    if (early > 0)
                        step = step.Early(count: early);
                    if (gaps && accumulation == AccumulationMode.Accumulating)
                        step = step.FillGaps(2, GapValues.Zero);
                    return step.Aggregate(a => a.Sum("cost").Count("count"))
                        .WithOptions(Processors.Options(into) with { ShardCount = count });
                }
            },
            iter: mode == ExecutionMode.Inline ? 200 : 25,
            threads: 1);

    /// <summary>Of a window without events all but counts is null, so a condition on it is not true.</summary>
    [Fact]
    public async Task Having_FilledWindows_ValuesAreNullAndCountsZero()
    {
        Assert.Equal("10..20 0", await Shown("count = 0"));
        Assert.Equal("", await Shown("cost = 0"));
        Assert.Equal("10..20 0", await Shown("cost is null"));

        static async Task<string> Shown(string condition)
        {
            var rows = new CollectingSink<string>();
            await using var processor = Processors.Tumbling(10).FillGaps(1)
                .Aggregate(a => a.Sum("cost").Count("count"))
                .Having(condition)
                .To(rows)
                .WithOptions(Processors.Options(ExecutionMode.Inline))
                .Build();
            processor.Publish("a", 1, 5);
            processor.Publish("a", 21, 5);
            await processor.StopAsync(StopMode.Complete, Token);
            return string.Join(", ", rows.Results.Select(
                row => $"{row.Window.StartTicks}..{row.Window.EndTicks} {row.GetInt64("count")}"));
        }
    }

    /// <summary>A window whose code threw is shown: nobody knows whether the condition would be true.</summary>
    [Fact]
    public async Task Having_FailedWindow_IsShown()
    {
        var rows = new CollectingSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>().Measure("n", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Sum("n"))
            .Having("n > 5")
            .To(rows)
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        using var publisher = processor.CreatePublisher("events");
        publisher.PublishBits("fits", 1, [3]);
        publisher.PublishBits("does not", 1, [long.MaxValue]);
        publisher.PublishBits("does not", 2, [long.MaxValue]);
        await processor.StopAsync(StopMode.Complete, Token);
        Assert.Equal("does not", Assert.Single(rows.Results).Key);
        Assert.NotNull(rows.Results[0].Failure);
    }

    /// <summary>Those that read the panes of a query read those that it shows, and lists rank them.</summary>
    [Fact]
    public async Task Having_ReadAndRankedPanes_AreThoseThatAreShown()
    {
        var (tenants, best) = (new CollectingSink<string>(), new CollectingSink<(string, int)>());
        await using var stream = StreamProcessorBuilder.For<PaneCall>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Cost)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("users", q => q.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Sum("cost")).Having("cost < 4").Top(1, "cost").To(best))
            .Query("tenants", q => q.From("users").By("tenant").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Sum("cost").Count("users")).To(tenants))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        stream.Publish([new(1, "a", 1, 1), new(2, "a", 2, 2), new(3, "a", 3, 5), new(4, "b", 1, 9)]);
        await stream.StopAsync(StopMode.Complete, Token);

        Assert.Equal(["a 3 2"], tenants.Results.Select(row => $"{row.Key} {row["cost"]} {row.GetInt64("users")}"));
        Assert.Equal(["(a, 2) 2 1"], best.Results.Select(row => $"{row.Key} {row["cost"]} {row.Rank}"));
    }

    [Fact]
    public async Task ExplainPlan_Having_SaysTheCondition()
    {
        await using var processor = Processors.Tumbling(10).Aggregate(a => a.Count("n"))
            .Having("n > 1").Having("n < 9")
            .WithOptions(Processors.Options(ExecutionMode.Inline)).Build();
        Assert.Equal("(n > 1) and (n < 9)", processor.ExplainPlan().Having);
        Assert.Contains("having", processor.ExplainPlan().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Having_WhatIsNoCondition_IsRefusedWithTheReason()
    {
        var step = Processors.Tumbling(10).Aggregate(a => a.Count("count").Sum("cost"));
        Refused("There is no metric 'cots'; did you mean 'cost'?", () => step.Having("cots > 1"));
        Refused("Having", () => step.Having("cost + 1"));
        Refused("names no metric", () => step.Having("1 = 1"));
        Refused("^", () => step.Having("cost >"));
        Refused("a late pane that Having leaves out", () => Processors.Tumbling(10)
            .AllowedLateness(TimeSpan.FromTicks(1)).Aggregate(a => a.Count("n")).Top(2, "n").Having("n > 1").Build());

        static void Refused(string reason, Func<object> build)
        {
            var thrown = Assert.ThrowsAny<ArgumentException>(build);
            Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        }
    }

    private static string TextOf(WindowResult<string> row) =>
        $"{row.Sequence} {row.Key} {row.Window} {row.Timing} {row.PaneIndex} {row.IsLast} {row[0]} {row[1]}";

    private static async Task<ProcessorStats> RunAsync(BuildStep<string> step, PaneCall[] calls)
    {
        await using var processor = step.Build();
        if (step.Options.Mode != ExecutionMode.Inline)
            processor.Start();
        foreach (var call in calls)
            processor.Publish(call.Tenant, call.Time, call.Cost);
        await processor.StopAsync(StopMode.Complete, Token);
        return processor.GetStats();
    }
}
