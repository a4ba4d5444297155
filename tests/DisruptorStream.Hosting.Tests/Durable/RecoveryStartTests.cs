using DisruptorStream.Durability;
using DisruptorStream.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Hosting.Tests.Durable;

/// <summary>A host that starts while its processor recovers: what it answers, who waits, and how it ends.</summary>
public sealed class RecoveryStartTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What a host takes where the pipeline says nothing: another one would be another way to results.
    private static readonly TimeSpan QuietOfHosts = TimeSpan.FromSeconds(5);

    private readonly string _directory = Directory.CreateTempSubdirectory("recovery-").FullName;
    private readonly HeldRecovery _recovery = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_LongRecovery_HostStartsAndHealthTellsProgress()
    {
        await FillAsync();
        using var host = NewHost(TimeSpan.Zero);
        await host.StartAsync(Cancellation);
        await _recovery.Entered.WaitAsync(Patience, Cancellation);

        var health = await HealthOf(host);

        Assert.Equal(HealthStatus.Healthy, health.Entries["calls-live"].Status);
        var ready = health.Entries["calls-ready"];
        Assert.Equal(HealthStatus.Unhealthy, ready.Status);
        var slots = Assert.IsType<long>(ready.Data["slotsReplayed"]);
        Assert.True(slots >= 1_500);
        Assert.Equal(
            FormattableString.Invariant(
                $"Processor 'calls': it recovers: {slots:N0} of {slots:N0} slots of its journal are handled again."),
            ready.Description);
        Assert.Equal("Recovering", ready.Data["state"]);
        Assert.Single(host.LogsOf(109));

        _recovery.Release();
        await host.Processor("calls").Started.WaitAsync(Patience, Cancellation);
        health = await HealthOf(host);
        Assert.Equal(HealthStatus.Healthy, health.Status);
        await host.StopAsync(Cancellation);
        Assert.Equal(DrainOutcome.Drained, host.Processor("calls").Outcome);
    }

    /// <summary>Where a run before was suspended there is nothing to count, and still something to wait for.</summary>
    [Fact]
    public async Task StartAsync_NothingToHandleAgain_HealthSpeaksOfNoSlots()
    {
        _recovery.Release();
        using (var first = NewHost(Patience))
        {
            await first.StartAsync(Cancellation);
            await first.StopAsync(Cancellation);
        }

        var held = new HeldRecovery();
        using var host = NewHost(TimeSpan.Zero, recovery: held);
        await host.StartAsync(Cancellation);
        await held.Entered.WaitAsync(Patience, Cancellation);
        Assert.Equal(
            "Processor 'calls': it recovers: nothing in its journal is to be handled again, and its state is being "
            + "loaded.",
            (await HealthOf(host)).Entries["calls-ready"].Description);
        held.Release();
        await host.Processor("calls").Started.WaitAsync(Patience, Cancellation);
        await host.StopAsync(Cancellation);
    }

    /// <summary>A service may start before its publisher is there; what it publishes then is counted.</summary>
    [Fact]
    public async Task WhenStartedAsync_InAService_WaitsForTheRecoveryAndGoesOn()
    {
        await FillAsync();
        using var host = NewHost(TimeSpan.Zero, services => services.AddHostedService<Source>());
        await host.StartAsync(Cancellation);
        await _recovery.Entered.WaitAsync(Patience, Cancellation);
        Assert.False(Service<Source>(host).ExecuteTask!.IsCompleted);

        _recovery.Release();
        await Service<Source>(host).ExecuteTask!.WaitAsync(Patience, Cancellation);
        await host.StopAsync(Cancellation);

        Assert.Equal(["a 0 1501"], host.Services.GetRequiredService<ListSink>().Results);
    }

    /// <summary>Who takes the publisher itself waits on its thread, and gets the one that works.</summary>
    [Fact]
    public async Task GetService_PublisherDuringRecovery_WaitsForIt()
    {
        await FillAsync();
        using var host = NewHost(TimeSpan.Zero);
        await host.StartAsync(Cancellation);
        await _recovery.Entered.WaitAsync(Patience, Cancellation);

        var publishing = Task.Run(
            () => host.Services.GetRequiredService<EventPublisher<Reading>>().Publish(new Reading("a", 2, 1)),
            Cancellation);
        Assert.False(publishing.IsCompleted);
        _recovery.Release();

        await publishing.WaitAsync(Patience, Cancellation);
        await host.Processor("calls").Started.WaitAsync(Patience, Cancellation);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task StopAsync_DuringRecovery_GivesItUpAndTheNextRunRecovers()
    {
        await FillAsync();
        using (var host = NewHost(TimeSpan.Zero))
        {
            await host.StartAsync(Cancellation);
            await _recovery.Entered.WaitAsync(Patience, Cancellation);
            var waiting = host.Services.GetRequiredService<HostedPublisher<Reading>>().WhenStartedAsync(Cancellation);

            var stopping = host.StopAsync(Cancellation);
            Assert.False(stopping.IsCompleted);
            _recovery.Release();
            await stopping.WaitAsync(Patience, Cancellation);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience, Cancellation));
            Assert.Equal(DrainOutcome.Drained, host.Processor("calls").Outcome);
            Assert.Single(host.LogsOf(110));
            Assert.Empty(host.LogsOf(105));
        }

        using var next = NewHost(Patience);
        await next.StartAsync(Cancellation);
        Assert.Equal(1_500, next.Processor("calls").GetStats().EventsProcessed);
        await next.StopAsync(Cancellation);
    }

    [Fact]
    public async Task StopAsync_RecoveryHangs_EndsWithTheHostsTime()
    {
        await FillAsync();
        using var host = NewHost(TimeSpan.Zero);
        await host.StartAsync(Cancellation);
        await _recovery.Entered.WaitAsync(Patience, Cancellation);
        using var over = new CancellationTokenSource();
        await over.CancelAsync();

        await host.StopAsync(over.Token).WaitAsync(Patience, Cancellation);

        Assert.Equal(DrainOutcome.TimedOut, host.Processor("calls").Outcome);
        _recovery.Release();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartAsync_RecoveryFailsLater_IsAFailureOfTheProcessor(bool stopsHost)
    {
        await FillAsync();
        _recovery.Failure = new InvalidDataException("no such key");
        using var host = NewHost(TimeSpan.Zero, stopsHost: stopsHost);
        await host.StartAsync(Cancellation);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        _recovery.Release();

        var started = host.Processor("calls").Started;
        await Assert.ThrowsAsync<InvalidDataException>(() => started.WaitAsync(Patience, Cancellation));
        var health = await HealthOf(host);
        Assert.Equal(HealthStatus.Unhealthy, health.Entries["calls-live"].Status);
        Assert.Equal(
            "Processor 'calls': it could not recover: no such key.", health.Entries["calls-ready"].Description);
        if (stopsHost)
        {
            Assert.True(lifetime.ApplicationStopping.WaitHandle.WaitOne(Patience));
            await Assert.ThrowsAsync<InvalidDataException>(() => host.StopAsync(Cancellation));
        }
        else
        {
            await host.StopAsync(Cancellation);
        }

        Assert.Single(host.LogsOf(105));
        Assert.Equal(DrainOutcome.Failed, host.Processor("calls").Outcome);
    }

    [Fact]
    public async Task StartAsync_RecoveryFailsWithinTheWait_KeepsTheHostFromStarting()
    {
        await FillAsync();
        _recovery.Failure = new InvalidDataException("no such key");
        _recovery.Release();
        using var host = NewHost(Patience);

        await Assert.ThrowsAsync<InvalidDataException>(() => host.StartAsync(Cancellation));
    }

    public void Dispose()
    {
        _recovery.Release();
        Directory.Delete(_directory, recursive: true);
    }

    private static Task<HealthReport> HealthOf(IHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);

    private static T Service<T>(IHost host)
        where T : IHostedService => host.Services.GetServices<IHostedService>().OfType<T>().Single();

    /// <summary>A run that ends without a snapshot, so that all of it is handled again.</summary>
    private async Task FillAsync()
    {
        var running = Directory.CreateTempSubdirectory("filling-").FullName;
        try
        {
            await using var processor = Hosts.CountPerSecond(StreamProcessorBuilder.For<Reading>())
                .WithName("calls")
                .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null, Mode = ExecutionMode.Inline })
                .WithWatermarks(new() { AdvanceWhenQuiet = QuietOfHosts, MaxOutOfOrderness = TimeSpan.Zero })
                .DurableIn(running)
                .Build();
            using (var publisher = processor.CreateEventPublisher("calls"))
            {
                for (var number = 0; number < 1_500; number++)
                    publisher.Publish(new Reading("a", 1, 1));
                await processor.Durability!.WhenDurableAsync(Cancellation);
                foreach (var file in Directory.GetFiles(running).Where(file => Path.GetFileName(file) != "lock"))
                    File.Copy(file, Path.Combine(_directory, Path.GetFileName(file)));
            }
        }
        finally
        {
            Directory.Delete(running, recursive: true);
        }
    }

    private IHost NewHost(
        TimeSpan wait,
        Action<IServiceCollection>? more = null,
        bool stopsHost = true,
        IProgress<RecoveryProgress>? recovery = null)
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(events => Hosts.CountPerSecond(events)
                .WithWatermarks(new() { AdvanceWhenQuiet = null, MaxOutOfOrderness = TimeSpan.Zero })
                .DurableIn(_directory, new DurabilityOptions { Progress = recovery ?? _recovery }))
            .To<ListSink>()
            .Configure(options =>
            {
                options.FutureSkewLimit = null;
                options.StopHostOnFault = stopsHost;
                options.Durability.StartWait = wait;
            }));
        builder.Services.AddHealthChecks().AddStreamProcessor("calls");
        more?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class Source : BackgroundService
    {
        private readonly HostedPublisher<Reading> _calls;

        public Source(HostedPublisher<Reading> calls) => _calls = calls;

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var publisher = await _calls.WhenStartedAsync(stoppingToken);
            publisher.Publish(new Reading("a", 2, 1));
            publisher.Publish(new Reading("b", 3 * TimeSpan.TicksPerSecond, 1));
        }
    }

    /// <summary>Holds a recovery at its last report until it is let go.</summary>
    private sealed class HeldRecovery : IProgress<RecoveryProgress>
    {
        private readonly TaskCompletionSource _released = new();
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the recovery has come so far.</summary>
        public Task Entered => _entered.Task;

        public Exception? Failure { get; set; }

        public void Release() => _released.TrySetResult();

        public void Report(RecoveryProgress value)
        {
            if (value.SlotsReplayed < value.SlotsToReplay)
                return;
            _entered.TrySetResult();
            _released.Task.Wait(Patience);
            if (Failure is { } failure)
                throw failure;
        }
    }
}
