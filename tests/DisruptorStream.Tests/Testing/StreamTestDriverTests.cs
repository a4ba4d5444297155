using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Testing;

public sealed class StreamTestDriverTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void ReadPane_WindowThatClosed_GivesItAtOnce()
    {
        using var driver = StreamTestDriver.Create(Summing());
        driver.Publish("a", 1, 3);
        driver.Publish("b", 2, 4);
        driver.ExpectNoPanes();

        driver.Publish("a", Second, 5);

        Assert.Equal(3, driver.ReadPane()["sum"]);
        Assert.Equal("b", driver.ReadPane().Key);
        Assert.False(driver.TryReadPane(out _));
        Assert.Equal(Second, driver.WatermarkTicks);
        Assert.Equal(3, driver.Stats.EventsProcessed);
    }

    [Fact]
    public void ReadPane_NoneThere_SaysWhatHappenedSoFar()
    {
        using var driver = StreamTestDriver.Create(Summing());
        driver.Publish("a", 2 * Second, 1);
        driver.Publish("a", 0, 1);

        var error = Assert.Throws<StreamTestException>(() => driver.ReadPane());

        Assert.Contains("no pane to read: 0 were read before", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 events came, 1 slices", error.Message, StringComparison.Ordinal);
        Assert.Contains("the watermark is at 20000000 ticks", error.Message, StringComparison.Ordinal);
        Assert.Contains("source \"main\" Active at 20000000", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 dropped, the last Late: key a at 0 ticks", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadPane_BeforeAnyEvent_SaysThatThereIsNoWatermark()
    {
        using var driver = StreamTestDriver.Create(Summing());

        var error = Assert.Throws<StreamTestException>(() => driver.ReadPane());

        Assert.Contains("0 events came", error.Message, StringComparison.Ordinal);
        Assert.Contains("there is no watermark yet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExpectNoPanes_UnreadOnes_ShowsThem()
    {
        using var driver = StreamTestDriver.Create(Summing());
        for (var key = 0; key < 9; key++)
            driver.Publish($"k{key}", 0, key);
        driver.Complete();

        var error = Assert.Throws<StreamTestException>(driver.ExpectNoPanes);

        Assert.StartsWith("No pane was expected, but 9 came:", error.Message, StringComparison.Ordinal);
        Assert.Contains("k7", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("k8", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("and 1 more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_OpenWindows_FireAndTheInputEnds()
    {
        using var driver = StreamTestDriver.Create(Summing());
        driver.Publish("a", 0, 1);

        driver.Complete();

        Assert.True(driver.ReadPane() is { Timing: PaneTiming.OnTime, IsLast: true, PaneIndex: 0 });
        var error = Assert.Throws<StreamTestException>(() => driver.ReadPane());
        Assert.Contains("the input has ended", error.Message, StringComparison.Ordinal);
        Assert.Throws<ProcessorStoppedException>(() => driver.Publish("a", 1, 1));
    }

    [Fact]
    public void Panes_Retractions_AreAmongThem()
    {
        using var driver = StreamTestDriver.Create(StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(1)).Early(count: 1).Accumulation(AccumulationMode.Retracting)
            .Aggregate(a => a.Sum("sum")));
        driver.Publish("a", 0, 1);
        driver.Publish("b", 0, 7);
        driver.Publish("a", 1, 2);

        var panes = driver.PanesOf("a");

        Assert.Equal([PaneTiming.Early, PaneTiming.Retract, PaneTiming.Early], panes.Select(pane => pane.Timing));
        Assert.Equal([0, 0, 1], panes.Select(pane => pane.PaneIndex));
        Assert.Equal(4, driver.Panes.Count);
        Assert.Equal(4, driver.ReadPanes().Count);
        Assert.Empty(driver.ReadPanes());
        Assert.Empty(driver.PanesOf("c"));
    }

    [Fact]
    public void ReadDropped_EventsOfSeveralReasons_GivesThemInOrder()
    {
        using var driver = StreamTestDriver.Create(Summing());
        driver.Publish("a", 5 * Second, 1);
        driver.Publish("b", 0, 2);
        driver.Publish("c", 5 * Second, double.NaN);

        Assert.True(driver.ReadDropped() is { Key: "b", TimestampTicks: 0, Value: 2, Reason: DropReason.Late });
        Assert.Throws<StreamTestException>(driver.ExpectNoDropped);
        Assert.Equal(DropReason.NotFinite, driver.ReadDropped().Reason);
        driver.ExpectNoDropped();
        var error = Assert.Throws<StreamTestException>(() => driver.ReadDropped());
        Assert.Contains("no dropped event to read: 2 were read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AdvanceTime_ProcessingTime_ClosesWindows()
    {
        using var driver = StreamTestDriver.Create(StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(10)).InProcessingTime().Aggregate(a => a.Count("count")));
        driver.Publish("a", 0, 1);
        driver.AdvanceTime(TimeSpan.FromSeconds(9));
        driver.ExpectNoPanes();

        driver.AdvanceTime(TimeSpan.FromSeconds(1));

        Assert.Equal(new TimeWindow(0, 10 * Second), driver.ReadPane().Window);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(10), driver.Now);
    }

    [Fact]
    public void AdvanceTime_Backwards_IsRefused()
    {
        using var driver = StreamTestDriver.Create(Summing());

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => driver.AdvanceTime(TimeSpan.Zero));

        Assert.Contains("goes forward only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AdvanceTime_IdleTimeout_LetsTheOthersGoOn()
    {
        using var driver = StreamTestDriver.Create(Windows()
            .Watermarks(new WatermarkOptions { IdleTimeout = TimeSpan.FromMinutes(1) }).Aggregate(a => a.Sum("sum")));
        driver.Source("quiet").Publish("a", 0, 1);
        driver.AdvanceTime(TimeSpan.FromSeconds(40));
        driver.Source("busy").Publish("a", 3 * Second, 1);
        driver.ExpectNoPanes();

        driver.AdvanceTime(TimeSpan.FromSeconds(30));

        Assert.Equal(1, driver.ReadPane()["sum"]);
        Assert.Equal(SourceState.Idle, driver.Sources.Single(source => source.Name == "quiet").State);
    }

    [Fact]
    public void AdvanceWatermark_ExplicitWatermarks_FireWindows()
    {
        using var driver = StreamTestDriver.Create(Windows()
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = null }).Aggregate(a => a.Sum("sum")));
        driver.Publish("a", 0, 1);
        driver.Publish("a", DateTimeOffset.UnixEpoch.AddSeconds(5), 1);
        driver.ExpectNoPanes();

        driver.AdvanceWatermark(Second);
        Assert.Equal(0, driver.ReadPane().Window.StartTicks);
        driver.ExpectNoPanes();
        driver.AdvanceWatermark(DateTimeOffset.UnixEpoch.AddSeconds(6));

        Assert.Equal(5 * Second, driver.ReadPane().Window.StartTicks);
    }

    [Fact]
    public void Source_IdleActiveAndCompleted_HoldsOrReleasesTheWatermark()
    {
        using var driver = StreamTestDriver.Create(Summing());
        var (east, west) = (driver.Source("east"), driver.Source("west"));
        east.Publish("a", 5 * Second, 1);
        Assert.Null(driver.WatermarkTicks);

        west.MarkIdle();
        Assert.Equal(5 * Second, driver.WatermarkTicks);
        west.MarkActive();
        east.Complete();
        west.Complete();

        Assert.Same(east, driver.Source("east"));
        Assert.Equal(5 * Second, driver.ReadPane().Window.StartTicks);
        Assert.Equal(long.MaxValue, driver.WatermarkTicks);
    }

    [Fact]
    public void CreateAt_EventsAheadOfTheClock_AreGuardedAsBuilt()
    {
        using var driver = StreamTestDriver.CreateAt(DateTimeOffset.UnixEpoch.AddYears(30), Summing());

        driver.Publish("a", driver.Now.AddMinutes(6), 1);

        Assert.Equal(DropReason.FutureSkew, driver.ReadDropped().Reason);
        driver.AdvanceTime(TimeSpan.FromMinutes(2));
        driver.Publish("a", driver.Now.AddMinutes(4), 1);
        driver.ExpectNoDropped();
    }

    [Fact]
    public void Create_TypedEvents_AreReadByTheSelectors()
    {
        using var driver = StreamTestDriver.Create(Typed());
        driver.Publish(new Sale("a", 0, 3), new Sale("a", 1, 4));
        driver.Source("other").Publish(new Sale("b", 2, 5));

        driver.AdvanceWatermark(2 * Second);
        driver.ExpectNoPanes();
        driver.Source("other").Complete();

        Assert.Equal(7, driver.ReadPane().GetInt64("sum"));
        Assert.Equal("b", driver.ReadPane().Key);
    }

    [Fact]
    public void CreateAt_TypedEvents_BeginsThere()
    {
        using var driver = StreamTestDriver.CreateAt(DateTimeOffset.UnixEpoch.AddDays(1), Typed());

        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), driver.Now);
    }

    [Fact]
    public void Publish_SinkOfThePipelineThatFails_Throws()
    {
        var sink = new FailingSink<string>();
        using var driver = StreamTestDriver.Create(Summing().To(sink));
        driver.Publish("a", 0, 1);

        var error = Assert.Throws<PipelineException>(() => driver.Publish("a", Second, 1));

        Assert.IsType<IOException>(Assert.IsType<SinkException>(error.InnerException).InnerException);
        Assert.Equal(1, sink.Attempts);
    }

    [Fact]
    public void Publish_SeveralMeasures_AreAllTaken()
    {
        using var driver = StreamTestDriver.Create(StreamProcessorBuilder.ForKeys<int>().Measure("x").Measure("y")
            .TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Sum("x", "x").Sum("y", "y")));

        driver.Publish(1, 0, [2.0, 3.0]);
        driver.Complete();

        var pane = driver.ReadPane();
        Assert.Equal((2, 3), (pane["x"], pane["y"]));
        Assert.Equal(ExecutionMode.Inline, driver.Processor.ExplainPlan().Mode);
    }

    internal static BuildStep<string> Summing() => Windows().Aggregate(a => a.Sum("sum"));

    internal static BuildStep<Sale, string> Typed() => StreamProcessorBuilder.For<Sale>()
        .KeyBy(sale => sale.Shop).EventTime(sale => sale.Ticks).Measure("amount", sale => sale.Amount)
        .TumblingWindows(TimeSpan.FromSeconds(1)).AllowedLateness(TimeSpan.Zero)
        .Aggregate(a => a.Sum("sum", "amount"));

    private static WindowedStep<string> Windows() =>
        Processors.Tumbling(Second).AllowedLateness(TimeSpan.Zero);

    internal sealed record Sale(string Shop, long Ticks, long Amount);
}
