using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Hosting.Tests;

/// <summary>How a host starts, drains and stops its processors.</summary>
public sealed class HostedProcessorServiceTests
{
    private const int Capacity = 65_536;
    private const int IdKeys = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Every id that was accepted is in a result, and none is twice.</summary>
    [Theory]
    [InlineData(ExecutionMode.Fused, 1)]
    [InlineData(ExecutionMode.Fused, 3)]
    [InlineData(ExecutionMode.Staged, 1)]
    [InlineData(ExecutionMode.Staged, 3)]
    public async Task StopAsync_FullRingAndEventsComing_LosesNothing(ExecutionMode mode, int publishers)
    {
        const int Enough = 1_000_000;

        // Publishers wait while the sink is shut, and on a busy machine that takes its time.
        using var host = IdHost(mode, stallLimit: Limit);
        await host.StartAsync();
        var sink = host.Services.GetRequiredService<GatedSink>();
        var processor = host.Processor("ids");
        using var traffic = new IdTraffic(host, publishers);
        var publishing = traffic.PublishAsync();
        Assert.True(SpinWait.SpinUntil(() => processor.GetStats().EventsProcessed >= Enough, Limit));
        sink.Gate.Reset();
        Assert.True(SpinWait.SpinUntil(() => processor.GetStats().RingBacklog == Capacity, Limit));

        var stopping = host.StopAsync();
        sink.Gate.Set();
        await stopping;
        var (accepted, refused) = await publishing;

        Assert.Equal(DrainOutcome.Drained, processor.Outcome);
        Assert.True(accepted > Enough);
        Assert.Equal(accepted, sink.Seen(accepted + publishers));
        Assert.Equal(accepted, sink.Events);
        Assert.All(refused, id => Assert.False(sink.HasSeen(id)));
        Assert.Equal(0, processor.GetStats().RingBacklog);
    }

    [Fact]
    public async Task StopAsync_TimeOutOver_SaysWhatWasDiscarded()
    {
        using var host = IdHost(ExecutionMode.Fused);
        await host.StartAsync();
        var sink = host.Services.GetRequiredService<GatedSink>();
        var processor = host.Processor("ids");
        sink.Gate.Reset();
        using var traffic = new IdTraffic(host, publishers: 1);
        var publishing = traffic.PublishAsync();
        Assert.True(SpinWait.SpinUntil(() => processor.GetStats().RingBacklog == Capacity, Limit));

        using var timeout = new CancellationTokenSource();
        var stopping = host.StopAsync(timeout.Token);
        await timeout.CancelAsync();
        await stopping;
        await publishing;

        Assert.Equal(DrainOutcome.TimedOut, processor.Outcome);
        Assert.InRange(processor.DiscardedSlots, 1, Capacity);
        var line = Assert.Single(host.LogsOf(103));
        Assert.Contains($"{processor.DiscardedSlots} slots", line, StringComparison.Ordinal);
        sink.Gate.Set();
        await processor.Completion;
    }

    [Fact]
    public async Task StopAsync_TimeOutOverWithWindowsOpen_SaysHowMany()
    {
        using var host = IdHost(ExecutionMode.Fused);
        await host.StartAsync();
        var sink = host.Services.GetRequiredService<GatedSink>();
        var processor = host.Processor("ids");
        var publisher = host.Services.GetRequiredService<EventPublisher<long>>();
        for (var id = 0L; id < IdKeys; id++)
            publisher.Publish(in id);
        await host.Services.GetRequiredService<StreamProcessor<long, int>>().FlushAsync();

        // The sink holds up the first window; the second one, which this opens, is to fire at the end.
        sink.Gate.Reset();
        publisher.Publish(GatedSink.IdsPerWindow);
        Assert.True(sink.Held.Wait(Limit));
        using var timeout = new CancellationTokenSource();
        var stopping = host.StopAsync(timeout.Token);
        await timeout.CancelAsync();
        await stopping;

        Assert.Equal(DrainOutcome.TimedOut, processor.Outcome);
        Assert.InRange(processor.OpenWindows, 1, IdKeys);
        var line = Assert.Single(host.LogsOf(103));
        Assert.Contains($"{processor.OpenWindows} windows were still open", line, StringComparison.Ordinal);
        Assert.InRange(processor.DiscardedResults, 1, IdKeys);
        Assert.Contains($"{processor.DiscardedResults} results reached nobody", line, StringComparison.Ordinal);
        sink.Gate.Set();
        await processor.Completion;
    }

    [Fact]
    public async Task StopAsync_NobodyReads_SaysWhatIsLost()
    {
        const int Fired = 5;
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .Configure(options => options.ResultBufferSize = 2));
        using var host = builder.Build();
        await host.StartAsync();
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        for (var key = 0; key < Fired; key++)
            publisher.Publish(new Reading($"k{key}", 0, 1));
        await host.StopAsync().WaitAsync(Limit);

        var processor = host.Processor("calls");
        Assert.Equal(DrainOutcome.Failed, processor.Outcome);
        Assert.Equal(Fired - 2, processor.DiscardedResults);
        var line = Assert.Single(host.LogsOf(104));
        Assert.Contains($"{Fired - 2} results reached nobody", line, StringComparison.Ordinal);
        Assert.Contains("2 results had no reader", line, StringComparison.Ordinal);
        Assert.Contains($"{processor.DiscardedSlots} slots", line, StringComparison.Ordinal);
        Assert.Contains($"{processor.OpenWindows} windows", line, StringComparison.Ordinal);
        Assert.Equal(ProcessorState.Stopped, processor.GetStats().State);
    }

    /// <summary>The host's time-out is the limit of the drain; that of the engine is none.</summary>
    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task StopAsync_OneSinkCallOutlastsTheStallLimit_Drains(ExecutionMode mode)
    {
        using var host = IdHost(mode);
        await host.StartAsync();
        var sink = host.Services.GetRequiredService<GatedSink>();
        sink.Gate.Reset();
        var publisher = host.Services.GetRequiredService<EventPublisher<long>>();
        for (var id = 0L; id < 3 * GatedSink.IdsPerWindow; id++)
            publisher.Publish(in id);
        Assert.True(sink.Held.Wait(Limit));

        // Much longer than the stall limit, and much shorter than the host's time.
        var stopping = host.StopAsync();
        Assert.NotSame(stopping, await Task.WhenAny(stopping, Task.Delay(TimeSpan.FromSeconds(1))));
        sink.Gate.Set();
        await stopping.WaitAsync(Limit);

        Assert.Equal(DrainOutcome.Drained, host.Processor("ids").Outcome);
        Assert.Equal(3 * GatedSink.IdsPerWindow, sink.Events);
    }

    [Fact]
    public async Task StopAsync_OtherServices_PublishFromTheirStartToTheirEnd()
    {
        var builder = Hosts.New();

        // Registered before the processor, and still started after it.
        builder.Services.AddHostedService<StartAndEnd>();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>());
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        Assert.Equal(["start 0 1", "end 0 1"], host.Services.GetRequiredService<ListSink>().Results);
    }

    [Fact]
    public async Task StopAsync_AsynchronousSinksOfTheContainer_WriteAllResults()
    {
        var builder = Hosts.New();
        builder.Services.AddSingleton(new CollectingAsyncSink<string>());
        builder.Services.AddStreamProcessor<Reading>("plain", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<CollectingAsyncSink<string>>());
        builder.Services.AddStreamProcessor<Reading>("tuned", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<CollectingAsyncSink<string>>(new AsyncSinkOptions { BatchSize = 1 }));
        using var host = builder.Build();
        await host.StartAsync();
        host.Services.GetRequiredKeyedService<EventPublisher<Reading>>("plain").Publish(new Reading("a", 0, 1));
        host.Services.GetRequiredKeyedService<EventPublisher<Reading>>("tuned").Publish(new Reading("b", 0, 1));
        await host.StopAsync();

        var sink = host.Services.GetRequiredService<CollectingAsyncSink<string>>();
        Assert.Equal(["a", "b"], sink.Results.Select(result => result.Key).Order());
    }

    [Fact]
    public async Task StopAsync_SinkPublishesIntoProcessorRegisteredBefore_ItGetsTheLastResults()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("second", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>());
        builder.Services.AddStreamProcessor<Reading>("first", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ForwardingSink>());
        using var host = builder.Build();
        await host.StartAsync();

        host.Services.GetRequiredKeyedService<EventPublisher<Reading>>("first").Publish(new Reading("a", 0, 1));
        await host.StopAsync();

        Assert.Equal(["a 0 1"], host.Services.GetRequiredService<ListSink>().Results);
        Assert.StartsWith("Processor 'first'", host.LogsOf(102)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StopMode.Complete, 1)]
    [InlineData(StopMode.Drain, 0)]
    public async Task StopAsync_OpenWindow_FiresAsTheModeSays(StopMode mode, int expected)
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>()
            .Configure(options => options.StopMode = mode));
        using var host = builder.Build();
        await host.StartAsync();

        host.Services.GetRequiredService<EventPublisher<Reading>>().Publish(new Reading("a", 0, 1));
        await host.StopAsync();

        Assert.Equal(expected, host.Services.GetRequiredService<ListSink>().Results.Count);
    }

    /// <summary>The host knows of nobody who has said that the input ends.</summary>
    [Fact]
    public async Task StopAsync_WindowsOfWhichMoreMayCome_AreMarkedAsPartial()
    {
        var sink = new CollectingSink<string>();
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(events => Hosts.CountPerSecond(events).To(sink)));
        using var host = builder.Build();
        await host.StartAsync();

        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 0, 1));
        publisher.Publish(new Reading("a", 2 * TimeSpan.TicksPerSecond, 1));
        await host.StopAsync();

        Assert.Equal([false, true], sink.Results.Select(result => result.IsPartial));
    }

    [Fact]
    public async Task StartAsync_SuspendsAndIsNotDurable_IsRefusedWithWhatToDo()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>()
            .Configure(options => options.StopMode = StopMode.Suspend));
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains("'calls'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("DurableIn", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pipeline_SinkThrows_IsLoggedAndStopsTheHostWhereItShould(bool stopsHost)
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>()
            .Configure(options => options.StopHostOnFault = stopsHost));
        using var host = builder.Build();
        var stopping = new TaskCompletionSource();
        await host.StartAsync();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var registration = lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());

        host.Services.GetRequiredService<ListSink>().Failures = 1;
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 0, 1));
        publisher.Publish(new Reading("a", TimeSpan.TicksPerMinute, 1));
        await Assert.ThrowsAsync<PipelineException>(() => host.Processor("calls").Completion);

        Assert.True(SpinWait.SpinUntil(() => host.LogsOf(105).Count == 1, Limit));
        if (stopsHost)
        {
            await stopping.Task;
            await Assert.ThrowsAnyAsync<Exception>(() => host.StopAsync());
        }
        else
        {
            Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
            await host.StopAsync();
        }

        Assert.Equal(stopsHost ? 1 : 0, host.LogsOf(106).Count);
        Assert.Equal(DrainOutcome.Failed, host.Processor("calls").Outcome);
    }

    /// <summary>A process that ended with 0 then would look as if all was well.</summary>
    [Fact]
    public async Task StopAsync_ServiceStopsTheHostForTheFailureFirst_EndsWithTheFailureToo()
    {
        var sink = new FailingSlowEnd();
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(events => Hosts.CountPerSecond(events).To(sink)));
        using var host = builder.Build();
        await host.StartAsync();
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 0, 1));
        publisher.Publish(new Reading("a", TimeSpan.TicksPerMinute, 1));
        var processor = host.Processor("calls");
        Assert.True(SpinWait.SpinUntil(() => processor.GetStats().State == ProcessorState.Faulted, Limit));
        Assert.False(processor.Completion.IsCompleted);

        var stop = host.StopAsync();
        sink.MayEnd.Set();

        await Assert.ThrowsAnyAsync<Exception>(() => stop.WaitAsync(Limit));
        Assert.Equal(DrainOutcome.Failed, processor.Outcome);
    }

    private static IHost IdHost(ExecutionMode mode, TimeSpan? stallLimit = null)
    {
        var builder = Hosts.New();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Limit);
        builder.Services.AddStreamProcessor<long>("ids", b => b
            .Pipeline(events => events
                .KeyBy(id => (int)(id % IdKeys))
                .EventTime(id => id)
                .Measure("bit", GatedSink.BitOf)
                .TumblingWindows(TimeSpan.FromTicks(GatedSink.IdsPerWindow))
                .AllowedLateness(TimeSpan.Zero)
                .Aggregate(a => a.Count("events").Sum("ids", "bit")))
            .To<GatedSink>()
            .Configure(options =>
            {
                options.Mode = mode;
                options.ShardCount = mode == ExecutionMode.Staged ? 2 : 1;
                options.RingCapacity = Capacity;

                // A publisher that the system holds up leaves many open, and none is to be given up for it.
                options.MaxSlices = 1 << 24;
                options.MaxWindowsPerKey = 1 << 20;
                options.ShutdownTimeout = stallLimit ?? TimeSpan.FromMilliseconds(1);
            }));
        return builder.Build();
    }

    private sealed class ForwardingSink : IResultSink<string>
    {
        private readonly EventPublisher<Reading> _publisher;

        public ForwardingSink([FromKeyedServices("second")] EventPublisher<Reading> publisher) =>
            _publisher = publisher;

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
                _publisher.Publish(new Reading(result.Key, result.Window.StartTicks, 1));
        }
    }

    private sealed class StartAndEnd : IHostedService
    {
        private readonly EventPublisher<Reading> _publisher;

        public StartAndEnd(EventPublisher<Reading> publisher) => _publisher = publisher;

        public Task StartAsync(CancellationToken cancellationToken) => PublishAsync("start");

        public Task StopAsync(CancellationToken cancellationToken) => PublishAsync("end");

        private Task PublishAsync(string key)
        {
            _publisher.Publish(new Reading(key, 0, 1));
            return Task.CompletedTask;
        }
    }

    /// <summary>Fails with the first results, and takes its time at the end.</summary>
    private sealed class FailingSlowEnd : IResultSink<string>
    {
        public ManualResetEventSlim MayEnd { get; } = new();

        public void OnResults(ResultBatch<string> batch) => throw new IOException("the disk is full");

        public void OnComplete(Exception? failure) => MayEnd.Wait(Limit);
    }
}
