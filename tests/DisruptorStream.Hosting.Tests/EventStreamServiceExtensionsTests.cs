using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.Hosting.Streams;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Tests;

/// <summary>Queries come from several registrations, and every name is checked when the host starts.</summary>
public sealed class EventStreamServiceExtensionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddEventStream_QueriesOfTwoRegistrations_SeeEachEventOnce()
    {
        var builder = Hosts.New(("Streams:readings:RingCapacity", "128"));
        builder.Services.ExtendEventStream<Reading>("readings", stream => stream
            .AddOutputs<string>("all", to => to.To<ListSink>()));
        Add(builder, stream => stream.AddQuery("all", Count).BindConfiguration("Streams:readings"));
        builder.Services.ExtendEventStream<Reading>("readings", stream => stream
            .AddQuery("large", query => Count(query.Where(one => one.Value > 5))));
        using var host = builder.Build();
        await host.StartAsync(Token);
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 0, 1));
        publisher.Publish(new Reading("a", 1, 9));
        await host.StopAsync(Token);

        var stream = host.Services.GetRequiredKeyedService<EventStream<Reading>>("readings");
        Assert.Equal(["all", "large"], stream.Queries);
        Assert.Equal(128, stream.GetStats().RingCapacity);
        Assert.Equal(2, stream.GetStats().EventsProcessed);
        Assert.Single(host.Services.GetRequiredService<ListSink>().Results);
        var large = host.Services.GetRequiredKeyedService<StreamQuery<string>>("readings/large");
        Assert.True(large.TryReadResult(out var result));
        Assert.Equal(1, result[0]);
        Assert.Equal(DrainOutcome.Drained, host.Processor("readings").Outcome);
    }

    [Fact]
    public async Task AddQuery_Reader_ReadsUntilTheEnd()
    {
        var builder = Hosts.New();
        Add(builder, stream => stream.AddQuery("all", Count, to => to.ReadBy<Reader>()).AddQuery("more", Count));
        using var host = builder.Build();
        await host.StartAsync(Token);
        host.Services.GetRequiredService<EventPublisher<Reading>>().Publish(new Reading("a", 0, 1));
        await host.StopAsync(Token);
        Assert.Equal(1, host.Services.GetRequiredService<Reader>().Read);
    }

    [Fact]
    public async Task KeepLatest_TwoQueries_HaveViewsOfTheirOwnByName()
    {
        var builder = Hosts.New();
        Add(builder, stream => stream
            .AddQuery("all", Count, to => to.KeepLatest())
            .AddQuery(
                "large",
                query => Count(query.Where(one => one.Value > 5)),
                to => to.KeepLatest(new() { Capacity = 7 })));
        using var host = builder.Build();
        await host.StartAsync(Token);
        host.Services.GetRequiredService<EventPublisher<Reading>>().Publish(new Reading("a", 0, 1));
        await host.StopAsync(Token);

        var all = host.Services.GetRequiredKeyedService<LatestResults<string>>("readings/all");
        var large = host.Services.GetRequiredKeyedService<LatestResults<string>>("readings/large");
        Assert.True(all.TryGet("a", out var result));
        Assert.Equal(1, result["events"]);
        Assert.Equal((0, 7), (large.Count, large.Capacity));
    }

    [Fact]
    public void KeepLatest_Twice_IsRefused()
    {
        var builder = Hosts.New();

        var refused = Assert.Throws<InvalidOperationException>(() =>
            Add(builder, stream => stream.AddQuery("all", Count, to => to.KeepLatest().KeepLatest())));

        Assert.Equal(
            "The newest results of 'readings/all' are kept already; call KeepLatest once.", refused.Message);
    }

    [Fact]
    public async Task Start_TwoQueriesOfOneName_IsRefused() => await Refuses<InvalidOperationException>(
        builder => Add(builder, stream => stream.AddQuery("all", Count).AddQuery("all", Count)),
        "The stream 'readings' has two queries 'all'");

    [Fact]
    public async Task Start_OutputsOfNoQuery_AreRefused() => await Refuses<InvalidOperationException>(
        builder => Add(builder, stream => stream
            .AddQuery("all", Count).AddOutputs<string>("al", to => to.To<ListSink>())),
        "the query 'al' of the stream 'readings', which has none of that name; name one of 'all'; did you mean 'all'?");

    [Fact]
    public async Task Start_OutputsOfOtherKeys_AreRefused() => await Refuses<InvalidOperationException>(
        builder => Add(builder, stream => stream
            .AddQuery("all", Count).AddOutputs<int>("all", _ => { })),
        "outputs for int were added to it");

    [Fact]
    public async Task Start_UnknownKey_NamesQueryAndStream() => await Refuses<InvalidOperationException>(
        builder => Add(builder, stream => stream.AddQuery("all", query => query.By("kee")
            .TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Count("events")))),
        "The query 'all' of the stream 'readings' is wrong: The stream has no key 'kee'");

    [Fact]
    public async Task Start_NoQuery_IsRefused() => await Refuses<InvalidOperationException>(
        builder => Add(builder, _ => { }), "The stream 'readings' has no query; add one with AddQuery.");

    [Fact]
    public async Task Start_ExtensionOfNoStream_IsRefused() => await Refuses<OptionsValidationException>(
        builder => builder.Services.ExtendEventStream<Reading>("redings", stream => stream.AddQuery("all", Count)),
        "the stream 'redings', and the host has none of that name");

    [Fact]
    public async Task Start_ExtensionOfOtherEvents_IsRefused() => await Refuses<OptionsValidationException>(
        builder =>
        {
            Add(builder, stream => stream.AddQuery("all", Count));
            builder.Services.ExtendEventStream<int>("readings", _ => { });
        },
        "the stream 'readings' of int, and its events are Reading");

    [Fact]
    public async Task Ready_QueryThatDrops_IsNamed()
    {
        var builder = Hosts.New();
        Add(builder, stream => stream
            .AddQuery("all", Count)
            .AddQuery("small", query => Count(query.Where(one => one.Value < 5)))
            .Configure(options =>
            {
                options.Mode = ExecutionMode.Inline;
                options.AllowLateEvents = false;
            }));
        builder.Services.AddHealthChecks().AddStreamProcessor("readings", options => options.MinimumEvents = 1);
        using var host = builder.Build();
        await host.StartAsync(Token);
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", TimeSpan.FromMinutes(1).Ticks, 1));
        publisher.Publish(new Reading("a", 0, 9));
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        var ready = report.Entries["readings-ready"];

        Assert.Equal(HealthStatus.Degraded, ready.Status);
        Assert.Contains("query 'all': 50.0 % of the recent events were dropped", ready.Description);
        Assert.DoesNotContain("query 'small'", ready.Description);
        Assert.Equal(1L, ready.Data["all.eventsDropped"]);
        await host.StopAsync(Token);
    }

    private static Building.Streams.QueryOutputStep<Reading, string> Count(
        Building.Streams.QueryStep<Reading> query) =>
        query.By("key").TumblingWindows(TimeSpan.FromSeconds(1)).Aggregate(a => a.Count("events"));

    private static void Add(HostApplicationBuilder builder, Action<HostedStreamStep<Reading>> build) =>
        builder.Services.AddEventStream<Reading>(
            "readings", (_, events) => events.EventTime(one => one.Ticks).Key("key", one => one.Key), build);

    private static async Task Refuses<TException>(Action<HostApplicationBuilder> add, string message)
        where TException : Exception
    {
        var builder = Hosts.New();
        add(builder);
        using var host = builder.Build();
        var refused = await Assert.ThrowsAsync<TException>(() => host.StartAsync(Token));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private sealed class Reader : IResultReader<string>
    {
        public int Read { get; private set; }

        public async Task ReadAsync(
            IAsyncEnumerable<WindowResult<string>> results, CancellationToken cancellationToken)
        {
            await foreach (var _ in results.WithCancellation(cancellationToken))
                Read++;
        }
    }
}
