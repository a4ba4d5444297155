using DisruptorStream.Building;
using DisruptorStream.Saving;
using DisruptorStream.Testing;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Tests.State.Filling;

/// <summary>What filled panes show, and what else filling changes. That it follows its rule is a property.</summary>
public sealed class GapFillerTests
{
    [Fact]
    public void Fill_Null_HasCountsOfZeroAndNothingElse()
    {
        using var driver = StreamTestDriver.Create(Metrics(Tens.FillGaps(5)));
        driver.Publish(1, 5, 7);
        driver.AdvanceWatermark(20);

        Assert.False(driver.ReadPane().IsFilled);
        var pane = driver.ReadPane();
        Assert.True(pane.IsFilled);
        Assert.Equal((PaneTiming.OnTime, 0, true), (pane.Timing, pane.PaneIndex, pane.IsLast));
        foreach (var count in (string[])["n", "distinct", "h_le_3"])
            Assert.Equal((false, 0L, 0.0), (pane.IsNull(count), pane.GetInt64(count), pane[count]));
        foreach (var value in (string[])["sum", "average", "rate"])
            Assert.Equal((true, double.NaN), (pane.IsNull(value), pane[value]));
        Assert.EndsWith(
            "OnTime #0 last filled n=0 distinct=0 h_le_3=0 h_gt_3=0 sum=null average=null rate=null",
            pane.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_NullInteger_ThrowsUnlessAskedFor()
    {
        var pipeline = StreamProcessorBuilder.ForKeys<int>()
            .Measure("value", DisruptorStream.Aggregation.MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .FillGaps(1)
            .Aggregate(a => a.Sum("sum"));
        using var driver = StreamTestDriver.Create(pipeline);
        driver.Publish(1, 5, 7);
        driver.AdvanceWatermark(20);
        var pane = driver.ReadPanes()[1];

        Assert.True(pane.IsNull(0));
        Assert.True(double.IsNaN(pane["sum"]));
        Assert.Contains(
            "is null, because the window had no event and fills a gap",
            Assert.Throws<InvalidOperationException>(() => pane.GetInt64("sum")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GapValues.Zero, 0, 0)]
    [InlineData(GapValues.Previous, 7, 3.5)]
    public void Fill_ZeroOrPrevious_HasTheValuesAndCountsOfZero(GapValues with, double sum, double average)
    {
        using var driver = StreamTestDriver.Create(Metrics(Tens.FillGaps(5, with)));
        driver.Publish(1, 5, 3);
        driver.Publish(1, 6, 4);
        driver.AdvanceWatermark(20);
        var pane = driver.ReadPanes()[1];

        Assert.Equal((0, 0, sum, average), (pane["n"], pane["distinct"], pane["sum"], pane["average"]));
        Assert.False(pane.IsNull("sum"));
    }

    [Fact]
    public void Fill_SomeKeysHaveEvents_ComesInTheOrderOfTheKeys()
    {
        using var driver = StreamTestDriver.Create(Metrics(Tens.FillGaps(2)));
        for (var key = 0; key < 200; key++)
            driver.Publish(key, 5, 1);
        for (var key = 0; key < 200; key += 3)
            driver.Publish(key, 15, 1);
        driver.AdvanceWatermark(50);

        var panes = driver.ReadPanes();
        Assert.Equal(200 + 200 + 200 + 67, panes.Count);
        for (var window = 0; window < 3; window++)
        {
            var inWindow = panes.Skip(window * 200).Take(200).ToList();
            Assert.Equal(Enumerable.Range(0, 200), inWindow.Select(pane => pane.Key));
            Assert.All(inWindow, pane => Assert.Equal(window * 10, pane.Window.StartTicks));
            Assert.All(inWindow, pane =>
                Assert.Equal(window == 2 || (window == 1 && pane.Key % 3 != 0), pane.IsFilled));
        }
    }

    [Fact]
    public void Fill_PreviousWindowFailed_FailsAlike()
    {
        var pipeline = StreamProcessorBuilder.ForKeys<int>()
            .Measure("value", DisruptorStream.Aggregation.MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = null })
            .FillGaps(1, GapValues.Previous)
            .Aggregate(a => a.Sum("sum"));
        using var driver = StreamTestDriver.Create(pipeline);
        using var source = driver.Source("two");
        source.PublishBits(1, 5, [long.MaxValue]);
        source.PublishBits(1, 6, [long.MaxValue]);
        source.AdvanceWatermark(20);
        driver.AdvanceWatermark(20);

        Assert.All(driver.ReadPanes(), pane => Assert.True(pane.IsFailed));
        Assert.Equal([false, true], driver.Panes.Select(pane => pane.IsFilled));
    }

    [Fact]
    public void Fill_DayThatTheZoneLeftOut_HasNoPane()
    {
        var samoa = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia");
        using var driver = StreamTestDriver.Create(StreamProcessorBuilder.ForKeys<int>()
            .CalendarWindows(CalendarUnit.Day, samoa)
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = null })
            .FillGaps(3)
            .Aggregate(a => a.Count("n")));
        driver.Publish(1, new DateTimeOffset(2011, 12, 28, 12, 0, 0, TimeSpan.FromHours(-10)), 1);
        driver.AdvanceWatermark(new DateTimeOffset(2012, 2, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(
            ["28 10:00 24", "29 10:00 24", "30 10:00 24", "31 10:00 24"],
            driver.ReadPanes().Select(pane =>
                $"{pane.WindowStart:dd HH:mm} {(pane.WindowEnd - pane.WindowStart).TotalHours}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void HoldsKey_BeingFilled_IsNotIdle(bool hasEarly)
    {
        var pipeline = (hasEarly ? Tens.Early(1000) : Tens).AllowedLateness(TimeSpan.FromTicks(30)).FillGaps(4)
            .Aggregate(a => a.Count("n"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { WindowRetention = TimeSpan.FromSeconds(5) });
        using var driver = StreamTestDriver.Create(pipeline);
        driver.Publish(1, 5, 1);

        // The fourth gap is filled at 50, and can be reached by late events until 80.
        foreach (var watermark in (int[])[10, 20, 79])
        {
            driver.AdvanceWatermark(watermark);
            driver.AdvanceTime(TimeSpan.FromMinutes(1));
            driver.AdvanceTime(TimeSpan.FromMinutes(1));
            Assert.Equal(1, driver.Stats.Keys);
        }

        driver.AdvanceWatermark(80);
        driver.AdvanceTime(TimeSpan.FromMinutes(1));
        driver.AdvanceTime(TimeSpan.FromMinutes(1));
        Assert.Equal(0, driver.Stats.Keys);
        Assert.Equal(4, driver.Panes.Count(pane => pane.IsFilled));
    }

    [Fact]
    public void Build_WindowsThatFollowTheirEvents_AreRefused()
    {
        var sessions = StreamProcessorBuilder.ForKeys<int>().SessionWindows(TimeSpan.FromTicks(5)).FillGaps(1)
            .Aggregate(a => a.Count("n"));

        Assert.StartsWith(
            "Gaps cannot be filled where windows follow their events",
            Assert.Throws<ArgumentException>(sessions.Build).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AccumulationMode.Discarding)]
    [InlineData(AccumulationMode.Retracting)]
    public void Build_PanesThatDoNotAccumulate_AreRefused(AccumulationMode mode) =>
        Assert.StartsWith(
            $"Gaps are filled where panes accumulate, and here they are {mode}",
            Assert.Throws<ArgumentException>(Metrics(Tens.Accumulation(mode).FillGaps(1)).Build).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Load_OtherValues_AreRefusedAndOtherNumbersAreNot()
    {
        using var state = new MemoryStream();
        await using (var processor = Saved(Tens.FillGaps(2)).Build())
        {
            processor.Start();
            processor.Publish(1, 5L, 1);
            await processor.SaveStateAsync(state);
        }

        state.Position = 0;
        Assert.Throws<StateException>(() => Saved(Tens).Load(state));
        state.Position = 0;
        Assert.Throws<StateException>(() => Saved(Tens.FillGaps(2, GapValues.Zero)).Load(state));
        state.Position = 0;
        await Saved(Tens.FillGaps(7)).Load(state).DisposeAsync();
    }

    private static WindowedStep<int> Tens => StreamProcessorBuilder.ForKeys<int>()
        .TumblingWindows(TimeSpan.FromTicks(10))
        .AllowedLateness(TimeSpan.Zero)
        .Watermarks(new WatermarkOptions { MaxOutOfOrderness = null });

    private static BuildStep<int> Metrics(WindowedStep<int> windows) => windows.Aggregate(a => a
        .Count("n").Distinct("distinct").Histogram("h", [3]).Sum("sum").Average("average").Rate("rate"));

    private static BuildStep<int> Saved(WindowedStep<int> windows) =>
        Metrics(windows).WithOptions(Processors.Options(ExecutionMode.Inline));
}
