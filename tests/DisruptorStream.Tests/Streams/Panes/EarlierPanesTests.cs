using CsCheck;
using DisruptorStream.Building.Streams;
using DisruptorStream.Emission;
using DisruptorStream.Streams;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Streams.Panes;

/// <summary>Panes that are compared with earlier ones of their key.</summary>
public sealed class EarlierPanesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Times that go forward on the whole, with gaps, on both sides of the epoch.
    private static Gen<PaneCall[]> Calls { get; } =
        Gen.Select(Gen.Int[0, 25], Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[-3, 9]).Array[1, 80].Select(
            calls => calls.Select((call, at) => new PaneCall(
                (at * 3) + call.Item1 - 60, $"t{call.Item2}", call.Item3, call.Item4)).ToArray());

    /// <summary>Each pane beside those of the time before it is what LINQ makes of them.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task WithEarlier_AnyStream_IsThePanesBeforeEach(ExecutionMode mode) =>
        await Gen.Select(Calls, Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[-7, 7]).SampleAsync(
            async (calls, earlier, slides, offset) =>
            {
                var (panes, compared) = (new CollectingSink<(string, int)>(), new CollectingSink<(string, int)>());
                await using (var stream = New(mode, slides * 5, offset, earlier * 5, panes, compared).Build())
                    await RunAsync(stream, calls);
                Assert.Equal(Model(panes.Results, earlier * 5), Texts(compared.Results));
            },
            iter: mode == ExecutionMode.Inline ? 300 : 30,
            threads: 1);

    [Fact]
    public async Task Load_AfterAnyEvent_GoesOnToTheSameResults() =>
        await Calls.SampleAsync(
            async calls =>
            {
                var (panes, compared) = (new CollectingSink<(string, int)>(), new CollectingSink<(string, int)>());
                MemoryStream? state = null;
                foreach (var call in calls)
                {
                    var step = New(ExecutionMode.Inline, 10, 0, 20, panes, compared);
                    await using var stream = state is null ? step.Build() : step.Load(state);
                    stream.Publish(call);
                    state = new MemoryStream();
                    await stream.SaveStateAsync(state, Token);
                    state.Position = 0;
                }

                await using var last = New(ExecutionMode.Fused, 10, 0, 20, panes, compared).Load(state!);
                last.Start();
                await last.StopAsync(StopMode.Complete, Token);
                Assert.Equal(Model(panes.Results, 20), Texts(compared.Results));
            },
            iter: 15,
            threads: 1);

    /// <summary>The alert of the documents: one line, and only what matters comes out.</summary>
    [Fact]
    public async Task Having_AboveTwiceTheEarlierOnes_IsTheAlertAlone()
    {
        var alerts = new CollectingSink<string>();
        await using var stream = Stream()
            .Query("minutes", q => q.By("tenant").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Max("p95", "cost")))
            .Query("alerts", q => q.From("minutes").By("tenant").WithEarlier(TimeSpan.FromTicks(60))
                .Aggregate(a => a.Last("p95").EarlierAverage("usual", "p95")).Having("p95 > 2 * usual").To(alerts))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline })
            .Build();
        for (var minute = 0; minute < 12; minute++)
            stream.Publish(new PaneCall(minute * 10, "acme", 1, minute == 8 ? 9 : 2));
        await stream.StopAsync(StopMode.Complete, Token);

        Assert.Equal(["20..90 9 2"], alerts.Results.Select(
            row => $"{row.Window.StartTicks}..{row.Window.EndTicks} {row["p95"]} {row["usual"]}"));
        Assert.Equal(11, stream.Query<string>("alerts").GetStats().ResultsSuppressed);
    }

    /// <summary>Panes that come late are on time in windows that have not fired, and late in the others.</summary>
    [Fact]
    public async Task WithEarlier_SlowerReader_LateWindowsCountTheirPanes()
    {
        var rows = new CollectingSink<string>();
        await using var stream = Stream()
            .Query("ten", q => q.By("tenant").TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Sum("cost")))
            .Query("each", q => q.From("ten").By("tenant").WithEarlier(TimeSpan.FromTicks(10))
                .AllowedLateness(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Last("cost").Previous("before", "cost")).To(rows))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline })
            .Build();
        stream.Publish([new(1, "a", 1, 1), new(12, "a", 1, 2), new(35, "a", 1, 3), new(50, "b", 1, 1)]);
        await stream.StopAsync(StopMode.Complete, Token);

        Assert.Equal(
            ["a 10 1 NaN", "a 20 2 1", "a 40 3 NaN", "b 60 1 NaN"],
            rows.Results.Select(row => $"{row.Key} {row.Window.EndTicks} {row[0]} {row[1]}"));
    }

    [Fact]
    public void WithEarlier_WhatCannotBeCompared_IsRefusedWithTheReason()
    {
        var stream = Stream()
            .Query("ten", q => q.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Sum("cost")))
            .Query("sessions", q => q.By("tenant").SessionWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Sum("cost")));
        Refused("a multiple of that", q => q.From("ten").By<string, int>("tenant", "user").WithEarlier(Ticks(15)));
        Refused("a multiple of that", q => q.From("ten").By<string, int>("tenant", "user").WithEarlier(Ticks(0)));
        Refused("a part of their key", q => q.From("ten").By("tenant").WithEarlier(Ticks(20)));
        Refused("do not come at equal times", q => q.From("sessions").By("tenant").WithEarlier(Ticks(20)));
        RefusedAtBuild("none is early", step => step.Early(count: 1));
        RefusedAtBuild("accumulate", step => step.Accumulation(AccumulationMode.Retracting));
        RefusedAtBuild("Gaps", step => step.FillGaps(2));

        static TimeSpan Ticks(long ticks) => TimeSpan.FromTicks(ticks);

        void Refused<TKey>(string reason, Func<QueryStep<PaneCall>, PaneWindowedStep<PaneCall, TKey>> windows)
            where TKey : notnull
        {
            var thrown = Assert.ThrowsAny<ArgumentException>(
                () => stream.Query("x", q => windows(q).Aggregate(a => a.Count("n"))));
            Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        }

        void RefusedAtBuild(
            string reason,
            Func<PaneWindowedStep<PaneCall, (string, int)>, PaneWindowedStep<PaneCall, (string, int)>> change)
        {
            var whole = stream.Query("x", q => change(
                q.From("ten").By<string, int>("tenant", "user").WithEarlier(Ticks(20))).Aggregate(a => a.Count("n")));
            var thrown = Assert.ThrowsAny<ArgumentException>(() => whole.Build());
            Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        }
    }

    private static StreamEventsStep<PaneCall> Stream() => StreamProcessorBuilder.For<PaneCall>()
        .EventTime(call => call.Time)
        .Measure("cost", call => call.Cost)
        .Key("tenant", call => call.Tenant)
        .Key("user", call => call.User);

    private static StreamStep<PaneCall> New(
        ExecutionMode mode,
        int size,
        int offset,
        int earlier,
        CollectingSink<(string, int)> panes,
        CollectingSink<(string, int)> compared) => Stream()
        .Query("costs", q => q.By<string, int>("tenant", "user")
            .SlidingWindows(TimeSpan.FromTicks(size), TimeSpan.FromTicks(5), TimeSpan.FromTicks(offset))
            .AllowedLateness(TimeSpan.FromTicks(20))
            .Aggregate(a => a.Sum("cost").Count("calls")).To(panes))
        .Query("compared", q => q.From("costs").By<string, int>("tenant", "user")
            .WithEarlier(TimeSpan.FromTicks(earlier))
            .Aggregate(a => a.Last("cost").Previous("before", "cost").EarlierAverage("usual", "cost")
                .EarlierStandardDeviation("spread", "cost").Sum("calls").Count("panes"))
            .To(compared))
        .WithOptions(Processors.Options(mode));

    private static async Task RunAsync(EventStream<PaneCall> stream, PaneCall[] calls)
    {
        if (stream.ExplainPlan().Mode != ExecutionMode.Inline)
            stream.Start();
        stream.Publish(calls);
        await stream.StopAsync(StopMode.Complete, Token);
    }

    private static IEnumerable<string> Model(IEnumerable<WindowResult<(string, int)>> panes, long earlierTicks)
    {
        var onTime = panes.Where(pane => pane.Timing == PaneTiming.OnTime).ToList();
        foreach (var pane in onTime)
        {
            var end = pane.Window.EndTicks;
            var earlier = onTime
                .Where(other => other.Key == pane.Key && other.Window.EndTicks < end
                    && other.Window.EndTicks >= end - earlierTicks)
                .OrderBy(other => other.Window.EndTicks).ToList();
            var costs = earlier.ConvertAll(other => other["cost"]);
            var mean = costs.DefaultIfEmpty(double.NaN).Average();
            var spread = costs.Count < 2
                ? double.NaN
                : Math.Sqrt(costs.Sum(cost => (cost - mean) * (cost - mean)) / (costs.Count - 1));
            var calls = earlier.Sum(other => other.GetInt64("calls")) + pane.GetInt64("calls");
            yield return $"{pane.Key} {end} {pane["cost"]} {costs.LastOrDefault(double.NaN)} {mean:F9} {spread:F9} "
                + $"{calls} {earlier.Count + 1}";
        }
    }

    private static IEnumerable<string> Texts(IEnumerable<WindowResult<(string, int)>> rows) => rows.Select(
        row => $"{row.Key} {row.Window.EndTicks} {row["cost"]} {row["before"]} {row["usual"]:F9} {row["spread"]:F9} "
            + $"{row.GetInt64("calls")} {row.GetInt64("panes")}");
}
