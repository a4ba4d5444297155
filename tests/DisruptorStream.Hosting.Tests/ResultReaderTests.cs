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

    /// <summary>It may hold its thread for as long as there are results; the host's own it must not.</summary>
    [Theory]
    [InlineData("blocks")]
    [InlineData("blocks without reading")]
    public async Task ReadAsync_HoldsItsThread_TheHostStartsAndStops(string how)
    {
        using var host = HostWith(how, stopsHost: true);
        using var timeout = new CancellationTokenSource();
        await Task.Run(() => host.StartAsync()).WaitAsync(Limit);
        FireOne(host);
        var reader = host.Services.GetRequiredService<FailingReader>();
        await reader.Reached.WaitAsync(Limit);
        var stopping = host.StopAsync(timeout.Token);
        if (how != "blocks")
            await timeout.CancelAsync();
        await stopping.WaitAsync(Limit);

        Assert.Equal(how == "blocks" ? 2 : 0, reader.Read);
        Assert.Equal(
            how == "blocks" ? DrainOutcome.Drained : DrainOutcome.TimedOut, host.Processor("calls").Outcome);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Results_NobodyReadsAndTheBufferFills_IsToldOnceWithTheWaysOut(ExecutionMode mode)
    {
        using var host = UnreadHost(mode, hasSink: false);
        await host.StartAsync();
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();

        Assert.Throws<ResultBufferFullException>(() => PublishSeconds(publisher, 1_000_000));
        Assert.Throws<ResultBufferFullException>(() => PublishSeconds(publisher, 1_000_000));

        var line = Assert.Single(host.LogsOf(107));
        Assert.Contains("'calls'", line, StringComparison.Ordinal);
        Assert.Contains("To<TSink>()", line, StringComparison.Ordinal);
        Assert.Contains("ReadBy<TReader>()", line, StringComparison.Ordinal);
        using var timeout = new CancellationTokenSource();
        await timeout.CancelAsync();
        await host.StopAsync(timeout.Token);
    }

    [Fact]
    public async Task Results_ASinkTakesThem_NobodyIsWarned()
    {
        using var host = UnreadHost(ExecutionMode.Fused, hasSink: true);
        await host.StartAsync();

        PublishSeconds(host.Services.GetRequiredService<EventPublisher<Reading>>(), 100);
        await host.StopAsync();

        Assert.Empty(host.LogsOf(107));
        Assert.Equal(100, host.Services.GetRequiredService<ListSink>().Results.Count);
    }

    /// <summary>Results that come before the reader has begun are kept for it, also where there are sinks.</summary>
    [Fact]
    public async Task ReadAsync_BeginsLateBesideASink_GetsAllResults()
    {
        var builder = Hosts.New();
        var reader = new FailingReader("begins late");
        builder.Services.AddSingleton(reader);
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond).To<ListSink>().ReadBy<FailingReader>());
        using var host = builder.Build();
        await Task.Run(() => host.StartAsync()).WaitAsync(Limit);
        FireOne(host);
        Assert.True(SpinWait.SpinUntil(() => host.Processor("calls").GetStats().ResultsEmitted == 1, Limit));
        reader.Begin.Set();
        await host.StopAsync().WaitAsync(Limit);

        Assert.Equal(2, reader.Read);
        Assert.Equal(DrainOutcome.Drained, host.Processor("calls").Outcome);
    }

    /// <summary>It has not returned, so it will read: also a full buffer waits for it.</summary>
    [Fact]
    public async Task ReadAsync_AwaitsBeforeItReads_TheDrainWaitsForIt()
    {
        const int Windows = 20;
        var builder = Hosts.New();
        var reader = new FailingReader("awaits first");
        builder.Services.AddSingleton(reader);
        builder.Services.AddStreamProcessor<Reading>("calls", b => b
            .Pipeline(Hosts.CountPerSecond)
            .ReadBy<FailingReader>()
            .Configure(options =>
            {
                options.ResultBufferSize = 1;
                options.ShutdownTimeout = TimeSpan.FromMilliseconds(50);
            }));
        using var host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);
        var publisher = host.Services.GetRequiredService<EventPublisher<Reading>>();
        for (var second = 0; second < Windows; second++)
            publisher.Publish(new Reading("a", second * TimeSpan.TicksPerSecond, 1));
        await reader.Reached.WaitAsync(Limit);

        // Much longer than the stall limit, and much shorter than the host's time.
        var stopping = host.StopAsync();
        Assert.NotSame(stopping, await Task.WhenAny(stopping, Task.Delay(TimeSpan.FromSeconds(1))));
        reader.Begin.Set();
        await stopping.WaitAsync(Limit);

        Assert.Equal(DrainOutcome.Drained, host.Processor("calls").Outcome);
        Assert.Equal(Windows, reader.Read);
    }

    [Fact]
    public async Task StopAsync_CancellingTheReaderThrows_TimesOutAllTheSame()
    {
        using var host = HostWith("throws when cancelled", stopsHost: true);
        await host.StartAsync();
        FireOne(host);
        await host.Services.GetRequiredService<FailingReader>().Reached.WaitAsync(Limit);
        using var timeout = new CancellationTokenSource();
        var stopping = host.StopAsync(timeout.Token);
        await timeout.CancelAsync();
        await stopping.WaitAsync(Limit);

        Assert.Equal(DrainOutcome.TimedOut, host.Processor("calls").Outcome);
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

    private static IHost UnreadHost(ExecutionMode mode, bool hasSink)
    {
        var builder = Hosts.New();
        builder.Services.AddStreamProcessor<Reading>("calls", b =>
        {
            var step = b.Pipeline(Hosts.CountPerSecond).Configure(options =>
            {
                options.Mode = mode;
                options.ResultBufferSize = 4;
                options.RingCapacity = 64;
                options.FutureSkewLimit = null;
            });
            return hasSink ? step.To<ListSink>() : step;
        });
        return builder.Build();
    }

    private static void PublishSeconds(EventPublisher<Reading> publisher, int seconds)
    {
        for (var second = 0; second < seconds; second++)
            publisher.Publish(new Reading("a", second * TimeSpan.TicksPerSecond, 1));
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

        public ManualResetEventSlim Begin { get; } = new();

        public int Read { get; private set; }

        public async Task ReadAsync(
            IAsyncEnumerable<WindowResult<string>> results, CancellationToken cancellationToken)
        {
            if (_failure == "returns at once")
                return;
            if (_failure == "blocks without reading")
            {
                _reached.TrySetResult();
                Wait(cancellationToken.WaitHandle);
            }

            if (_failure == "awaits first")
            {
                _reached.TrySetResult();
                await Task.Run(() => Wait(Begin.WaitHandle), cancellationToken);
            }

            if (_failure == "begins late")
                Wait(Begin.WaitHandle);
            if (_failure == "blocks")
            {
                foreach (var result in results.ToBlockingEnumerable(cancellationToken))
                {
                    Read++;
                    _reached.TrySetResult();
                }

                return;
            }

            await foreach (var result in results)
            {
                Read++;
                _reached.TrySetResult();
                switch (_failure)
                {
                    case "begins late" or "awaits first":
                        break;
                    case "throws when cancelled":
                        await using (cancellationToken.Register(() => throw new IOException("cannot be cancelled")))
                            await HangAsync(cancellationToken);
                        break;
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

        private static void Wait(WaitHandle handle)
        {
            if (!handle.WaitOne(Limit))
                throw new TimeoutException("The reader was forgotten.");
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
