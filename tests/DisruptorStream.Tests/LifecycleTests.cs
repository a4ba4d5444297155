using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests;

/// <summary>Start, stop, flush, abort, and what happens to those who wait meanwhile.</summary>
public sealed class LifecycleTests
{
    public static TheoryData<ExecutionMode> Modes => [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StopAsync_Drain_LeavesOpenWindowsUnfired(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        await using var processor = Started(mode, collector);
        processor.Publish("a", 1, 1);
        processor.Publish("a", 11, 1);

        await processor.StopAsync().WaitAsync(Processors.Patience);
        await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);

        Assert.Equal(["a [0, 10) OnTime 1"], collector.Texts());
        Assert.Throws<ProcessorStoppedException>(() => processor.Publish("a", 12, 1));
        Assert.Throws<ProcessorStoppedException>(processor.Start);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StopAsync_Complete_FiresEveryWindow(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        await using var processor = Started(mode, collector);
        processor.Publish("a", 1, 1);
        processor.Publish("b", 11, 1);

        await processor.StopAsync(StopMode.Complete).WaitAsync(Processors.Patience);

        Assert.Equal(["a [0, 10) OnTime 1", "b [10, 20) OnTime 1"], collector.Texts());
        Assert.True(processor.Completion.IsCompletedSuccessfully);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task DisposeAsync_WithoutCompletion_EmitsNothingAndMayBeCalledAgain(ExecutionMode mode)
    {
        var collector = new CollectingSink<string>();
        var processor = Started(mode, collector);
        processor.Publish("a", 1, 1);
        await processor.FlushAsync();

        await processor.DisposeAsync();
        await processor.DisposeAsync();

        Assert.Empty(collector.Texts());
        Assert.True(processor.Completion.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(StopMode.Abort)]
    [InlineData(StopMode.Complete)]
    public async Task StopAsync_NeverStarted_Ends(StopMode mode)
    {
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).To(collector).Build();
        processor.Publish("a", 1, 1);

        await processor.StopAsync(mode).WaitAsync(Processors.Patience);

        Assert.Equal(mode == StopMode.Complete ? 1 : 0, collector.Texts().Count);
    }

    [Fact]
    public async Task Publish_NeverStartedAndFull_SaysSo()
    {
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { RingCapacity = 64 })
            .Build();

        var exception = Assert.Throws<InvalidOperationException>(() =>
        {
            for (var i = 0; i < 65; i++)
                processor.Publish("a", i, 1);
        });

        Assert.Contains("call Start first", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopAsync_TokenCancelledWhileASinkBlocks_ReturnsWithinTheTimeout()
    {
        using var sink = new GatedSink<string>();
        using var cancellation = new CancellationTokenSource();
        await using var processor = Processors.Tumbling(1)
            .Aggregate(a => a.Count("count"))
            .WithOptions(
                Processors.Options(ExecutionMode.Fused) with { ShutdownTimeout = TimeSpan.FromMilliseconds(50) })
            .To(sink)
            .Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 2, 1);

        var stop = processor.StopAsync(StopMode.Complete, cancellation.Token);
        await sink.WaitForCallAsync(cancellationToken: TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stop.WaitAsync(Processors.Patience));
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task SinkThatThrows_StopPolicy_FaultsEverybodyWithStageAndSequence(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(10).Counting(mode).To(new FailingSink<string>()).Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 11, 1);

        var failure = await Assert.ThrowsAsync<PipelineException>(
            () => processor.Completion.WaitAsync(Processors.Patience));

        Assert.IsType<SinkException>(failure.InnerException);
        Assert.True(failure.Sequence >= 0);
        Assert.Throws<PipelineException>(() => PublishForever(processor));
        await Assert.ThrowsAsync<PipelineException>(() => processor.StopAsync());
        await Assert.ThrowsAsync<PipelineException>(async () => await processor.FlushAsync());
    }

    [Fact]
    public async Task SinkThatThrows_Inline_FaultsThePublisher()
    {
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline)
            .To(new FailingSink<string>())
            .Build();
        processor.Publish("a", 1, 1);

        Assert.Throws<PipelineException>(() => processor.Publish("a", 11, 1));
        Assert.Throws<PipelineException>(() => processor.Publish("a", 12, 1));
        await Assert.ThrowsAsync<PipelineException>(() => processor.Completion);
    }

    [Fact]
    public async Task FullStreamWithoutReader_PublisherAndStopSayWhy_AndReadingFreesThem()
    {
        await using var processor = Processors.Tumbling(1)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { ResultBufferSize = 4, RingCapacity = 64 })
            .Build();
        processor.Start();

        Assert.Throws<ResultBufferFullException>(() => PublishForever(processor));
        await Assert.ThrowsAsync<ResultBufferFullException>(() => processor.StopAsync(StopMode.Complete));
        var results = 0;
        await foreach (var result in processor.ReadResultsAsync(TestContext.Current.CancellationToken))
        {
            results++;

            // With a reader there, stopping goes through.
            if (results == 1)
                _ = processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        }

        await processor.Completion.WaitAsync(Processors.Patience);
        Assert.Equal(processor.GetStats().EventsProcessed, results);
    }

    [Fact]
    public async Task InlineBufferFull_RefusesTheNextEvent_UntilItIsRead()
    {
        await using var processor = Processors.Tumbling(1)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { ResultBufferSize = 2 })
            .Build();
        for (var time = 0; time < 3; time++)
            processor.Publish("a", time, 1);

        Assert.Throws<ResultBufferFullException>(() => processor.Publish("a", 3, 1));
        Assert.True(processor.TryReadResult(out _));
        processor.Publish("a", 3, 1);
    }

    [Fact]
    public async Task InlinePublish_FromItsOwnSink_SaysSo()
    {
        var sink = new ReentrantSink();
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline)
            .To(sink, SinkFailurePolicy.Skip)
            .Build();
        sink.Processor = processor;

        processor.Publish("a", 1, 1);
        processor.Publish("a", 2, 1);

        Assert.Contains("middle of another call", sink.Failure!.Message, StringComparison.Ordinal);
        processor.Publish("a", 3, 1);
    }

    [Fact]
    public async Task IdleKeys_AreGivenUp_AndTheirIdsUsedAgain()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with
            {
                MaxKeys = 3,
                WindowRetention = TimeSpan.FromSeconds(10),
            })
            .WithTimeProvider(clock)
            .To(new CollectingSink<string>())
            .Build();
        using var pinned = processor.GetKey("pinned");
        processor.Publish("a", 1, 1);
        processor.Publish("b", 11, 1);
        processor.Publish("c", 12, 1);
        Assert.Equal(1, processor.GetStats().DroppedBy(DropReason.KeyLimit));

        for (var second = 0; second < 30; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            processor.Advance();
        }

        // "a" has no window any more, "b" has one that is open, and the handle keeps the third.
        Assert.Equal(2, processor.GetStats().Keys);
        processor.Publish("c", 13, 1);
        Assert.Equal(1, processor.GetStats().DroppedBy(DropReason.KeyLimit));
        Assert.Equal(3, processor.GetStats().Keys);
    }

    /// <summary>Integer keys too, which are found by their value; these two get in each other's way there.</summary>
    [Fact]
    public async Task KeyThatWasGivenUp_NamesNoResultOfTheNextKeyWithItsId()
    {
        const int One = 5;
        const int Other = One + (1 << 20);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var collector = new CollectingSink<int>();
        await using var processor = StreamProcessorBuilder.ForKeys<int>().TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with
            {
                MaxKeys = 1,
                WindowRetention = TimeSpan.FromSeconds(10),
            })
            .WithTimeProvider(clock)
            .To(collector)
            .Build();
        using var publisher = processor.CreatePublisher("keys");
        for (var round = 0; round < 4; round++)
        {
            var key = round % 2 == 0 ? One : Other;
            publisher.Publish(key, round * 10, 1);
            publisher.Publish(key, (round * 10) + 1, 1);
            publisher.AdvanceWatermark((round * 10) + 10);
            for (var second = 0; second < 30; second++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                processor.Advance();
            }
        }

        Assert.Equal(0, processor.GetStats().EventsDropped);
        Assert.Equal(
            [
                $"{One} [0, 10) OnTime 2", $"{Other} [10, 20) OnTime 2",
                $"{One} [20, 30) OnTime 2", $"{Other} [30, 40) OnTime 2",
            ],
            collector.Texts());
    }

    private static StreamProcessor<string> Started(ExecutionMode mode, CollectingSink<string> collector)
    {
        var processor = Processors.Tumbling(10).Counting(mode).To(collector).Build();
        processor.Start();
        return processor;
    }

    private static void PublishForever(StreamProcessor<string> processor)
    {
        for (var time = 0; time < 1_000_000; time++)
            processor.Publish("a", time, 1);
    }

    private sealed class ReentrantSink : IResultSink<string>
    {
        public StreamProcessor<string>? Processor { get; set; }

        public Exception? Failure { get; private set; }

        public void OnResults(ResultBatch<string> batch) =>
            Failure ??= Record.Exception(() => Processor!.Publish("b", 5, 1));
    }
}
