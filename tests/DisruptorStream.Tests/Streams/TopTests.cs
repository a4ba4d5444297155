using CsCheck;
using DisruptorStream.Building;
using DisruptorStream.Building.Streams;
using DisruptorStream.Streams;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Streams;

public sealed class TopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Times that go forward on the whole; few keys and costs, so that many are equal.
    private static Gen<TopCall[]> Calls { get; } =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[-3, 3]).Array[1, 80].Select(
            calls => calls.Select((call, at) => new TopCall(
                (at * 2) + call.Item1, $"t{call.Item2}", call.Item3, call.Item4)).ToArray());

    public static TheoryData<ExecutionMode, int> Modes => new()
    {
        { ExecutionMode.Inline, 1 },
        { ExecutionMode.Fused, 1 },
        { ExecutionMode.Staged, 1 },
        { ExecutionMode.Staged, 4 },
    };

    /// <summary>Whatever the stream, lists are those of a sort of all panes that there are.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Top_AnyStream_IsTheSortedPanes(ExecutionMode mode) =>
        await Gen.Select(Calls, Gen.Int[0, 30], Gen.Int[1, 4], Gen.Bool, Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 2])
            .SampleAsync(async (calls, lateness, count, ascending, withinTenant, gaps, late) =>
            {
                var (panes, lists) = (new CollectingSink<(string, int)>(), new CollectingSink<(string, int)>());
                var shape = new Shape(lateness, count, ascending, withinTenant, gaps, late);
                await using (var stream = New(mode, shape, lists).Build())
                    await RunAsync(stream, calls);
                await using (var stream = New(ExecutionMode.Inline, shape, panes: panes).Build())
                    await RunAsync(stream, calls);

                var model = new TopModel(calls, count, ascending, withinTenant);
                Assert.Equal(model.Lists(panes.Results, "cost"), TopModel.Texts(lists.Results, "cost"));
            },
            iter: mode == ExecutionMode.Inline ? 300 : 30,
            threads: 1);

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Top_AnyProcessor_IsTheSortedPanes(ExecutionMode mode, int shards) =>
        await Gen.Select(Calls, Gen.Int[0, 30], Gen.Int[1, 4], Gen.Bool, Gen.Int[0, 2], Gen.Int[0, 2]).SampleAsync(
            async (calls, lateness, count, ascending, gaps, late) =>
            {
                var (panes, lists) = (new CollectingSink<(string, int)>(), new CollectingSink<(string, int)>());
                var shape = new Shape(lateness, count, ascending, WithinTenant: false, gaps, late);
                await RunAsync(
                    Processor<(string, int)>(mode, shards, shape).Top(count, "cost", ascending).To(lists), calls);
                await RunAsync(Processor<(string, int)>(ExecutionMode.Inline, 1, shape).To(panes), calls);

                var model = new TopModel(calls, count, ascending, withinTenant: false);
                Assert.Equal(model.Lists(panes.Results, "cost"), TopModel.Texts(lists.Results, "cost"));
            },
            iter: 30,
            threads: 1);

    /// <summary>A state may be saved between any two events, and another mode goes on from it.</summary>
    [Fact]
    public async Task Load_AfterAnyEvent_GoesOnToTheSameLists() =>
        await Gen.Select(Calls, Gen.Int[0, 30], Gen.Bool, Gen.Int[0, 2]).SampleAsync(
            async (calls, lateness, withinTenant, gaps) =>
            {
                var shape = new Shape(lateness, 2, Ascending: false, withinTenant, gaps);
                var whole = new CollectingSink<(string, int)>();
                await using (var stream = New(ExecutionMode.Inline, shape, whole).Build())
                    await RunAsync(stream, calls);
                var parts = new CollectingSink<(string, int)>();
                MemoryStream? state = null;
                foreach (var call in calls)
                {
                    await using var stream = state is null
                        ? New(ExecutionMode.Inline, shape, parts).Build()
                        : New(ExecutionMode.Inline, shape, parts).Load(state);
                    stream.Publish(call);
                    state = new MemoryStream();
                    await stream.SaveStateAsync(state, Token);
                    state.Position = 0;
                }

                await using var last = New(ExecutionMode.Fused, shape, parts).Load(state!);
                last.Start();
                await last.StopAsync(StopMode.Complete, Token);
                Assert.Equal(TopModel.Texts(whole.Results, "cost"), TopModel.Texts(parts.Results, "cost"));
            },
            iter: 15,
            threads: 1);

    [Fact]
    public async Task SaveStateAsync_EqualHistories_AreEqualBytesInEveryMode()
    {
        var states = new List<byte[]>();
        foreach (var (mode, shards) in Modes.Select(row => row.Data))
        {
            var shape = new Shape(Lateness: 15, Gaps: 1);
            await using var processor = Processor<string>(mode, shards, shape).Top(3, "cost").Build();
            if (mode != ExecutionMode.Inline)
                processor.Start();
            for (var at = 0; at < 200; at++)
                processor.Publish($"k{at % 15}", at - (at % 7), at % 4);
            using var state = new MemoryStream();
            await processor.SaveStateAsync(state, Token);
            states.Add(state.ToArray());
        }

        Assert.All(states, state => Assert.Equal(states[0], state));
    }

    /// <summary>An id that is used again has a key that is younger than all others.</summary>
    [Fact]
    public async Task Top_EqualKeysWithIdsUsedAgain_TheOneThatCameFirstRanksFirst()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var lists = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Aggregate(a => a.Count("count"))
            .Top(2, by: "count")
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { WindowRetention = TimeSpan.FromSeconds(10) })
            .WithTimeProvider(clock)
            .To(lists)
            .Build();
        processor.Publish("gone", 1, 1);
        processor.Publish("stays", 11, 1);
        for (var second = 0; second < 30; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            processor.Advance();
        }

        Assert.Equal(1, processor.GetStats().Keys);
        processor.Publish("new", 12, 1);
        processor.Publish("stays", 13, -1);
        processor.Publish("new", 14, -1);
        processor.Publish("stays", 21, 1);

        Assert.Equal(
            ["gone 1 1", "stays 2 1", "new 2 2"], lists.Results.Select(row => $"{row.Key} {row[0]} {row.Rank}"));
    }

    [Fact]
    public void Top_WhatIsNotPossible_IsRefusedWithTheReason()
    {
        var stream = New(ExecutionMode.Inline, new Shape(), new CollectingSink<(string, int)>());
        Refused("no metric 'cots' to rank by; name one of 'cost'; did you mean 'cost'", q => q.Top(3, "cots"));
        Refused("1 to 65,536", q => q.Top(0, "cost"));
        Refused("no part 'model'; name one of 'tenant', 'user'", q => q.Top(3, "cost", within: "model"));
        Refused("named twice", q => q.Top(3, "cost", within: ["user", "user"]));
        Refused("a single key", q => q.Top(3, "cost", within: ["user", "tenant"]));

        var one = Assert.ThrowsAny<ArgumentException>(() => stream.Query("x", q => q.By("tenant")
            .TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Count("n")).Top(3, "n", within: "tenant")));
        Assert.Contains("groups by a single key", one.Message, StringComparison.Ordinal);

        void Refused(
            string reason,
            Func<QueryOutputStep<TopCall, (string, int)>, QueryOutputStep<TopCall, (string, int)>> top)
        {
            var thrown = Assert.ThrowsAny<ArgumentException>(() => stream.Query("x", q => top(Costs(q))));
            Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Build_WindowsWithoutLists_AreRefusedWithTheReason()
    {
        Refused("in the zone of each key are each key's own", () => StreamProcessorBuilder.ForKeys<string>()
            .SessionWindows(TimeSpan.FromTicks(5)).Aggregate(a => a.Count("n")).Top(3, "n").Build());
        Refused("windows of one size", () => StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromTicks(5), TimeSpan.FromTicks(10)).Aggregate(a => a.Count("n"))
            .Top(3, "n").Build());
        Refused("early panes", () => Processors.Tumbling(10).Early(5)
            .Aggregate(a => a.Count("n")).Top(3, "n").Build());
        Refused("Discarding", () => Processors.Tumbling(10).Accumulation(AccumulationMode.Discarding)
            .Aggregate(a => a.Count("n")).Top(3, "n").Build());

        static void Refused(string reason, Func<object> build)
        {
            var thrown = Assert.ThrowsAny<ArgumentException>(build);
            Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0, "keeps no more than that")]
    [InlineData(5, "keeps all panes of a window until it expires")]
    public async Task ExplainPlan_Top_SaysWhatIsShownAndKept(int lateness, string kept)
    {
        var shape = new Shape(lateness, 3, Ascending: false, WithinTenant: true, 0);
        await using var stream = New(ExecutionMode.Inline, shape, new CollectingSink<(string, int)>()).Build();

        var plan = stream.ExplainPlan();
        var top = Assert.Single(plan.Queries).Top;
        Assert.Contains("the 3 largest by cost of each window and tenant", top, StringComparison.Ordinal);
        Assert.Contains(kept, plan.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What is in no list is no loss, also after a load; late panes show rows again.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, false)]
    [InlineData(ExecutionMode.Fused, false)]
    [InlineData(ExecutionMode.Staged, false)]
    [InlineData(ExecutionMode.Inline, true)]
    [InlineData(ExecutionMode.Staged, true)]
    public async Task GetStats_PanesInNoList_AreNotDiscarded(ExecutionMode mode, bool loads)
    {
        var lists = new CollectingSink<(string, int)>();
        var step = New(mode, new Shape(Lateness: 15, Count: 2), lists);
        var stream = step.Build();
        stream.Start();
        for (var at = 0; at < 200; at++)
        {
            stream.Publish(new TopCall(at - (at % 7), "t", at % 9, at % 4));
            if (!loads || at != 100)
                continue;
            using var state = new MemoryStream();
            await stream.SaveStateAsync(state, Token);
            await stream.DisposeAsync();
            state.Position = 0;
            stream = step.Load(state);
            stream.Start();
        }

        await stream.StopAsync(StopMode.Drain, Token);
        var stats = stream.Query<(string, int)>("costs").GetStats();
        Assert.Equal((0L, (long)lists.Count), (stats.ResultsDiscarded, stats.ResultsEmitted));
        Assert.NotEqual(stats.WindowsFired, stats.ResultsEmitted);
        await stream.DisposeAsync();
    }

    private static async Task RunAsync(BuildStep<(string, int)> step, TopCall[] calls)
    {
        await using var processor = step.Build();
        if (step.Options.Mode != ExecutionMode.Inline)
            processor.Start();
        foreach (var call in calls)
            processor.Publish((call.Tenant, call.User), call.Time, call.Cost);
        await processor.StopAsync(StopMode.Complete, Token);
    }

    private static async Task RunAsync(EventStream<TopCall> stream, TopCall[] calls)
    {
        if (stream.ExplainPlan().Mode != ExecutionMode.Inline)
            stream.Start();
        stream.Publish(calls);
        await stream.StopAsync(StopMode.Complete, Token);
    }

    private static QueryOutputStep<TopCall, (string, int)> Costs(QueryStep<TopCall> query) => query
        .By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Sum("cost"));

    private static StreamStep<TopCall> New(
        ExecutionMode mode,
        Shape shape,
        CollectingSink<(string, int)>? lists = null,
        CollectingSink<(string, int)>? panes = null)
    {
        var stream = StreamProcessorBuilder.For<TopCall>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Cost)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("costs", query => lists is null
                ? Query(query, shape).To(panes!)
                : Query(query, shape).Top(shape.Count, "cost", shape.Ascending, within: shape.Groups).To(lists));
        return stream.WithOptions(Processors.Options(mode))
            .WithTimeProvider(new FakeTimeProvider(DateTimeOffset.UnixEpoch));
    }

    private static QueryOutputStep<TopCall, (string, int)> Query(QueryStep<TopCall> query, Shape shape) =>
        Shaped(
            query.By<string, int>("tenant", "user").SlidingWindows(TimeSpan.FromTicks(20), TimeSpan.FromTicks(10)),
            shape)
        .Aggregate(a => a.Sum("cost").Count("count"));

    private static BuildStep<TKey> Processor<TKey>(ExecutionMode mode, int shards, Shape shape)
        where TKey : notnull =>
        Shaped(
            StreamProcessorBuilder.ForKeys<TKey>()
                .SlidingWindows(TimeSpan.FromTicks(20), TimeSpan.FromTicks(10)),
            shape)
        .Aggregate(a => a.Sum("cost").Count("count"))
        .WithOptions(Processors.Options(mode) with { ShardCount = shards })
        .WithTimeProvider(new FakeTimeProvider(DateTimeOffset.UnixEpoch));

    private static TStep Shaped<TStep, TKey>(WindowedStepBase<TStep, TKey> windows, Shape shape)
        where TStep : WindowedStepBase<TStep, TKey>
        where TKey : notnull
    {
        var shaped = windows.AllowedLateness(TimeSpan.FromTicks(shape.Lateness));
        if (shape.Gaps > 0)
            shaped = shaped.FillGaps(shape.Gaps, GapValues.Null);
        if (shape.Late > 0)
            shaped = shape.Late == 1 ? shaped.LateNever() : shaped.Late(count: 2);
        return shaped;
    }

    private sealed record Shape(
        int Lateness = 0,
        int Count = 3,
        bool Ascending = false,
        bool WithinTenant = false,
        int Gaps = 0,
        int Late = 0)
    {
        public string[] Groups => WithinTenant ? ["tenant"] : [];
    }
}
