using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Hosting.Health;
using DisruptorStream.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Hosting.Tests.Health;

/// <summary>A host with one processor, its health checks and a clock that is moved by hand.</summary>
internal sealed class HealthProbe : IDisposable
{
    private readonly IHost _host;
    private EventPublisher<Reading>? _publisher;

    public HealthProbe(
        ExecutionMode mode,
        Func<TypedEventsStep<Reading>, BuildStep<Reading, string>>? pipeline = null,
        SinkFailurePolicy? policy = null,
        Action<ProcessorHealthOptions>? configure = null,
        Action<HostedProcessorOptions>? processor = null)
    {
        var builder = Hosts.New();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(pipeline ?? Hosts.CountPerSecond)
            .To<ListSink>(policy)
            .Configure(options =>
            {
                options.Mode = mode;
                options.StopHostOnFault = false;
                options.FutureSkewLimit = null;
                processor?.Invoke(options);
            }));
        builder.Services.AddHealthChecks().AddStreamProcessor("calls", configure);
        _host = builder.Build();
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public ListSink Sink => _host.Services.GetRequiredService<ListSink>();

    public StreamProcessor<Reading, string> Processor =>
        _host.Services.GetRequiredService<StreamProcessor<Reading, string>>();

    public EventPublisher<Reading> Publisher =>
        _publisher ??= _host.Services.GetRequiredService<EventPublisher<Reading>>();

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    public void Publish(double second, int count = 1)
    {
        for (var i = 0; i < count; i++)
            Publisher.Publish(new Reading("a", (long)(second * TimeSpan.TicksPerSecond), 1));
    }

    public Task<HealthReportEntry> LiveAsync() => CheckAsync(StreamProcessorHealthCheckExtensions.LiveTag);

    public Task<HealthReportEntry> ReadyAsync() => CheckAsync(StreamProcessorHealthCheckExtensions.ReadyTag);

    public void Dispose() => _host.Dispose();

    private async Task<HealthReportEntry> CheckAsync(string tag)
    {
        var checks = _host.Services.GetRequiredService<HealthCheckService>();
        var report = await checks.CheckHealthAsync(check => check.Tags.Contains(tag));
        return Assert.Single(report.Entries).Value;
    }
}
