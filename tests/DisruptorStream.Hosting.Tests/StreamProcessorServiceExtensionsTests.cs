using System.Diagnostics.Metrics;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Hosting.Tests;

/// <summary>What is in the container, and under which name.</summary>
public sealed class StreamProcessorServiceExtensionsTests
{
    [Fact]
    public async Task AddStreamProcessor_One_IsThereWithAndWithoutItsName()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>());
        using var host = builder.Build();
        await host.StartAsync();

        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 0, 1));
        publisher.Publish(new Reading("a", 5, 1));
        await host.StopAsync();

        Assert.Equal("calls", publisher.Name);
        Assert.Same(publisher, host.Services.GetRequiredKeyedService<EventPublisher<Reading>>("calls"));
        Assert.Equal("calls", host.Services.GetRequiredService<StreamProcessor<Reading, string>>().Name);
        Assert.Equal(["a 0 2"], host.Services.GetRequiredService<ListSink>().Results);
        Assert.Equal(DrainOutcome.Drained, host.Services.GetRequiredService<HostedProcessor>().Outcome);
        Assert.Equal(["Processor 'calls' has drained: 2 events were handled."], host.LogsOf(102));
    }

    [Fact]
    public async Task KeepLatest_OfAProcessor_IsThereByItsName()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b.Pipeline(Hosts.CountPerSecond).KeepLatest());
        using var host = builder.Build();
        await host.StartAsync();
        host.Services.GetRequiredService<EventPublisher<Reading>>().Publish(new Reading("a", 0, 1));
        await host.StopAsync();

        var latest = host.Services.GetRequiredService<LatestResults<string>>();
        Assert.Same(latest, host.Services.GetRequiredKeyedService<LatestResults<string>>("calls"));
        Assert.Equal("a", Assert.Single(latest.Read()).Key);
    }

    [Fact]
    public async Task AddStreamProcessor_TwoOfOneType_AreToldApartByName()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("one", b => b.Pipeline(Hosts.CountPerSecond));
        builder.Services.AddStreamProcessor<Reading>("two", b => b.Pipeline(Hosts.CountPerSecond));
        using var host = builder.Build();
        await host.StartAsync();

        host.Services.GetRequiredKeyedService<EventPublisher<Reading>>("two").Publish(new Reading("a", 0, 1));
        await host.StopAsync();

        Assert.Empty(await ReadAsync(host, "one"));
        Assert.Equal(["a"], await ReadAsync(host, "two"));
        var error = Assert.Throws<InvalidOperationException>(
            () => host.Services.GetRequiredService<EventPublisher<Reading>>());
        Assert.Contains("one, two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddStreamProcessor_NameInUse_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddStreamProcessor<Reading>("calls", b => b.Pipeline(Hosts.CountPerSecond));

        var error = Assert.Throws<ArgumentException>(
            () => services.AddStreamProcessor<int>("calls", b => b.Pipeline(events => events
                .KeyBy(one => one)
                .EventTime(one => 0L)
                .TumblingWindows(TimeSpan.FromSeconds(1))
                .Aggregate(a => a.Count("events")))));

        Assert.Contains("'calls'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline_WithServices_BuildsFromThem()
    {
        var builder = Hosts.New();
        builder.Services.AddSingleton<ListSink>();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b.Pipeline((events, services) =>
            Hosts.CountPerSecond(events).To(services.GetRequiredService<ListSink>())));
        using var host = builder.Build();
        await host.StartAsync();

        host.Services.GetRequiredService<EventPublisher<Reading>>().Publish(new Reading("a", 0, 1));
        await host.StopAsync();

        Assert.Single(host.Services.GetRequiredService<ListSink>().Results);
    }

    [Fact]
    public async Task ReadBy_Reader_GetsWhatIsFiredAtTheVeryEnd()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .ReadBy<Reader>()
            .Configure(options => options.ResultBufferSize = 1));
        using var host = builder.Build();
        await host.StartAsync();

        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        for (var key = 0; key < 100; key++)
            publisher.Publish(new Reading($"{key}", 0, 1));
        await host.StopAsync();

        Assert.Equal(100, host.Services.GetRequiredService<Reader>().Count);
    }

    [Fact]
    public async Task AddStreamProcessor_MeterFactory_IsTheContainers()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b.Pipeline(Hosts.CountPerSecond));
        using var host = builder.Build();
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                    names.Add(instrument.Name);
            },
        };
        listener.Start();

        await host.StartAsync();
        await host.StopAsync();

        Assert.Contains("disruptorstream.events.dropped", names);
    }

    [Fact]
    public async Task StartAsync_Started_IsLoggedOnce()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b.Pipeline(Hosts.CountPerSecond));
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();

        var lines = host.Services.GetRequiredService<LogList>().Lines.Select(line => line.Text);
        Assert.Single(lines, line => line.Contains("has started", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pipeline_LoggerAndClockOfItsOwn_AreKept()
    {
        var own = new LogList();
        var clock = new FakeTimeProvider(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var builder = Hosts.New();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(events => Hosts.CountPerSecond(events).WithLogger(own).WithTimeProvider(clock)));
        using var host = builder.Build();

        await host.StartAsync();
        var taken = host.Processor("calls").GetStats().Taken;
        await host.StopAsync();

        Assert.NotEmpty(own.Lines);
        Assert.Equal(clock.GetUtcNow(), taken);
    }

    [Fact]
    public async Task Pipeline_AnotherName_IsRefused()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(events => Hosts.CountPerSecond(events).WithName("other")));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => host.StartAsync());

        Assert.Contains("'calls'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'other'", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ReadAsync(IHost host, string name)
    {
        var keys = new List<string>();
        var results = host.Services.GetRequiredKeyedService<IAsyncEnumerable<WindowResult<string>>>(name);
        await foreach (var result in results)
            keys.Add(result.Key);
        return keys;
    }

    private sealed class Reader : IResultReader<string>
    {
        public int Count { get; private set; }

        public async Task ReadAsync(
            IAsyncEnumerable<WindowResult<string>> results, CancellationToken cancellationToken)
        {
            await foreach (var result in results)
                Count++;
        }
    }
}
