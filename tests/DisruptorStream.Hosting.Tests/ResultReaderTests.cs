using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DisruptorStream.Hosting.Tests;

/// <summary>What a reader that does not read to the end does to its host.</summary>
public sealed class ResultReaderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("throws")]
    [InlineData("times out")]
    [InlineData("returns")]
    public async Task ReadAsync_FailsWhileTheHostRuns_IsLoggedAndStopsTheHost(string failure)
    {
        using var host = HostWith(failure, stopsHost: true);
        await host.StartAsync();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        FireOne(host);

        Assert.True(stopping.WaitHandle.WaitOne(Limit));
        var error = await Assert.ThrowsAnyAsync<Exception>(() => host.StopAsync());

        Assert.Contains(TextOf(failure), error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["The reader of the results of processor 'calls' has failed."], host.LogsOf(105));
        Assert.Single(host.LogsOf(106));
        Assert.Equal(DrainOutcome.Failed, host.Processor("calls").Outcome);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("times out")]
    [InlineData("returns")]
    [InlineData("returns at once")]
    public async Task ReadAsync_FailsWhereTheHostGoesOn_IsLoggedAndIsTheOutcome(string failure)
    {
        using var host = HostWith(failure, stopsHost: false);
        await host.StartAsync();
        FireOne(host);

        Assert.True(SpinWait.SpinUntil(() => host.LogsOf(105).Count == 1, Limit));
        Assert.False(
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        await host.StopAsync();

        Assert.Empty(host.LogsOf(106));
        Assert.Single(host.LogsOf(104));
        Assert.Equal(DrainOutcome.Failed, host.Processor("calls").Outcome);
    }

    [Fact]
    public async Task ReadAsync_HangsUntilTheTimeOut_IsCancelledAndNoFault()
    {
        using var host = HostWith("hangs", stopsHost: true);
        await host.StartAsync();
        FireOne(host);
        var reader = host.Services.GetRequiredService<FailingReader>();
        await reader.Reached.WaitAsync(Limit);

        using var timeout = new CancellationTokenSource();
        var stopping = host.StopAsync(timeout.Token);
        await timeout.CancelAsync();
        await stopping;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.Ended.WaitAsync(Limit));
        Assert.Equal(DrainOutcome.TimedOut, host.Processor("calls").Outcome);
        Assert.Single(host.LogsOf(103));
        Assert.Empty(host.LogsOf(105));
    }

    [Fact]
    public async Task ReadAsync_ReturnsInTheDrain_WhatIsLeftIsTheFailure()
    {
        using var host = HostWith("returns", stopsHost: true);
        await host.StartAsync();
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 0, 1));
        publisher.Publish(new Reading("b", 0, 1));

        // Both windows fire at the end of input, and the reader takes one of the results.
        await host.StopAsync();

        Assert.Equal(DrainOutcome.Failed, host.Processor("calls").Outcome);
        Assert.Single(host.LogsOf(104));
    }

    private static string TextOf(string failure) => failure switch
    {
        "throws" => "the disk is full",
        "times out" => "the request took too long",
        _ => "returned before their end",
    };

    private static IHost HostWith(string failure, bool stopsHost)
    {
        var builder = Hosts.New();
        builder.Services.AddSingleton(new FailingReader(failure));
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .ReadBy<FailingReader>()
            .Configure(options => options.StopHostOnFault = stopsHost));
        return builder.Build();
    }

    private static void FireOne(IHost host)
    {
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        publisher.Publish(new Reading("a", 0, 1));
        publisher.Publish(new Reading("a", TimeSpan.TicksPerMinute, 1));
    }

    private sealed class FailingReader : IResultReader<string>
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly string _failure;

        public FailingReader(string failure) => _failure = failure;

        public Task Reached => _reached.Task;

        public Task Ended => _ended.Task;

        public async Task ReadAsync(
            IAsyncEnumerable<WindowResult<string>> results, CancellationToken cancellationToken)
        {
            if (_failure == "returns at once")
                return;
            await foreach (var result in results)
            {
                _reached.TrySetResult();
                switch (_failure)
                {
                    case "throws":
                        throw new IOException("the disk is full");
                    case "times out":
                        throw new TaskCanceledException("the request took too long");
                    case "hangs":
                        await HangAsync(cancellationToken);
                        break;
                    default:
                        return;
                }
            }
        }

        private async Task HangAsync(CancellationToken cancellationToken)
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _ended.TrySetCanceled(CancellationToken.None);
                throw;
            }
        }
    }
}
