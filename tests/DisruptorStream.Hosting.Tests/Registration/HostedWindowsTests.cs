using System.Globalization;
using DisruptorStream.Building;
using DisruptorStream.Building.Streams;
using DisruptorStream.Hosting.Streams;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using DisruptorStream.Windows.Calendars;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Tests.Registration;

/// <summary>The windows of the code are the default, and the configuration replaces them by name.</summary>
public sealed class HostedWindowsTests
{
    private const string Section = "Processors:calls";
    private const string Queries = "Streams:readings:Queries";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tumbling:10s", null, "a 0 3")]
    [InlineData("tumbling:10s", "00:00:01", "a -9 1; a 1 2")]
    [InlineData("sliding:4s/2s", null, "a -2 2; a 0 3; a 2 1")]
    [InlineData("session:1500ms", null, "a 0 2; a 3 1")]
    [InlineData("calendar:day", null, "a 0 3")]
    public async Task StartAsync_WindowInConfiguration_TakesThePlaceOfThePipelines(
        string window, string? offset, string expected)
    {
        var builder = offset is null
            ? Hosts.New(($"{Section}:Window", window), ($"{Section}:RingCapacity", "128"))
            : Hosts.New(($"{Section}:Window", window), ($"{Section}:WindowOffset", offset));
        AddCalls(builder, Hosts.CountPerSecond);
        using var host = builder.Build();
        await host.StartAsync(Token);
        await PublishAsync(host, "a", 0, 1, 3);
        await host.StopAsync(Token);

        Assert.Equal(expected, string.Join("; ", InSeconds(host.Services.GetRequiredService<ListSink>().Results)));
    }

    [Fact]
    public async Task StartAsync_AllowedLatenessInConfiguration_CountsMoreThanTheStep()
    {
        var builder = Hosts.New(($"{Section}:AllowedLateness", "00:00:05"));
        AddCalls(builder, Hosts.CountPerSecond);
        using var host = builder.Build();
        await host.StartAsync(Token);
        await PublishAsync(host, "a", 0, 3, 0);
        await host.StopAsync(Token);

        Assert.Equal(0, host.Processor("calls").GetStats().EventsDropped);
        Assert.Equal(
            ["a 0 1", "a 0 2", "a 3 1"], InSeconds(host.Services.GetRequiredService<ListSink>().Results));
    }

    [Fact]
    public async Task StartAsync_WindowSetInCode_CountsToo()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b.Pipeline(Hosts.CountPerSecond));
        builder.Services.Configure<HostedQueryOptions>("calls", options => options.Window = "session:30s");
        using var host = builder.Build();
        await host.StartAsync(Token);

        var plan = host.Services.GetRequiredService<StreamProcessor<Reading, string>>().ExplainPlan();
        await host.StopAsync(Token);

        Assert.StartsWith("session with a gap of 00:00:30", plan.Windows, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_QueriesInConfiguration_HaveWindowsOfTheirOwn()
    {
        var builder = Hosts.New(
            ($"{Queries}:All:Window", "calendar:day@Europe/Berlin"),
            ($"{Queries}:large:AllowedLateness", "00:02:00"),
            ("Streams:readings:AllowLateEvents", "false"));
        builder.Services.ExtendEventStream<Reading>("readings", stream => stream.AddQuery("large", Count));
        AddReadings(builder, stream => stream
            .AddQuery("all", Count)
            .AddQuery("some", Count)
            .BindConfiguration("Streams:readings"));
        using var host = builder.Build();
        await host.StartAsync(Token);

        await PublishAsync(host, "a", 0, 60, 0);
        var stream = host.Services.GetRequiredService<EventStream<Reading>>();
        var plan = stream.ExplainPlan();
        await host.StopAsync(Token);

        Assert.Equal(0, stream.Query<string>("large").GetStats().EventsDropped);
        Assert.Equal(1, stream.Query<string>("some").GetStats().EventsDropped);
        var windows = plan.Queries.ToDictionary(query => query.Name, query => query.Windows, StringComparer.Ordinal);
        Assert.StartsWith("calendar, every day in Europe/Berlin", windows["readings/all"], StringComparison.Ordinal);
        Assert.StartsWith("tumbling 00:00:01", windows["readings/some"], StringComparison.Ordinal);
    }

    /// <summary>A calendar without a zone leaves to each key the zone that the code gives it.</summary>
    [Theory]
    [InlineData("calendar:week", "calendar, every week from Monday in the zone of each key")]
    [InlineData("calendar:week@UTC", "calendar, every week from Monday in UTC")]
    [InlineData("tumbling:1h", "tumbling 01:00:00")]
    public async Task StartAsync_ZoneOfEachKey_StaysWhereTheTextNamesNone(string window, string expected)
    {
        var builder = Hosts.New(($"{Section}:Window", window));
        AddCalls(builder, events => events.KeyBy(one => one.Key)
            .EventTime(one => one.Ticks)
            .CalendarWindows(CalendarUnit.Day, _ => TimeZoneInfo.Utc)
            .Aggregate(a => a.Count("events")));
        using var host = builder.Build();
        await host.StartAsync(Token);

        var plan = host.Services.GetRequiredService<StreamProcessor<Reading, string>>().ExplainPlan();
        await host.StopAsync(Token);

        Assert.StartsWith(expected, plan.Windows, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Window", "tumblin:1m", "calls.Window is 'tumblin:1m', which are no windows: There is no window "
        + "'tumblin'; did you mean 'tumbling'?")]
    [InlineData("Window", "tumbling:-1m", "has a length that is not above zero")]
    [InlineData("Window", "sliding:1m", "has 1 length(s) and needs 2")]
    [InlineData("Window", "calendar:day@Europe/Berlim", "did you mean 'Europe/Berlin'?")]
    [InlineData("Window", "", "calls.Window must be tumbling:SIZE, sliding:SIZE/SLIDE, session:GAP")]
    [InlineData("AllowedLateness", "-00:00:01", "calls.AllowedLateness must be at least 00:00:00; it was -00:00:01")]
    [InlineData("AllowedLateness", "1m", "calls.AllowedLateness must be a time, written as")]
    [InlineData("WindowOffset", "00:00:01", "there are no tumbling or sliding windows beside it; write Window too")]
    [InlineData("WindowOffset", "1s", "calls.WindowOffset must be a time, written as")]
    [InlineData("Windows", "tumbling:1m", "there is no option 'Windows' (section 'Processors:calls'); did you mean "
        + "'Window'?")]
    [InlineData("Queries:all:Window", "tumbling:1m", "there is no option 'Queries' (section 'Processors:calls')")]
    public async Task StartAsync_WindowsThatAreNone_AreAnError(string option, string value, string expected)
    {
        var builder = Hosts.New(($"{Section}:{option}", value));
        AddCalls(builder, Hosts.CountPerSecond);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Queries:al:Window", "tumbling:1m", "there is no query 'al' (section 'Streams:readings:Queries'); name "
        + "one of 'all'; did you mean 'all'?")]
    [InlineData("Queries:all:Windows", "tumbling:1m", "there is no option 'Windows' (section "
        + "'Streams:readings:Queries:all'); did you mean 'Window'?")]
    [InlineData("Queries:all:RingCapacity", "64", "there is no option 'RingCapacity' (section "
        + "'Streams:readings:Queries:all')")]
    [InlineData("Queries:all:Window", "hourly", "readings/all.Window is 'hourly', which are no windows")]
    [InlineData("Window", "tumbling:1m", "'readings' is a stream; write it as Queries:NAME:Window, with the name of a "
        + "query.")]
    [InlineData("Querys:all:Window", "tumbling:1m", "there is no option 'Querys' (section 'Streams:readings'); did you "
        + "mean 'Queries'?")]
    public async Task StartAsync_QueriesThatAreNone_AreAnError(string option, string value, string expected)
    {
        var builder = Hosts.New(($"Streams:readings:{option}", value));
        AddReadings(builder, stream => stream.AddQuery("all", Count).BindConfiguration("Streams:readings"));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_WindowsThatTheRestCannotHave_NameTheOption()
    {
        var builder = Hosts.New(($"{Section}:Window", "session:30s"));
        AddCalls(builder, events => Hosts.CountPerSecond(events).Top(1, by: "events"));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Token));

        Assert.StartsWith(
            "calls.Window is 'session:30s', and what has these windows cannot be built: Top ranks",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all", "session:30s", "readings/all.Window is 'session:30s'")]
    [InlineData("minutes", "session:30s", "readings/minutes.Window is 'session:30s', and what has these windows")]
    [InlineData("compared", "tumbling:1m", "the windows of 'readings/compared' follow from the query that it reads")]
    public async Task StartAsync_WindowsThatOthersCannotRead_NameTheOption(string query, string window, string expected)
    {
        var builder = Hosts.New(($"{Queries}:{query}:Window", window));
        AddReadings(builder, stream => stream
            .AddQuery("all", Count)
            .AddQuery("minutes", query => query.From("all", includeLate: true)
                .By("key").TumblingWindows(TimeSpan.FromMinutes(1)).Aggregate(a => a.Sum("events")))
            .AddQuery("compared", query => query.From("all")
                .By("key").WithEarlier(TimeSpan.FromMinutes(1)).Aggregate(a => a.Count("panes")))
            .BindConfiguration("Streams:readings"));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Token));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static QueryOutputStep<Reading, string> Count(QueryStep<Reading> query) =>
        query.By("key").TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Count("events"));

    private static void AddCalls(
        HostApplicationBuilder builder, Func<TypedEventsStep<Reading>, BuildStep<Reading, string>> pipeline) =>
        builder.Services.AddStreamProcessor<Reading>(
            "calls", b => b.Pipeline(pipeline).To<ListSink>().BindConfiguration(Section));

    private static void AddReadings(
        HostApplicationBuilder builder, Action<HostedStreamStep<Reading>> build) =>
        builder.Services.AddEventStream<Reading>(
            "readings", (_, events) => events.EventTime(one => one.Ticks).Key("key", one => one.Key), build);

    private static async Task PublishAsync(IHost host, string key, params long[] seconds)
    {
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        foreach (var second in seconds)
            await publisher.PublishAsync(new Reading(key, second * TimeSpan.TicksPerSecond, 1), Token);
    }

    private static IEnumerable<string> InSeconds(IEnumerable<string> results)
    {
        foreach (var result in results)
        {
            var parts = result.Split(' ');
            var start = long.Parse(parts[1], CultureInfo.InvariantCulture) / TimeSpan.TicksPerSecond;
            yield return FormattableString.Invariant($"{parts[0]} {start} {parts[2]}");
        }
    }
}
