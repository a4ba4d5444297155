using System.Globalization;
using CsCheck;
using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows.Calendars;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.State.Sessions.Spans;

/// <summary>Windows of a calendar in the time zone of each key.</summary>
public sealed class ZonedSpansTests
{
    private static readonly string[] Zones =
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ExecutionMode, int> Modes => new()
    {
        { ExecutionMode.Inline, 1 }, { ExecutionMode.Fused, 1 }, { ExecutionMode.Staged, 4 },
    };

    /// <summary>Each key has the results that a processor gives whose windows are those of its zone.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task OnEvents_ZoneOfEachKey_EqualsCalendarsOfOneZone(ExecutionMode mode, int shards)
    {
        var cases = Gen.Select(
            Gen.Enum<CalendarUnit>(),
            Gen.Select(Gen.Int[0, 9], Gen.Long[0, 6_000]).Array[1, 80],
            Gen.Int[0, 3].Select(days => TimeSpan.FromDays(days)));
        await cases.SampleAsync(
            async (unit, events, lateness) =>
            {
                var times = Array.ConvertAll(events, one => one.Item2 * TimeSpan.TicksPerHour);
                var mixed = await RunAsync(
                    step => step.CalendarWindows(unit, ZoneOf), mode, shards, lateness, events, times, _ => true);
                foreach (var zone in Zones)
                {
                    var alone = await RunAsync(
                        step => step.CalendarWindows(unit, TimeZoneInfo.FindSystemTimeZoneById(zone)),
                        ExecutionMode.Inline,
                        1,
                        lateness,
                        events,
                        times,
                        key => ZoneOf(key).Id == zone);
                    Assert.Equal(
                        alone.Order(StringComparer.Ordinal),
                        mixed.Where(row => ZoneOf(row.Split(' ')[0]).Id == zone).Order(StringComparer.Ordinal));
                }
            },
            iter: mode == ExecutionMode.Inline ? 60 : 10);
    }

    [Fact]
    public async Task OnEvents_DaysOfTwoTowns_AreTheirOwn()
    {
        var results = new CollectingSink<string>();
        await using var processor = Build(step => step.CalendarWindows(CalendarUnit.Day, ZoneOf), results);
        processor.Start();

        // The clocks in Berlin went forward in that night, and those in New York had three weeks before.
        var time = new DateTimeOffset(2026, 3, 29, 12, 0, 0, TimeSpan.Zero);
        processor.Publish("0", time, 1);
        processor.Publish("1", time, 1);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(
            ["0 2026-03-28T23:00 23 h", "1 2026-03-29T04:00 24 h"],
            results.Results.Select(one => $"{one.Key} {one.WindowStart:yyyy-MM-ddTHH:mm} "
                + $"{(one.WindowEnd - one.WindowStart).TotalHours} h").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Assign_SelectorChangesItsMind_TheFirstZoneHolds()
    {
        var results = new CollectingSink<string>();
        var zone = "Europe/Berlin";
        BuildStep<string> Step() => Pipeline(
            step => step.CalendarWindows(CalendarUnit.Day, _ => TimeZoneInfo.FindSystemTimeZoneById(zone)), results);
        using var state = new MemoryStream();
        await using (var first = Step().Build())
        {
            first.Publish("a", new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), 1);
            zone = "America/New_York";
            first.Publish("a", new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero), 1);
            first.Publish("b", new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero), 1);
            await first.SaveStateAsync(state, Token);
        }

        state.Position = 0;
        zone = "UTC";
        await using var second = Step().Load(state);
        second.Publish("a", new DateTimeOffset(2026, 1, 3, 12, 0, 0, TimeSpan.Zero), 1);
        second.Publish("b", new DateTimeOffset(2026, 1, 3, 12, 0, 0, TimeSpan.Zero), 1);
        await second.StopAsync(StopMode.Complete, Token);

        Assert.All(
            results.Results,
            one => Assert.Equal(one.Key == "a" ? 23 : 5, one.WindowStart.Hour));
        Assert.Equal(5, results.Count);
    }

    [Fact]
    public async Task ForgetKey_KeyIsRetired_IsAskedAnew()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(400));
        var asked = 0;
        await using var processor = Pipeline(
            step => step.CalendarWindows(CalendarUnit.Hour, _ =>
            {
                asked++;
                return TimeZoneInfo.Utc;
            }),
            new CollectingSink<string>())
            .ChangeOptions(options => options with { WindowRetention = TimeSpan.FromMinutes(1) })
            .WithTimeProvider(clock)
            .Build();
        processor.Publish("a", DateTimeOffset.UnixEpoch.AddHours(1), 1);
        processor.Publish("a", DateTimeOffset.UnixEpoch.AddHours(9), 1);
        processor.Publish("b", DateTimeOffset.UnixEpoch.AddHours(20), 1);
        for (var round = 0; round < 20; round++)
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            processor.Advance();
        }

        processor.Publish("a", DateTimeOffset.UnixEpoch.AddHours(21), 1);

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Assign_SelectorThrowsOrSaysNothing_TheEventIsDroppedAndItIsAskedAgain()
    {
        var results = new CollectingSink<string>();
        var answers = new Queue<Func<TimeZoneInfo?>>(
            [() => throw new TimeZoneNotFoundException("no"), () => null, () => TimeZoneInfo.Utc]);
        await using var processor = Build(
            step => step.CalendarWindows(CalendarUnit.Day, _ => answers.Dequeue()()!), results);
        for (var at = 0; at < 4; at++)
            processor.Publish("a", DateTimeOffset.UnixEpoch.AddHours(at), 1);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(2, processor.GetStats().DroppedBy(DropReason.AssignerFailed));
        Assert.Equal(2, Assert.Single(results.Results).GetInt64("count"));
    }

    [Fact]
    public async Task Load_ZoneIsNotKnown_IsTold()
    {
        using var state = new MemoryStream();
        var own = TimeZoneInfo.CreateCustomTimeZone("Moon/Base", TimeSpan.FromMinutes(17), "Moon", "Moon");
        BuildStep<string> Step(TimeZoneInfo zone) =>
            Pipeline(step => step.CalendarWindows(CalendarUnit.Day, _ => zone), new CollectingSink<string>());
        await using (var first = Step(own).Build())
        {
            first.Publish("a", DateTimeOffset.UnixEpoch, 1);
            await first.SaveStateAsync(state, Token);
        }

        state.Position = 0;
        var error = Assert.ThrowsAny<StateException>(() => Step(TimeZoneInfo.Utc).Load(state));
        Assert.Contains("Moon/Base", error.Message, StringComparison.Ordinal);
        state.Position = 0;
        await using var second = Step(own).Load(state);
    }

    [Fact]
    public async Task WatermarksPerKey_ZoneOfEachKey_BothHold()
    {
        var results = new CollectingSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .CalendarWindows(CalendarUnit.Day, ZoneOf)
            .WatermarksPerKey(TimeSpan.Zero)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { FutureSkewLimit = null })
            .To(results)
            .Build();
        processor.Publish("1", DateTimeOffset.UnixEpoch.AddYears(2), 1);
        processor.Publish("0", DateTimeOffset.UnixEpoch.AddHours(22), 1);
        processor.Publish("0", DateTimeOffset.UnixEpoch.AddHours(23), 1);

        Assert.Equal(23, Assert.Single(results.Results).WindowEnd.Hour);
    }

    [Fact]
    public void Build_WithWhatNeedsTheSameWindows_IsRefused()
    {
        var step = StreamProcessorBuilder.ForKeys<string>().CalendarWindows(CalendarUnit.Day, ZoneOf);
        Assert.Contains(
            "time zone",
            Assert.Throws<ArgumentException>(() => step.FillGaps(3).Aggregate(a => a.Count("count")).Build()).Message);
        Assert.Throws<ArgumentException>(() => step.Aggregate(a => a.Count("count")).Top(1, "count").Build());
        Assert.Throws<ArgumentNullException>(() => StreamProcessorBuilder.ForKeys<string>()
            .CalendarWindows(CalendarUnit.Day, (Func<string, TimeZoneInfo>)null!));
    }

    private static TimeZoneInfo ZoneOf(string key) =>
        TimeZoneInfo.FindSystemTimeZoneById(Zones[int.Parse(key, CultureInfo.InvariantCulture) % Zones.Length]);

    private static BuildStep<string> Pipeline(
        Func<KeyedEventsStep<string>, WindowedStep<string>> windows, CollectingSink<string> results) =>
        windows(StreamProcessorBuilder.ForKeys<string>())
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { FutureSkewLimit = null })
            .To(results);

    private static StreamProcessor<string> Build(
        Func<KeyedEventsStep<string>, WindowedStep<string>> windows, CollectingSink<string> results) =>
        Pipeline(windows, results).Build();

    private static async Task<List<string>> RunAsync(
        Func<KeyedEventsStep<string>, WindowedStep<string>> windows,
        ExecutionMode mode,
        int shards,
        TimeSpan lateness,
        (int Key, long)[] events,
        long[] times,
        Func<string, bool> takes)
    {
        var results = new CollectingSink<string>();
        await using var processor = windows(StreamProcessorBuilder.ForKeys<string>())
            .AllowedLateness(lateness)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { ShardCount = shards, FutureSkewLimit = null })
            .To(results)
            .Build();
        processor.Start();
        var publisher = processor.CreatePublisher("source");
        for (var index = 0; index < events.Length; index++)
        {
            var key = $"{events[index].Key}";
            if (takes(key))
                publisher.Publish(key, times[index], 1);
            else
                publisher.PublishFiltered(times[index]);
        }

        await processor.StopAsync(StopMode.Complete);
        return [.. results.Results.Select(one => $"{one.Key} {one}")];
    }
}
