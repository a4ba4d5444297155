using CsCheck;
using DisruptorStream.Building.Streams;
using DisruptorStream.Streams;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Streams.Panes;

/// <summary>Queries that read late panes too: each takes the place of the one before it.</summary>
public sealed class LatePanesReadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Times that go forward on the whole, and often back; costs are whole, so that sums are exact.
    private static Gen<PaneCall[]> Calls { get; } =
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[-3, 9]).Array[1, 60].Select(
            calls => calls.Select((call, at) => new PaneCall(
                (at * 3) + call.Item1 - 40, $"t{call.Item2}", call.Item3, call.Item4)).ToArray());

    private static Gen<Shape> Shapes { get; } = Gen.Select(
        Gen.Int[0, 60], Gen.Int[0, 60], Gen.Int[1, 4], Gen.Int[1, 2], Gen.Enum<AccumulationMode>(), Gen.Bool).Select(
        (lateness, ownLateness, size, slide, accumulation, lateCounts) => new Shape(
            lateness,
            ownLateness,
            size * 10,
            slide * 5,
            accumulation == AccumulationMode.Discarding ? AccumulationMode.Accumulating : accumulation,
            lateCounts));

    /// <summary>Whatever the stream, each row is the sum of the newest panes of all windows.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task From_LatePanesToo_AnyStreamIsThatOfTheModel(ExecutionMode mode)
    {
        var first = await FirstSequenceAsync(mode);
        await Gen.Select(Calls, Shapes).SampleAsync(
            async (calls, shape) =>
            {
                var (panes, read) = (new CollectingSink<(string, int)>(), new CollectingSink<string>());
                await using var stream = New(mode, shape, panes, read).Build();
                if (mode != ExecutionMode.Inline)
                    stream.Start();
                stream.Publish(calls);
                await stream.StopAsync(StopMode.Complete, Token);
                Check(calls, first, shape, panes, read, stream);
            },
            iter: mode == ExecutionMode.Inline ? 400 : 40,
            threads: 1);
    }

    /// <summary>A state may be saved between any two events, and another mode goes on from it.</summary>
    [Fact]
    public async Task Load_AfterAnyEvent_GoesOnToTheSameRows() =>
        await Gen.Select(Calls, Shapes).SampleAsync(
            async (calls, shape) =>
            {
                var (whole, one) = (new CollectingSink<string>(), new CollectingSink<(string, int)>());
                await using (var stream = New(ExecutionMode.Inline, shape, one, whole).Build())
                {
                    stream.Publish(calls);
                    await stream.StopAsync(StopMode.Complete, Token);
                }

                var (panes, read) = (new CollectingSink<(string, int)>(), new CollectingSink<string>());
                MemoryStream? state = null;
                foreach (var call in calls)
                {
                    var step = New(ExecutionMode.Inline, shape, panes, read);
                    await using var stream = state is null ? step.Build() : step.Load(state);
                    stream.Publish(call);
                    state = await SavedAsync(stream);
                }

                await using var last = New(ExecutionMode.Fused, shape, panes, read).Load(state!);
                last.Start();
                await last.StopAsync(StopMode.Complete, Token);
                Assert.Equal(ReadPanesModel.Texts(whole.Results), ReadPanesModel.Texts(read.Results));
            },
            iter: 12,
            threads: 1);

    /// <summary>What is saved depends on what is kept alone, and not on how it came there.</summary>
    [Fact]
    public async Task SaveStateAsync_EqualHistories_AreEqualBytes() =>
        await Gen.Select(Calls, Shapes).SampleAsync(
            async (calls, shape) =>
            {
                await using var inline = New(ExecutionMode.Inline, shape, new(), new()).Build();
                inline.Publish(calls);
                var saved = await SavedAsync(inline);
                await using var inParts = New(ExecutionMode.Inline, shape, new(), new()).Build();
                foreach (var part in calls.Chunk(7))
                    inParts.Publish(part);
                Assert.Equal(saved.ToArray(), (await SavedAsync(inParts)).ToArray());
            },
            iter: 12,
            threads: 1);

    /// <summary>A late pane of the middle query is read as late by the one behind it.</summary>
    [Fact]
    public async Task From_ChainOfLatePanes_EachIsFoldedAnew()
    {
        var rows = new CollectingSink<string>();
        await using var stream = Stream()
            .Query("ten", q => q.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(10))
                .AllowedLateness(TimeSpan.FromTicks(100)).Aggregate(a => a.Sum("cost")))
            .Query("twenty", q => q.From("ten", includeLate: true).By("tenant")
                .TumblingWindows(TimeSpan.FromTicks(20)).AllowedLateness(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Max("cost")))
            .Query("forty", q => q.From("twenty", includeLate: true).By("tenant")
                .TumblingWindows(TimeSpan.FromTicks(40)).AllowedLateness(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Sum("cost").Last("last", "cost")).To(rows))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        stream.Publish([
            new(1, "a", 1, 5), new(2, "a", 2, 3), new(25, "a", 1, 4), new(50, "a", 1, 0),
            new(3, "a", 1, -3), new(4, "a", 3, 7),
        ]);
        await stream.StopAsync(StopMode.Complete, Token);

        Assert.Equal(
            ["40 OnTime 9 4", "40 Late 7 4", "40 Late 11 4", "80 OnTime 0 0"],
            rows.Results.Select(row => $"{row.Window.EndTicks} {row.Timing} {row["cost"]} {row["last"]}"));
    }

    /// <summary>Panes compared with earlier ones: a late pane changes its own window and those after it.</summary>
    [Fact]
    public async Task WithEarlier_LatePane_ChangesWhatItIsSeenAgainst()
    {
        var rows = new CollectingSink<string>();
        await using var stream = Stream()
            .Query("ten", q => q.By("tenant").TumblingWindows(TimeSpan.FromTicks(10))
                .AllowedLateness(TimeSpan.FromTicks(100)).Aggregate(a => a.Sum("cost")))
            .Query("each", q => q.From("ten", includeLate: true).By("tenant").WithEarlier(TimeSpan.FromTicks(20))
                .AllowedLateness(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Last("cost").EarlierAverage("usual", "cost")).To(rows))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        stream.Publish([
            new(1, "a", 1, 1), new(11, "a", 1, 3), new(31, "a", 1, 8), new(40, "b", 1, 0),
            new(12, "a", 1, 4), new(22, "a", 1, 5),
        ]);
        await stream.StopAsync(StopMode.Complete, Token);

        Assert.Equal(
            [
                "a 10 OnTime 0: 1 NaN", "a 20 OnTime 0: 3 1", "a 40 OnTime 0: 8 3", "a 20 Late 1: 7 1",
                "a 40 Late 1: 8 7", "a 30 Late 0: 5 4", "a 40 Late 2: 8 6", "b 50 OnTime 0: 0 NaN",
            ],
            rows.Results.Select(row => $"{row.Key} {row.Window.EndTicks} {row.Timing} {row.PaneIndex}: "
                + $"{row["cost"]} {row["usual"]}"));
    }

    [Fact]
    public async Task From_SizeOfSeveral_ReadsItsPanesAlone()
    {
        var (small, large) = (new CollectingSink<string>(), new CollectingSink<string>());
        await using var stream = Stream()
            .Query("sizes", q => q.By("tenant").TumblingWindows(TimeSpan.FromTicks(10), TimeSpan.FromTicks(20))
                .Aggregate(a => a.Sum("cost")))
            .Query("small", q => q.From("sizes", TimeSpan.FromTicks(10)).By("tenant")
                .TumblingWindows(TimeSpan.FromTicks(40)).Aggregate(a => a.Count("panes").Sum("cost")).To(small))
            .Query("large", q => q.From("sizes", TimeSpan.FromTicks(20)).By("tenant")
                .WithEarlier(TimeSpan.FromTicks(20)).Aggregate(a => a.Count("panes").Sum("cost")).To(large))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        stream.Publish([new(1, "a", 1, 1), new(11, "a", 1, 2), new(31, "a", 1, 4)]);
        await stream.StopAsync(StopMode.Complete, Token);

        Assert.Equal(["40 3 7"], small.Results.Select(row => $"{row.Window.EndTicks} {row[0]} {row[1]}"));
        Assert.Equal(["20 1 3", "40 2 7"], large.Results.Select(row => $"{row.Window.EndTicks} {row[0]} {row[1]}"));
    }

    [Fact]
    public async Task ExplainPlan_Panes_SaysWhatIsReadAndKept()
    {
        await using var stream = New(ExecutionMode.Inline, new Shape(5, 5, 10, 10), new(), new()).Build();
        var plan = stream.ExplainPlan();
        Assert.Null(plan.Queries[0].Panes);
        Assert.Equal(
            "those of costs that are on time or late, kept until their windows expire", plan.Queries[1].Panes);
        Assert.Contains("those of costs", plan.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void From_WhatCannotBeFoldedAnew_IsRefusedWithTheReason()
    {
        var stream = Stream()
            .Query("ten", q => q.By("tenant").TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Sum("cost")))
            .Query("parts", q => q.By("tenant").TumblingWindows(TimeSpan.FromTicks(10))
                .Accumulation(AccumulationMode.Discarding).Aggregate(a => a.Sum("cost")))
            .Query("some", q => q.By("tenant").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Sum("cost")).Having("cost > 1"))
            .Query("sessions", q => q.By("tenant").SessionWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Sum("cost")))
            .Query("sizes", q => q.By("tenant").TumblingWindows(TimeSpan.FromTicks(10), TimeSpan.FromTicks(20))
                .Aggregate(a => a.Sum("cost")));
        Refused("what came since the one before", q => q.From("parts", includeLate: true));
        Refused("Having leaves out", q => q.From("some", includeLate: true));
        Refused("sessions that merge", q => q.From("sessions", includeLate: true));
        Refused("name one of them: 00:00:00.0000010, 00:00:00.0000020", q => q.From("sizes"));
        Refused("has no windows of 00:00:00.0000030", q => q.From("sizes", TimeSpan.FromTicks(30)));
        RefusedAtBuild(q => q.SessionWindows(TimeSpan.FromTicks(10)));
        RefusedAtBuild(q => q.TumblingWindows(TimeSpan.FromTicks(10), TimeSpan.FromTicks(20)));
        RefusedAtBuild(q => q.TumblingWindows(TimeSpan.FromTicks(10)).Early(count: 1));
        RefusedAtBuild(q => q.TumblingWindows(TimeSpan.FromTicks(10)).Accumulation(AccumulationMode.Retracting));

        void Refused(string reason, Func<QueryStep<PaneCall>, PaneQueryStep<PaneCall>> from)
        {
            var thrown = Assert.ThrowsAny<ArgumentException>(() => stream.Query(
                "x", q => from(q).By("tenant").TumblingWindows(TimeSpan.FromTicks(20)).Aggregate(a => a.Count("n"))));
            Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        }

        void RefusedAtBuild(Func<PaneWindowingStep<PaneCall, string>, PaneWindowedStep<PaneCall, string>> windows)
        {
            var whole = stream.Query("x", q => windows(q.From("ten", includeLate: true).By("tenant"))
                .Aggregate(a => a.Count("n")));
            var thrown = Assert.ThrowsAny<ArgumentException>(() => whole.Build());
            Assert.Contains("cannot take a pane back", thrown.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The sequence of the first event of a stream: sources and clocks have some too.</summary>
    private static async Task<long> FirstSequenceAsync(ExecutionMode mode)
    {
        var panes = new CollectingSink<(string, int)>();
        await using var stream = New(mode, new Shape(0, 0, 10, 10), panes, new()).Build();
        if (mode != ExecutionMode.Inline)
            stream.Start();
        stream.Publish([new(0, "a", 0, 0), new(10, "a", 0, 0)]);
        await stream.StopAsync(StopMode.Complete, Token);
        return panes.Results[0].Sequence - 1;
    }

    private static void Check(
        PaneCall[] calls,
        long first,
        Shape shape,
        CollectingSink<(string, int)> panes,
        CollectingSink<string> read,
        EventStream<PaneCall> stream)
    {
        var model = new ReadPanesModel(calls, first, shape.Size, shape.Slide, shape.OwnLateness);
        var rows = panes.Results.Where(row => row.Timing is PaneTiming.OnTime or PaneTiming.Late).ToList();
        var expected = model.Rows(rows);
        var actual = ReadPanesModel.Texts(read.Results).ToList();

        // Keys of one window come in the order of their ids, which the model does not know.
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
        var stats = stream.Query<string>("read").GetStats();
        Assert.Equal((rows.Count, model.Dropped), (stats.EventsProcessed, stats.LateDropped));
    }

    private static async Task<MemoryStream> SavedAsync(EventStream<PaneCall> stream)
    {
        var state = new MemoryStream();
        await stream.SaveStateAsync(state, Token);
        state.Position = 0;
        return state;
    }

    private static StreamEventsStep<PaneCall> Stream() => StreamProcessorBuilder.For<PaneCall>()
        .EventTime(call => call.Time)
        .Measure("cost", call => call.Cost)
        .Key("tenant", call => call.Tenant)
        .Key("user", call => call.User);

    private static StreamStep<PaneCall> New(
        ExecutionMode mode, Shape shape, CollectingSink<(string, int)> panes, CollectingSink<string> read) => Stream()
        .Query("costs", q =>
        {
            var windows = q.By<string, int>("tenant", "user")
                .SlidingWindows(TimeSpan.FromTicks(20), TimeSpan.FromTicks(10))
                .AllowedLateness(TimeSpan.FromTicks(shape.Lateness))
                .Accumulation(shape.Accumulation);
            if (shape.LateCounts)
                windows = windows.Late(count: 2);
            return windows.Aggregate(a => a.Sum("cost").Count("calls")).To(panes);
        })
        .Query("read", q => q.From("costs", includeLate: true).By("tenant")
            .SlidingWindows(TimeSpan.FromTicks(shape.Size), TimeSpan.FromTicks(shape.Slide))
            .AllowedLateness(TimeSpan.FromTicks(shape.OwnLateness))
            .Aggregate(a => a.Count("panes").Sum("cost").Max("most", "cost").Sum("calls")).To(read))
        .WithOptions(Processors.Options(mode))
        .WithTimeProvider(new FakeTimeProvider(DateTimeOffset.UnixEpoch));

    private sealed record Shape(
        int Lateness,
        int OwnLateness,
        int Size,
        int Slide,
        AccumulationMode Accumulation = AccumulationMode.Accumulating,
        bool LateCounts = false);
}
