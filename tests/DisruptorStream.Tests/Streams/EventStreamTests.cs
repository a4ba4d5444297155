using System.Globalization;
using DisruptorStream.Building.Streams;
using DisruptorStream.Events;
using DisruptorStream.Streams;
using DisruptorStream.Testing;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Streams;

public sealed class EventStreamTests
{
    private readonly record struct Call(
        long Time, string? Model, string? Tenant, int User, double Cost, long Tokens, int Status);

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Publish_SeveralQueries_EachSeesEveryEventOnce(ExecutionMode mode)
    {
        await using var calls = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Cost)
            .Measure("tokens", call => call.Tokens)
            .Key("model", call => call.Model)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("models", query => query.By("model").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count").Count("errors", where: call => call.Status >= 500).Sum("cost")))
            .Query("tenants", query => query.Where(call => call.Cost > 1).By("tenant")
                .TumblingWindows(TimeSpan.FromTicks(20)).Aggregate(a => a.Sum("tokens").Max("cost")))
            .Query("pairs", query => query.By<string, int>("tenant", "user").SessionWindows(TimeSpan.FromTicks(5))
                .Aggregate(a => a.Count("count")))
            .WithOptions(new StreamProcessorOptions { Mode = mode })
            .Build();
        if (mode != ExecutionMode.Inline)
            calls.Start();

        calls.Publish([
            new Call(1, "m1", "acme", 7, 2, 10, 200),
            new Call(3, "m2", "acme", 7, 1, 20, 500),
            new Call(12, "m1", "bolt", 7, 3, 30, 503),
            new Call(14, null, "bolt", 8, double.NaN, 40, 200),
        ]);
        calls.Publish(new Call(15, "m1", null, 9, 4, 50, 200));
        await calls.StopAsync(StopMode.Complete);

        Assert.Equal(
            ["m1 0..10 1 0 2", "m2 0..10 1 1 1", "m1 10..20 2 1 7"], Lines<string>(calls, "models"));
        Assert.Equal(["acme 0..20 10 2", "bolt 0..20 30 3"], Lines<string>(calls, "tenants"));
        Assert.Equal(
            ["(acme, 7) 1..8 2", "(bolt, 7) 12..17 1", "(bolt, 8) 14..19 1"], Lines<(string, int)>(calls, "pairs"));
        Assert.Equal(1, calls.Query<string>("models").GetStats().DroppedBy(DropReason.NotFinite));
        Assert.Equal(1, calls.Query<string>("tenants").GetStats().DroppedBy(DropReason.NoKey));
        Assert.Equal(2, calls.Query<string>("tenants").GetStats().EventsFiltered);
    }

    /// <summary>By tenant from by tenant and user, in the same sequence: no pane is late.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task From_PanesOfAnotherQuery_AreItsEventsBeforeTheWatermark(ExecutionMode mode)
    {
        await using var calls = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Cost)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("users", query => query.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Sum("cost").Count("calls")))
            .Query("tenants", query => query.From("users").By("tenant").TumblingWindows(TimeSpan.FromTicks(20))
                .Aggregate(a => a.Count("users").Max("dearest", "cost").Sum("calls")))
            .Query("sessions", query => query.From("tenants").By("tenant").SessionWindows(TimeSpan.FromTicks(30))
                .Aggregate(a => a.Count("windows").Sum("calls")))
            .WithOptions(new StreamProcessorOptions { Mode = mode })
            .Build();
        if (mode != ExecutionMode.Inline)
            calls.Start();

        // Somebody asks: where other queries read the results, they are kept from then on.
        Assert.False(calls.Query<string>("tenants").TryReadResult(out _));
        calls.Publish([
            new Call(1, "m", "acme", 1, 2, 0, 0), new Call(2, "m", "acme", 2, 5, 0, 0),
            new Call(3, "m", "acme", 1, 4, 0, 0), new Call(9, "m", "bolt", 1, 1, 0, 0),
            new Call(11, "m", "acme", 1, 3, 0, 0), new Call(25, "m", "acme", 1, 7, 0, 0),
            new Call(95, "m", "acme", 1, 8, 0, 0),
        ]);
        await calls.StopAsync(StopMode.Complete);

        Assert.Equal(
            ["acme 0..20 3 6 4", "bolt 0..20 1 1 1", "acme 20..40 1 7 1", "acme 80..100 1 8 1"],
            Lines<string>(calls, "tenants"));
        Assert.Equal(
            ["bolt 19..49 1 1", "acme 19..69 2 5", "acme 99..129 1 1"], Lines<string>(calls, "sessions"));
        Assert.Equal(0, calls.Query<string>("tenants").GetStats().EventsDropped);
        Assert.Empty(Lines<(string, int)>(calls, "users"));
    }

    /// <summary>The queries share the quiet clock, as they share the sources.</summary>
    [Fact]
    public async Task Advance_SourcesAreQuiet_WindowsOfAllQueriesFire()
    {
        var clock = new VirtualClock();
        await using var calls = Streaming(new WatermarkOptions { AdvanceWhenQuiet = TimeSpan.FromSeconds(1) })
            .WithTimeProvider(clock)
            .Build();
        calls.Publish(new Call(0, "m1", "acme", 7, 2, 10, 200));

        for (var tick = 0; tick < 2; tick++)
        {
            clock.Ticks += TimeSpan.TicksPerSecond;
            calls.Advance();
        }

        Assert.Equal(["m1 0..20000000 1"], Lines<string>(calls, "models"));
        Assert.Equal(["acme 0..10000000 1"], Lines<string>(calls, "tenants"));
    }

    [Fact]
    public async Task Query_KeysOfAnotherType_SaysOfWhichTypeTheyAre()
    {
        await using var calls = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Time)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("pairs", query => query.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(5))
                .Aggregate(a => a.Count("count")))
            .Build();

        var error = Assert.Throws<ArgumentException>(() => calls.Query<string>("pairs"));

        Assert.Contains("are of type ValueTuple<string, int>, not string", error.Message, StringComparison.Ordinal);
    }

    private static StreamStep<Call> Streaming(WatermarkOptions watermarks) => StreamProcessorBuilder.For<Call>()
        .EventTime(call => call.Time)
        .Key("model", call => call.Model)
        .Key("tenant", call => call.Tenant)
        .Query("models", query => query.By("model").TumblingWindows(TimeSpan.FromSeconds(2))
            .Aggregate(a => a.Count("count")))
        .Query("tenants", query => query.By("tenant").TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("count")))
        .Watermarks(watermarks)
        .WithOptions(Processors.Options(ExecutionMode.Inline));

    private static string[] Lines<TKey>(EventStream<Call> calls, string query)
        where TKey : notnull
    {
        var lines = new List<string>();
        while (calls.Query<TKey>(query).TryReadResult(out var result))
        {
            var values = Enumerable.Range(0, result.ValueCount)
                .Select(index => result[index].ToString(CultureInfo.InvariantCulture));
            var window = $"{result.Window.StartTicks}..{result.Window.EndTicks}";
            lines.Add($"{result.Key} {window} {string.Join(' ', values)}");
        }

        return [.. lines];
    }
}
