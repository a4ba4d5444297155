using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Tests.Building;

public sealed class WindowingStepTests
{
    [Theory]
    [InlineData(0, "The size of a window must be more than zero; it was 00:00:00.")]
    [InlineData(-10_000_000, "The size of a window must be more than zero; it was -00:00:01.")]
    [InlineData(
        long.MaxValue,
        "The size of a window must be at most 2668519.12:34:56.7890123; it was 10675199.02:48:05.4775807.")]
    public void TumblingWindows_SizeOutOfRange_NamesTheBoundThatIsPassed(long ticks, string expected)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => StreamProcessorBuilder.ForKeys<string>().TumblingWindows(TimeSpan.FromTicks(ticks)));

        Assert.StartsWith(Known(expected), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SessionWindows_GapOfZero_NamesTheGap()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => StreamProcessorBuilder.ForKeys<string>().SessionWindows(TimeSpan.Zero));

        Assert.StartsWith(
            "The gap of a window must be more than zero; it was 00:00:00.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 5, "The after of a window must be more than zero; it was 00:00:00.")]
    [InlineData(5, 0, "The forgetAfter of a window must be more than zero; it was 00:00:00.")]
    [InlineData(5, 4, "A silence starts 00:00:05 after the key's newest event, and the key would be forgotten")]
    public void Silence_LengthsThatDoNotGo_AreRefused(int after, int forgetAfter, string expected)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => StreamProcessorBuilder.ForKeys<string>()
            .Silence(TimeSpan.FromSeconds(after), TimeSpan.FromSeconds(forgetAfter)));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("early", "leave out Early")]
    [InlineData("discarding", "here panes are Discarding")]
    [InlineData("fill", "leave out FillGaps")]
    [InlineData("keys", "leave out WatermarksPerKey")]
    [InlineData("lateness", "the allowed lateness is 00:00:05")]
    [InlineData("top", "leave out Top")]
    public void Silence_WhatDoesNotGoWithIt_IsRefusedAndNamed(string setting, string expected)
    {
        var five = TimeSpan.FromSeconds(5);
        var step = StreamProcessorBuilder.ForKeys<string>().Silence(five);
        step = setting switch
        {
            "early" => step.Early(1),
            "discarding" => step.Accumulation(AccumulationMode.Discarding),
            "fill" => step.FillGaps(1),
            "keys" => step.WatermarksPerKey(five),
            "lateness" => step.AllowedLateness(five),
            _ => step,
        };
        var build = step.Aggregate(a => a.Count("n"));
        if (setting == "top")
            build = build.Top(1, "n");

        var error = Assert.Throws<ArgumentException>(() => build.Build());

        Assert.StartsWith("A silence is told ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CalendarUnit.Hour, 5, "Calendar hours must divide the day: 1, 2, 3, 4, 6, 8, 12 or 24; it was 5.")]
    [InlineData(CalendarUnit.Hour, 48, "count must be between 1 and 24; it was 48.")]
    [InlineData(CalendarUnit.Day, 0, "count must be between 1 and 365000; it was 0.")]
    [InlineData(CalendarUnit.Year, 1001, "count must be between 1 and 1000; it was 1001.")]
    public void CalendarWindows_CountOutOfRange_NamesTheBound(CalendarUnit unit, int count, string expected)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => StreamProcessorBuilder.ForKeys<string>().CalendarWindows(unit, TimeZoneInfo.Utc, count));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 17, 9, false)]
    [InlineData(9, 17, 13, true)]
    [InlineData(18, 17, 13, true)]
    [InlineData(18, 17, 19, false)]
    public void TradingSessions_HalfDayThatClosesBeforeItOpens_IsRefused(int open, int close, int early, bool isTaken)
    {
        var calendar = new ExchangeCalendar
        {
            Zone = TimeZoneInfo.Utc,
            Open = new TimeOnly(open, 0),
            Close = new TimeOnly(close, 0),
            HalfDays = new Dictionary<DateOnly, TimeOnly> { [new(2024, 12, 24)] = new TimeOnly(early, 0) },
        };
        var error = Record.Exception(() => StreamProcessorBuilder.ForKeys<string>().TradingSessions(calendar));

        Assert.Equal(isTaken, error is null);
        if (!isTaken)
            Assert.Contains("The half day 2024-12-24 closes at", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_EventInMoreWindowsThanThereCanBe_NamesSizeSlideAndBound()
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromDays(365), TimeSpan.FromTicks(1))
            .Aggregate(a => a.Count("n"));

        Assert.StartsWith(
            "With windows that are sliding 365.00:00:00 every 00:00:00.0000001 an event would be in "
            + "315,360,000,000,000 of them, and 16,777,216 is the most; use a longer slide or a shorter size.",
            Assert.Throws<ArgumentException>(step.Build).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1 << 24, true)]
    [InlineData((1 << 24) + 1, false)]
    public async Task Build_WindowsOfAnEventAtTheBound_AreBuilt(long sizeTicks, bool isBuilt)
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(sizeTicks), TimeSpan.FromTicks(1))
            .Aggregate(a => a.Count("n"));

        if (isBuilt)
            await step.Build().DisposeAsync();
        else
            Assert.Throws<ArgumentException>(step.Build);
    }

    [Theory]
    [InlineData(3600, false)]
    [InlineData(65_536, false)]
    [InlineData(86_400, true)]
    public async Task ExplainPlan_WindowOfMoreSlicesThanMaxSlices_SaysWhatIsDropped(int seconds, bool isSaid)
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("n"))
            .Build();

        const string Warning = "a window has 86,400 slices, so events are dropped where more than MaxSlices (65,536) "
            + "of them have events";
        Assert.Equal(
            isSaid, processor.ExplainPlan().CostPerEvent.EndsWith(Warning, StringComparison.Ordinal));
    }

    private static string Known(string text) => text.Replace(
        "2668519.12:34:56.7890123", TimeSpan.FromTicks(SliceGrid.MaxSizeTicks).ToString(), StringComparison.Ordinal);
}
