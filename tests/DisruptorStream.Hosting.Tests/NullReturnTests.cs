using DisruptorStream.Emission;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Hosting.Tests;

/// <summary>What a host's own code must not return, and does: the failure says which it was.</summary>
public sealed class NullReturnTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task ReadAsync_ReturnsNull_TheFailureNamesTheReader()
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond).ReadBy<NullReader>());
        using var host = builder.Build();
        await host.StartAsync();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        Assert.True(stopping.WaitHandle.WaitOne(Limit));

        var error = await Assert.ThrowsAnyAsync<Exception>(() => host.StopAsync());
        Assert.Contains(
            "The reader NullReturnTests.NullReader of the results of processor 'calls' returned null from "
            + "ReadAsync; return a task that completes when the results have ended.",
            error.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_LoggerFactoryReturnsNull_NamesIt()
    {
        var services = new ServiceCollection();
        services.AddStreamProcessor<Reading>("calls", b => b.Pipeline(Hosts.CountPerSecond).To<ListSink>());
        services.AddSingleton<ILoggerFactory>(new NullLoggers());
        await using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(
            () => provider.GetRequiredKeyedService<StreamProcessor<Reading, string>>("calls"));
        Assert.Contains(
            "The logger factory NullReturnTests.NullLoggers returned null for processor 'calls'",
            error.Message,
            StringComparison.Ordinal);
    }

    private sealed class NullReader : IResultReader<string>
    {
        public Task ReadAsync(IAsyncEnumerable<WindowResult<string>> results, CancellationToken cancellationToken) =>
            null!;
    }

    private sealed class NullLoggers : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => null!;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
