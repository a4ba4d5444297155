using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Emission.Pumping;

/// <summary>Asynchronous sinks: batches by count and time, back-pressure, failures and ends, in every mode.</summary>
public sealed class AsyncSinkPumpTests
{
    private static readonly string[] WholeLife =
        ["StartAsync", "WriteAsync", "ProgressAsync", "FlushAsync", "CompleteAsync"];

    public static TheoryData<ExecutionMode> Modes => [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Complete_AllResults_AreWrittenInOrderAndTheCallsComeInOrder(ExecutionMode mode)
    {
        var sink = new CollectingAsyncSink<string>();
        var beside = new CollectingSink<string>();
        await using var processor = Build(mode, sink, new AsyncSinkOptions { BatchSize = 7 }, beside);
        Publish(processor, 100);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(beside.Results.Select(Text), sink.Results.Select(Text));
        Assert.All(sink.Writes, count => Assert.InRange(count, 1, 7));
        Assert.Equal("StartAsync", sink.Calls[0]);
        Assert.Equal(["FlushAsync", "CompleteAsync"], sink.Calls.TakeLast(2));
        Assert.Subset(WholeLife.ToHashSet(), sink.Calls.ToHashSet());
        Assert.Single(sink.Calls, call => call == "CompleteAsync");
        Assert.Null(sink.Failure);
        var stats = Assert.Single(processor.GetStats().AsyncSinks);
        Assert.Equal((100L, 0L, 0L, 0L), (
            stats.ResultsWritten, stats.ResultsQueued, stats.ResultsSkipped, stats.ResultsDiscarded));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Flush_FewResults_AreWrittenThoughTheBatchIsNotFull(ExecutionMode mode)
    {
        var sink = new CollectingAsyncSink<string>();
        await using var processor = Build(mode, sink, new AsyncSinkOptions { MaxDelay = TimeSpan.FromHours(1) });
        Publish(processor, 4);

        await processor.FlushAsync(Token);

        Assert.Equal(3, sink.Count);
        Assert.Equal("FlushAsync", sink.Calls[^1]);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task MaxDelay_ABatchThatDoesNotFill_IsWrittenByTheProcessorsClock(ExecutionMode mode)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var sink = new CollectingAsyncSink<string>();
        await using var processor = Build(
            mode, sink, new AsyncSinkOptions { BatchSize = 100, MaxDelay = TimeSpan.FromMinutes(1) }, clock: clock);
        Publish(processor, 4);
        await Processors.UntilAsync(() => processor.GetStats().AsyncSinks[0].ResultsQueued == 3);
        Assert.Empty(sink.Writes);

        using var guard = new CancellationTokenSource(Processors.Patience);
        while (sink.Count < 3)
        {
            // The pump may not have set its timer yet: a further step is later for it all the same.
            guard.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Equal(3, sink.Writes.Sum());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task FullQueue_Publishers_AreHeldUntilTheSinkGoesOn(ExecutionMode mode)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new CollectingAsyncSink<string>((_, _) => new ValueTask(release.Task));
        await using var processor = Build(mode, sink, new AsyncSinkOptions { BatchSize = 4, Capacity = 8 });
        var publisher = Task.Run(() => Publish(processor, 5_000), Token);
        await Processors.UntilAsync(() => processor.GetStats().AsyncSinks[0].Blocks > 0);
        Assert.False(publisher.IsCompleted);
        if (mode == ExecutionMode.Inline)
            Assert.InRange(processor.GetStats().AsyncSinks[0].ResultsQueued, 8, 12);

        release.SetResult();
        await publisher.WaitAsync(Processors.Patience, Token);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(5_000, sink.Count);
        Assert.True(processor.GetStats().AsyncSinks[0].BlockedTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task FullQueueInline_TryPublish_IsFalse()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new CollectingAsyncSink<string>((_, _) => new ValueTask(release.Task));
        await using var processor = Build(
            ExecutionMode.Inline, sink, new AsyncSinkOptions { BatchSize = 1, Capacity = 2 });
        var time = 0;
        processor.Publish("a", time++, 1);
        processor.Publish("a", time++, 1);

        // From then on the pump takes nothing more out of the queue.
        await sink.WaitForWriteAsync(1, Processors.Patience, Token);
        while (processor.TryPublish("a", time, 1))
            Assert.InRange(time++, 0, 100);

        var waiting = processor.PublishAsync("a", time, 1, Token).AsTask();
        Assert.False(waiting.IsCompleted);
        release.SetResult();
        await waiting.WaitAsync(Processors.Patience, Token);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StuckSink_WhoWaits_IsToldWhichSinkItIs(ExecutionMode mode)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new CollectingAsyncSink<string>((_, _) => new ValueTask(release.Task));
        await using var processor = Build(
            mode,
            sink,
            new AsyncSinkOptions { BatchSize = 1, Capacity = 2 },
            timeout: TimeSpan.FromMilliseconds(150));
        var published = Assert.Throws<EngineHeldException>(() => Publish(processor, 100_000));
        Assert.Contains(nameof(CollectingAsyncSink<string>), published.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EngineHeldException>(
            () => processor.StopAsync(StopMode.Complete, Token).WaitAsync(Processors.Patience, Token));

        release.SetResult();
        await processor.Completion.WaitAsync(Processors.Patience, Token);
        Assert.Equal(processor.GetStats().WindowsFired, sink.Count);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Abort_AStuckSink_EndsInTimeAndCountsWhatWasDiscarded(ExecutionMode mode)
    {
        var sink = new CollectingAsyncSink<string>(async (_, end) => await Task.Delay(Timeout.Infinite, end));
        var processor = Build(mode, sink, new AsyncSinkOptions { BatchSize = 2 });
        Publish(processor, 10);
        await sink.WaitForWriteAsync(cancellationToken: Token);
        await Processors.UntilAsync(() => processor.GetStats().AsyncSinks[0].ResultsQueued == 9);

        await processor.DisposeAsync().AsTask().WaitAsync(Processors.Patience, Token);

        Assert.True(processor.Completion.IsCompletedSuccessfully);
        Assert.Equal("CompleteAsync", sink.Calls[^1]);
        Assert.IsType<ProcessorStoppedException>(sink.Failure);
        var stats = processor.GetStats().AsyncSinks[0];
        Assert.Equal((0L, 9L, 0L), (stats.ResultsWritten, stats.ResultsDiscarded, stats.ResultsQueued));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Dispose_ASinkThatNeverReturns_ReturnsInTimeAndCallsItNoMore(ExecutionMode mode)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new CollectingAsyncSink<string>((_, _) => new ValueTask(release.Task));
        var processor = Build(
            mode, sink, new AsyncSinkOptions { BatchSize = 1 }, timeout: TimeSpan.FromMilliseconds(100));
        Publish(processor, 10);
        await sink.WaitForWriteAsync(cancellationToken: Token);

        await processor.DisposeAsync().AsTask().WaitAsync(Processors.Patience, Token);
        Assert.False(processor.Completion.IsCompleted);
        release.SetResult();
        await processor.Completion.WaitAsync(Processors.Patience, Token);

        Assert.DoesNotContain("CompleteAsync", sink.Calls);
        Assert.Single(sink.Writes);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline, "throws")]
    [InlineData(ExecutionMode.Fused, "faulted")]
    [InlineData(ExecutionMode.Staged, "cancelled")]
    [InlineData(ExecutionMode.Fused, "null")]
    public async Task Stop_AFailedWrite_EndsTheProcessorAndTellsTheSink(ExecutionMode mode, string way)
    {
        var sink = new CollectingAsyncSink<string>((_, _) => Fail(way));
        await using var processor = Build(mode, sink, new AsyncSinkOptions { BatchSize = 1 });
        Record.Exception(() => Publish(processor, 10));

        var failure = await Assert.ThrowsAsync<PipelineException>(
            () => processor.StopAsync(StopMode.Complete, Token).WaitAsync(Processors.Patience, Token));

        var cause = Assert.IsType<SinkException>(failure.InnerException);
        Assert.Same(sink, cause.Sink);
        await Record.ExceptionAsync(() => processor.Completion.WaitAsync(Processors.Patience, Token));
        Assert.IsType<PipelineException>(sink.Failure);
        Assert.Equal("CompleteAsync", sink.Calls[^1]);
        Assert.Equal(0, processor.GetStats().AsyncSinks[0].ResultsWritten);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Retry_WritesThatFailTwice_AreMadeAgainWithTheSameResults(ExecutionMode mode)
    {
        var sink = new CollectingAsyncSink<string>((write, _) => write <= 2 ? Fail("faulted") : default);
        await using var processor = Build(mode, sink, new AsyncSinkOptions
        {
            FailurePolicy = SinkFailurePolicy.Retry(3, TimeSpan.FromMilliseconds(1)),
        });
        Publish(processor, 10);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(10, sink.Count);
        var stats = processor.GetStats();
        Assert.Equal((2L, 2L, 0L), (stats.SinkFailures, stats.SinkRetries, stats.SinkSkips));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Skip_AFailedWrite_LosesThatWriteOnlyAndCountsIt(ExecutionMode mode)
    {
        var sink = new CollectingAsyncSink<string>((write, _) => write == 1 ? Fail("throws") : default);
        await using var processor = Build(mode, sink, new AsyncSinkOptions
        {
            BatchSize = 1,
            FailurePolicy = SinkFailurePolicy.Skip,
        });
        Publish(processor, 10);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(9, sink.Count);
        var stats = processor.GetStats();
        Assert.Equal((1L, 1L, 10L), (stats.AsyncSinks[0].ResultsSkipped, stats.SinkSkips, stats.ResultsEmitted));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Flush_ASinkThatFails_GetsTheFailureOfTheProcessor(ExecutionMode mode)
    {
        var sink = new CollectingAsyncSink<string>((_, _) => Fail("faulted"));
        await using var processor = Build(
            mode, sink, new AsyncSinkOptions { MaxDelay = TimeSpan.FromHours(1) });
        Publish(processor, 4);

        await Assert.ThrowsAsync<PipelineException>(
            () => processor.FlushAsync(Token).AsTask().WaitAsync(Processors.Patience, Token));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task AnotherSinkFails_WhatWasQueued_IsWrittenBeforeTheEnd(ExecutionMode mode)
    {
        var sink = new CollectingAsyncSink<string>();
        await using var processor = Processors.Tumbling(1).Counting(mode)
            .To(new FailingSink<string>(after: 2))
            .To(sink, new AsyncSinkOptions { MaxDelay = TimeSpan.FromHours(1) })
            .Build();
        processor.Start();
        Record.Exception(() =>
        {
            for (var time = 0; time < 10; time++)
            {
                processor.Publish("a", time, 1);
                processor.FlushAsync(Token).AsTask().Wait(Token);
            }
        });
        await Assert.ThrowsAsync<PipelineException>(
            () => processor.Completion.WaitAsync(Processors.Patience, Token));

        Assert.Equal(2, sink.Count);
        Assert.IsType<PipelineException>(sink.Failure);
    }

    private static ValueTask Fail(string way) => way switch
    {
        "throws" => throw new IOException("the disk is full"),
        "faulted" => ValueTask.FromException(new IOException("the disk is full")),
        "cancelled" => ValueTask.FromCanceled(new CancellationToken(canceled: true)),
        _ => new ValueTask((Task)null!),
    };

    private static string Text(WindowResult<string> result) =>
        $"{result.Sequence} {result.Key} {result.Window.StartTicks} {result["count"]}";

    /// <summary>Events one tick apart, each of which completes the window of the one before.</summary>
    private static void Publish(StreamProcessor<string> processor, int count)
    {
        for (var time = 0; time < count; time++)
            processor.Publish($"key{time % 3}", time, 1);
    }

    private static StreamProcessor<string> Build(
        ExecutionMode mode,
        IAsyncResultSink<string> sink,
        AsyncSinkOptions options,
        IResultSink<string>? beside = null,
        TimeProvider? clock = null,
        TimeSpan? timeout = null)
    {
        var step = Processors.Tumbling(1)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with
            {
                RingCapacity = 64,
                ShutdownTimeout = timeout ?? TimeSpan.FromSeconds(20),
            })
            .WithTimeProvider(clock ?? TimeProvider.System)
            .To(sink, options);
        var processor = (beside is null ? step : step.To(beside)).Build();
        processor.Start();
        return processor;
    }
}
