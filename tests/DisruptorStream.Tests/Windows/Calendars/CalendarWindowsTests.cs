using CsCheck;
using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Tests.Windows.Calendars;

/// <summary>Calendar windows in a processor: all that is not their edges is as for tumbling ones.</summary>
public sealed class CalendarWindowsTests
{
    private const long Minute = TimeSpan.TicksPerMinute;

    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    /// <summary>Minutes, that mostly go up; an event in five is behind.</summary>
    private static readonly Gen<(int Key, long Ticks)[]> AnyEvents = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 50], Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[1, 200]))).Array[0, 120].Select(
            steps =>
            {
                var now = 0L;
                return Array.ConvertAll(
                    steps, step => (step.Item1, ((now += step.Item2) - step.Item3) * Minute));
            });

    [Theory]
    [InlineData(AccumulationMode.Accumulating, false, 1)]
    [InlineData(AccumulationMode.Accumulating, true, 1)]
    [InlineData(AccumulationMode.Discarding, true, 1)]
    [InlineData(AccumulationMode.Retracting, true, 1)]
    [InlineData(AccumulationMode.Accumulating, false, 4)]
    public Task Results_HoursInUtc_AreThoseOfTumblingWindows(AccumulationMode mode, bool hasEarly, int shards) =>
        AnyEvents.SampleAsync(
            async events =>
            {
                var hours = Events.CalendarWindows(CalendarUnit.Hour, TimeZoneInfo.Utc);
                var calendar = await RunAsync(hours, events, mode, hasEarly, shards);
                var tumbling = Events.TumblingWindows(TimeSpan.FromHours(1));
                var fixedSize = await RunAsync(tumbling, events, mode, hasEarly, shards);

                Assert.Equal(fixedSize, calendar);
            },
            iter: shards > 1 ? 15 : 60);

    [Fact]
    public async Task Results_WindowThatNoCalendarReaches_AreRefusedAsOutOfRange()
    {
        var collector = new CollectingSink<int>();
        var drops = new CollectingDroppedEventSink<int>();
        await using var processor = Events.CalendarWindows(CalendarUnit.Year, Berlin)
            .Aggregate(a => a.Count("n"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .DroppedEventsTo(drops)
            .Build();
        processor.Start();
        processor.Publish(1, 0L, 1);
        processor.Publish(1, (DateTime.MaxValue - DateTime.UnixEpoch).Ticks, 1);
        processor.Publish(1, long.MaxValue - 1, 1);

        Assert.Equal(
            [DropReason.TimestampOutOfRange, DropReason.TimestampOutOfRange],
            drops.Dropped.Select(dropped => dropped.Reason));
    }

    [Fact]
    public async Task Results_OutsideTheHours_AreCountedAsInNoWindow()
    {
        var calendar = new ExchangeCalendar { Zone = Berlin, Open = new TimeOnly(9, 0), Close = new TimeOnly(17, 30) };
        var collector = new CollectingSink<int>();
        await using var processor = Events.TradingSessions(calendar)
            .Aggregate(a => a.Count("n"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .Build();
        processor.Start();

        // A Thursday: an hour before, within, and after.
        foreach (var hour in (int[])[7, 8, 12, 17])
            processor.Publish(1, hour * TimeSpan.TicksPerHour, 1);
        await processor.StopAsync(StopMode.Complete);

        Assert.Equal($"1 [{8 * 60 * Minute}, {990 * Minute}) OnTime 2", Assert.Single(collector.Texts()));
        Assert.Equal(2, processor.GetStats().EventsInNoWindow);
    }

    [Fact]
    public async Task Load_OtherZone_IsRefused()
    {
        using var state = new MemoryStream();
        await using (var processor = Days(Berlin).Build())
        {
            processor.Start();
            processor.Publish(1, 0L, 1);
            await processor.SaveStateAsync(state);
        }

        state.Position = 0;
        Assert.Throws<StateException>(() => Days(TimeZoneInfo.Utc).Load(state));
        state.Position = 0;
        await Days(Berlin).Load(state).DisposeAsync();
    }

    [Fact]
    public async Task ExplainPlan_Days_NamesUnitAndZone()
    {
        await using var processor = Days(Berlin).Build();

        Assert.Contains(
            "calendar, every day in Europe/Berlin", processor.ExplainPlan().ToString(), StringComparison.Ordinal);
    }

    private static KeyedEventsStep<int> Events => StreamProcessorBuilder.ForKeys<int>();

    private static BuildStep<int> Days(TimeZoneInfo zone) =>
        Events.CalendarWindows(CalendarUnit.Day, zone)
            .Aggregate(a => a.Count("n"))
            .WithOptions(Processors.Options(ExecutionMode.Inline));

    private static async Task<List<string>> RunAsync(
        WindowedStep<int> windows, (int Key, long Ticks)[] events, AccumulationMode mode, bool hasEarly, int shards)
    {
        var collector = new CollectingSink<int>();
        if (hasEarly)
            windows = windows.Early(3);
        var options = Processors.Options(shards == 1 ? ExecutionMode.Inline : ExecutionMode.Staged);
        await using var processor = windows
            .Accumulation(mode)
            .AllowedLateness(TimeSpan.FromHours(1))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromMinutes(30) })
            .Aggregate(a => a.Count("n").Sum("sum").Rate("rate"))
            .WithOptions(options with { ShardCount = shards })
            .To(collector)
            .Build();
        processor.Start();
        for (var index = 0; index < events.Length; index++)
            processor.Publish(events[index].Key, events[index].Ticks, index);
        await processor.StopAsync(StopMode.Complete);
        return [.. collector.Texts(), $"dropped {processor.GetStats().LateDropped}"];
    }
}
