using System.Globalization;
using DisruptorStream.Tests.Plans;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Tests.Building;

/// <summary>Several sizes of windows, as a user asks for them.</summary>
public sealed class WindowSizesTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromTicks(10);
    private static readonly TimeSpan Thirty = TimeSpan.FromTicks(30);

    [Theory]
    [InlineData(ExecutionMode.Inline, 1)]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Staged, 2)]
    public async Task Results_TumblingSizes_AreInOrderAndTellTheirWindow(ExecutionMode mode, int shards)
    {
        var step = StreamProcessorBuilder.ForKeys<string>().TumblingWindows(Ten, Thirty, TimeSpan.FromTicks(60));
        await using var processor = step.AllowedLateness(Ten).Aggregate(a => a.Count("n").Sum("sum"))
            .WithOptions(new StreamProcessorOptions { Mode = mode, ShardCount = shards })
            .Build();
        if (mode != ExecutionMode.Inline)
            processor.Start();

        processor.Publish("a", 1, 1);
        processor.Publish("b", 12, 2);
        processor.Publish("a", 31, 3);
        processor.Publish("a", 2, 4);
        processor.Publish("a", 25, 5);
        processor.Publish("a", 63, 6);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal(
            [
                "a 0..10 OnTime 1 1", "b 10..20 OnTime 1 2", "a 0..30 OnTime 1 1", "b 0..30 OnTime 1 2",
                "a 0..30 Late 2 5", "a 0..30 Late 3 10", "a 20..30 Late 1 5", "a 30..40 OnTime 1 3",
                "a 0..60 OnTime 4 13", "b 0..60 OnTime 1 2", "a 30..60 OnTime 1 3",
                "a 60..70 OnTime 1 6", "a 60..90 OnTime 1 6", "a 60..120 OnTime 1 6",
            ],
            Lines(processor));
        var stats = processor.GetStats();
        Assert.Equal((6, 0, 1), (stats.EventsProcessed, stats.EventsDropped, stats.LateDroppedAssignments));
    }

    [Fact]
    public async Task Query_OfAStream_TakesSeveralSizes()
    {
        await using var events = StreamProcessorBuilder.For<(long Time, string Name)>()
            .EventTime(e => e.Time)
            .Key("name", e => e.Name)
            .Query("counts", q => q.By("name").Windows(w => w.Tumbling(Ten).Sliding(Thirty, Ten))
                .Aggregate(a => a.Count("n")))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline })
            .Build();

        events.Publish([(1, "a"), (5, "a"), (12, "a")]);
        await events.StopAsync(StopMode.Complete);

        var counts = new List<string>();
        while (events.Query<string>("counts").TryReadResult(out var result))
            counts.Add($"{result.Window.StartTicks}..{result.Window.EndTicks} {result["n"]}");
        Assert.Equal(["-20..10 2", "0..10 2", "-10..20 3", "10..20 1", "0..30 3", "10..40 1"], counts);
    }

    [Fact]
    public void TumblingWindows_OneSizeAndNamedOffset_AreWindowsOfOneSize()
    {
        var steps = StreamProcessorBuilder.ForKeys<string>();

        Assert.Equal(
            steps.Windows(w => w.Tumbling(Ten, Thirty)).Aggregate(a => a.Count("n")).Plan().Fingerprint,
            steps.TumblingWindows(Ten, offset: Thirty).Aggregate(a => a.Count("n")).Plan().Fingerprint);
    }

    [Fact]
    public void Fingerprint_SizesInAnotherOrder_IsTheSame()
    {
        var steps = StreamProcessorBuilder.ForKeys<string>();

        Assert.Equal(
            steps.TumblingWindows(Ten, Thirty).Aggregate(a => a.Count("n")).Plan().Fingerprint,
            steps.TumblingWindows(Thirty, Ten).Aggregate(a => a.Count("n")).Plan().Fingerprint);
        Assert.NotEqual(
            steps.TumblingWindows(Ten, Thirty).Aggregate(a => a.Count("n")).Plan().Fingerprint,
            steps.TumblingWindows(Ten, Ten * 2).Aggregate(a => a.Count("n")).Plan().Fingerprint);
    }

    [Theory]
    [InlineData(30, "one accumulator for each event, whatever the overlap and for all 2 sizes")]
    [InlineData(35, "2 accumulators for each event, as the slices of 2 of the 2 sizes do not hold whole slices of "
        + "another; sizes and slides that divide each other share")]
    public async Task ExplainPlan_Sizes_SaysWhatAnEventCosts(long size, string cost)
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(Ten, TimeSpan.FromTicks(size)).Aggregate(a => a.Count("n")).Build();

        Assert.Equal(cost, processor.ExplainPlan().CostPerEvent);
    }

    [Fact]
    public void Windows_WhatDoesNotGoTogether_IsRefused()
    {
        var steps = StreamProcessorBuilder.ForKeys<string>();
        var several = steps.TumblingWindows(Ten, Thirty);

        Refused("There is no size", () => steps.Windows(w => w));
        Refused("in common", () => steps.TumblingWindows(Ten, Ten));
        Refused("in common", () => steps.Windows(w => w.Tumbling(Ten).Sliding(Ten, TimeSpan.FromTicks(5))));
        Refused("16 is the most", () => steps.Windows(w =>
            Enumerable.Range(1, 17).Aggregate(w, (sizes, size) => sizes.Tumbling(TimeSpan.FromTicks(size)))));
        Refused("must be more than zero", () => steps.TumblingWindows(Ten, TimeSpan.Zero));
        Refused("count", () => steps.Windows(w => w.Calendar(CalendarUnit.Hour, TimeZoneInfo.Utc, 5)));
        Refused("leave out Early", () => several.Early(2).Aggregate(a => a.Count("n")).Plan());
        Refused("leave out Early", () =>
            several.Accumulation(AccumulationMode.Retracting).Aggregate(a => a.Count("n")).Plan());
        Refused("leave FillGaps out", () => several.FillGaps(1).Aggregate(a => a.Count("n")).Plan());
        Assert.Throws<ArgumentNullException>(() => steps.Windows(null!));
        Assert.Throws<ArgumentNullException>(() => steps.Windows(_ => null!));
    }

    /// <summary>What a fine slice held is gone from it; a day keeps one slice and not 1,440.</summary>
    [Fact]
    public async Task Slices_OfADay_AreThoseOfEachSizeAlone()
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("n"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline })
            .Build();
        for (var minute = 0L; minute < 900; minute++)
            processor.Publish("a", minute * TimeSpan.TicksPerMinute, 1);

        Assert.Equal(3, processor.GetStats().ActiveWindows);
    }

    private static void Refused(string reason, Func<object> build) =>
        Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(build).Message, StringComparison.Ordinal);

    private static string[] Lines(StreamProcessor<string> processor)
    {
        var lines = new List<string>();
        while (processor.TryReadResult(out var result))
        {
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Key} {result.Window.StartTicks}..{result.Window.EndTicks} {result.Timing} "
                + $"{result["n"]} {result["sum"]}"));
        }

        return [.. lines];
    }
}
