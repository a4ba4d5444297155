using DisruptorStream.Ingest;
using DisruptorStream.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Hosting.Tests;

/// <summary>A logger that throws loses its lines, and nothing else.</summary>
public sealed class HostingLogTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task StopAsync_LoggerThrows_Drains()
    {
        using var host = New(stopsHost: false);
        await host.StartAsync().WaitAsync(Limit);
        Publish(host);
        await host.StopAsync().WaitAsync(Limit);

        Assert.Equal(DrainOutcome.Drained, host.Processor("calls").Outcome);
        Assert.Equal(2, host.Services.GetRequiredService<ListSink>().Results.Count);
    }

    [Fact]
    public async Task Completion_LoggerThrowsAndTheSinkFails_StopsTheHost()
    {
        using var host = New(stopsHost: true);
        host.Services.GetRequiredService<ListSink>().Failures = 1;
        await host.StartAsync().WaitAsync(Limit);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        Publish(host);

        Assert.True(stopping.WaitHandle.WaitOne(Limit));
        await Assert.ThrowsAnyAsync<Exception>(() => host.StopAsync().WaitAsync(Limit));
        Assert.Equal(DrainOutcome.Failed, host.Processor("calls").Outcome);
    }

    private static IHost New(bool stopsHost)
    {
        var builder = Hosts.New();
        builder.Services.AddSingleton<ILoggerProvider, AngryProvider>();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .To<ListSink>()
            .Configure(options => options.StopHostOnFault = stopsHost));
        return builder.Build();
    }

    private static void Publish(IHost host)
    {
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 0, 1));
        publisher.Publish(new Reading("a", TimeSpan.TicksPerMinute, 1));
    }

    /// <summary>Its loggers throw where the engine and its hosting write; the host itself cannot do without.</summary>
    private sealed class AngryProvider : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) =>
            new AngryLogger(categoryName.StartsWith("DisruptorStream.", StringComparison.Ordinal));

        public void Dispose()
        {
        }
    }

    private sealed class AngryLogger : TestLogger
    {
        private readonly bool _isAngry;

        public AngryLogger(bool isAngry) => _isAngry = isAngry;

        protected override void OnLine(int id, string text)
        {
            if (_isAngry)
                throw new IOException("the log is full");
        }
    }
}
