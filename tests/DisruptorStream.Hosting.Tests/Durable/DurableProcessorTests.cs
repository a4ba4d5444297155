using DisruptorStream.Durability;
using DisruptorStream.Hosting.Durable;
using DisruptorStream.Ingest;
using DisruptorStream.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Hosting.Tests.Durable;

/// <summary>A durable processor of a host: by configuration or by a step, suspended and recovered.</summary>
public sealed class DurableProcessorTests : IDisposable
{
    private const string Section = "Processors:calls:Durability:";

    private readonly string _directory = Directory.CreateTempSubdirectory("hosted-").FullName;

    [Fact]
    public async Task StopAsync_DurableByConfiguration_SuspendsAndTheNextRunGoesOn()
    {
        for (var run = 0; run < 2; run++)
        {
            using var host = NewHost((Section + "Directory", _directory), (Section + "Mode", "Sync"));
            await host.StartAsync(TestContext.Current.CancellationToken);
            var processor = host.Services.GetRequiredService<StreamProcessor<Reading, string>>();
            Assert.Equal(_directory, processor.Durability!.Directory);
            Assert.Equal(DurabilityMode.Sync, processor.Durability.Mode);
            Assert.Equal(run == 1, processor.Durability.Recovery.IsRecovered);
            var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
            publisher.Publish(new Reading("a", 1, 1));
            if (run == 1)
                publisher.Publish(new Reading("b", 3 * TimeSpan.TicksPerSecond, 1));

            await host.StopAsync(TestContext.Current.CancellationToken);

            var sink = host.Services.GetRequiredService<ListSink>();
            Assert.Equal(run == 0 ? [] : ["a 0 2"], sink.Results);
            Assert.Equal(DrainOutcome.Drained, host.Processor("calls").Outcome);
        }
    }

    [Fact]
    public void Options_DurableByStep_StartFromIt()
    {
        using var host = NewHost(
            _directory,
            (Section + "SnapshotsKept", "7"),
            (Section + "MaxJournalBytes", ""));

        var options = host.Services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get("calls");

        Assert.Equal(StopMode.Suspend, options.StopMode);
        Assert.Equal(_directory, options.Durability.Directory);
        Assert.Equal(TimeSpan.FromSeconds(9), options.Durability.SyncInterval);
        Assert.Equal(7, options.Durability.SnapshotsKept);
        Assert.Null(options.Durability.MaxJournalBytes);
    }

    [Fact]
    public async Task Build_DirectorySwitchedOff_IsNotDurable()
    {
        using var host = NewHost(
            _directory, builder => builder.Configure(options => options.Durability.Directory = null));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Null(host.Services.GetRequiredService<StreamProcessor<Reading, string>>().Durability);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Who sets an option of durability believes that the processor is durable.</summary>
    [Theory]
    [InlineData("Mode", "Sync", 1)]
    [InlineData("StartWait", "00:00:01", 1)]
    [InlineData("Mode", "Async", 0)]
    public async Task Start_OptionsAndNoDirectory_IsAWarning(string option, string value, int warnings)
    {
        using var host = NewHost((Section + option, value));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Null(host.Services.GetRequiredService<StreamProcessor<Reading, string>>().Durability);
        Assert.Equal(warnings, host.LogsOf(111).Count);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Each option of the engine is there, has its default, and reaches the engine.</summary>
    [Fact]
    public void ToEngine_EachOption_IsThereAndCarriedOver()
    {
        var unusual = new DurabilityOptions
        {
            Mode = DurabilityMode.Sync,
            SyncInterval = TimeSpan.FromSeconds(2),
            SnapshotInterval = TimeSpan.FromSeconds(3),
            Snapshots = SnapshotMethod.Copy,
            SnapshotsKept = 4,
            SegmentBytes = 4096,
            MaxJournalBytes = 5,
            OnJournalLimit = JournalLimitPolicy.Stop,
            OnSyncFailure = SyncFailurePolicy.Reseat,
            OnPlanChange = PlanChangePolicy.Apply,
        };
        var hosted = new HostedDurabilityOptions();
        var (fresh, defaults) = (new HostedDurabilityOptions(), new DurabilityOptions());
        foreach (var option in typeof(DurabilityOptions).GetProperties().Where(one => one.Name != "Progress"))
        {
            var same = typeof(HostedDurabilityOptions).GetProperty(option.Name);
            Assert.True(same is not null, $"{option.Name} is missing.");
            Assert.Equal(option.GetValue(defaults), same.GetValue(fresh));
            Assert.NotEqual(option.GetValue(defaults), option.GetValue(unusual));
            same.SetValue(hosted, option.GetValue(unusual));
        }

        var progress = new RecoveryProgressLog("calls", new Lines(), TimeProvider.System, null);
        Assert.Equal(unusual with { Progress = progress }, hosted.ToEngine(progress));
        fresh.StartFrom(_directory, unusual);
        Assert.Equal(unusual, fresh.ToEngine(null));
        Assert.Equal(_directory, fresh.Directory);
    }

    [Theory]
    [InlineData("SnapshotInterval", "5", "calls.Durability.SnapshotInterval must be a time, written as")]
    [InlineData("SnapshotInterval", "00:00:00.001", "between 00:00:00.0100000 and 1.00:00:00; it was")]
    [InlineData("Mode", "Both", "calls.Durability.Mode must be one of Async, Sync; it was 'Both'.")]
    [InlineData("SegmentBytes", "1025", "must be a multiple of 8 between 1024 and 1073741824; it was 1025.")]
    [InlineData("MaxJournalBytes", "0", "MaxJournalBytes must be at least 1; it was 0.")]
    [InlineData("OnSyncFailure", "Reseat", "OnSyncFailure is Reseat, and Mode is Async")]
    [InlineData("Directory", "", "calls.Durability.Directory must be the path of a directory; it was ''.")]
    [InlineData("Direktory", "x", "(section 'Processors:calls:Durability'); did you mean 'Directory'?")]
    public async Task StartAsync_WrongOption_IsRefusedWithWhatIsAllowed(string key, string value, string expected)
    {
        using var host = NewHost((Section + key, value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_DurabilityIsAValue_IsRefusedWithWhatToWrite()
    {
        using var host = NewHost(("Processors:calls:Durability", "state/calls"));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("write the directory as Durability:Directory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_RelativeDirectory_IsBelowTheContentRoot()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = _directory,
        });
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>()
            .Configure(options => options.Durability.Directory = "state/calls"));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.True(File.Exists(Path.Combine(_directory, "state", "calls", "lock")));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Report_EverySecond_IsLoggedEveryThree()
    {
        var (clock, log, next) = (new FakeTimeProvider(), new Lines(), new Reports());
        var progress = new RecoveryProgressLog("calls", log, clock, next);
        for (var second = 0; second < 7; second++)
        {
            progress.Report(new RecoveryProgress(second, 10));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, log.Texts.Count);
        Assert.StartsWith("Processor 'calls' recovers: 3 of 10 slots", log.Texts[0], StringComparison.Ordinal);
        Assert.StartsWith("Processor 'calls' recovers: 6 of 10 slots", log.Texts[1], StringComparison.Ordinal);
        Assert.Equal(7, next.Count);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static IHost NewHost(params (string Key, string? Value)[] configuration) =>
        NewHost(null, _ => { }, configuration);

    private static IHost NewHost(string directory, params (string Key, string? Value)[] configuration) =>
        NewHost(directory, _ => { }, configuration);

    private static IHost NewHost(
        string? directory,
        Action<HostedProcessorStep<Reading, string>> more,
        params (string Key, string? Value)[] configuration)
    {
        var builder = Hosts.New(configuration);
        builder.Services.AddStreamProcessor<Reading>("calls", b =>
        {
            var step = b
                .Pipeline(events => directory is null
                    ? Hosts.CountPerSecond(events)
                    : Hosts.CountPerSecond(events).DurableIn(
                        directory, new DurabilityOptions { SyncInterval = TimeSpan.FromSeconds(9) }))
                .To<ListSink>()
                .Configure(options => (options.FutureSkewLimit, options.AdvanceWhenQuiet) = (null, null))
                .BindConfiguration("Processors:calls", optional: true);
            more(step);
            return step;
        });
        return builder.Build();
    }

    private sealed class Lines : TestLogger
    {
        public List<string> Texts { get; } = [];

        protected override void OnLine(int id, string text) => Texts.Add(text);
    }

    private sealed class Reports : IProgress<RecoveryProgress>
    {
        public int Count { get; private set; }

        public void Report(RecoveryProgress value) => Count++;
    }
}
