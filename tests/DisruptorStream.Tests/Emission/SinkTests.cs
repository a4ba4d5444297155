using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Emission;

/// <summary>What every sink is told beside its rows, in which order, and what becomes of what it throws.</summary>
public sealed class SinkTests
{
    public static TheoryData<ExecutionMode> Modes => [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task WholeLife_Calls_ComeInOrder(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Build(mode, sink);
        Publish(processor, 3);
        await processor.FlushAsync(Token);
        Assert.Contains("OnFlush", sink.Calls);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal("OnStart", sink.Calls[0]);
        Assert.Equal(["OnFlush", "OnComplete"], sink.Calls.TakeLast(2));
        Assert.Single(sink.Calls, call => call is "OnStart");
        Assert.Single(sink.Calls, call => call is "OnComplete");
        Assert.Null(sink.Failure);
        Assert.Equal(("default", 0L, "count"), (
            sink.Context!.Value.ProcessorName, sink.Context.Value.FirstSequence, sink.Context.Value.Schema.Names[0]));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Progress_AfterAFlush_IsAllThatWasPublished(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Build(mode, sink);
        Publish(processor, 5);
        await processor.FlushAsync(Token);

        Assert.True(sink.Progress!.Value.Sequence >= sink.Results[^1].Sequence);
        Assert.Equal(4, sink.Progress.Value.WatermarkTicks);
        await processor.StopAsync(StopMode.Complete, Token);
        Assert.Equal(long.MaxValue, sink.Progress.Value.WatermarkTicks);
    }

    /// <summary>
    /// What is reported is delivered before: the results of each sequence, and each window that is over.
    /// </summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Progress_AtAnyTime_IsNeverAheadOfTheResults(ExecutionMode mode)
    {
        var sink = new CheckingSink();
        await using var processor = Processors.Tumbling(10).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { ShardCount = mode == ExecutionMode.Staged ? 2 : 1 })
            .To(sink)
            .Build();
        processor.Start();
        for (var time = 0; time < 20_000; time++)
            processor.Publish($"key{time % 50}", time, 1);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Null(sink.Problem);
        Assert.True(sink.Reports > 1);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task NotStarted_Disposed_NoCallIsMade(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        var processor = Processors.Tumbling(1).Counting(mode).To(sink).Build();
        await processor.DisposeAsync();
        Assert.Empty(sink.Calls);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Abort_TheLastCall_SaysSoBeforeDisposeReturns(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        var processor = Build(mode, sink);
        Publish(processor, 3);
        await processor.FlushAsync(Token);

        await processor.DisposeAsync();

        Assert.Equal("OnComplete", sink.Calls[^1]);
        Assert.IsType<ProcessorStoppedException>(sink.Failure);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Failure_OfASink_IsToldToAllOfThem(ExecutionMode mode)
    {
        var (first, inner) = (new CollectingSink<string>(), new CollectingSink<string>());
        await using var processor = Build(mode, first, new FailingSink<string>(inner: inner));
        Record.Exception(() => Publish(processor, 10));
        await Assert.ThrowsAsync<PipelineException>(
            () => processor.Completion.WaitAsync(Processors.Patience, Token));

        Assert.IsType<PipelineException>(first.Failure);
        Assert.IsType<PipelineException>(inner.Failure);
    }

    [Fact]
    public async Task OneSinkForResultsAndDroppedEvents_IsToldOnce()
    {
        var sink = new ThrowingSink(null);
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline)
            .To(sink).To(sink).DroppedEventsTo(sink).Build();
        Publish(processor, 3);
        await processor.StopAsync(StopMode.Complete, Token);
        Assert.Equal(1, sink.Calls.Count(call => call == "OnStart"));
        Assert.Equal(1, sink.Calls.Count(call => call == "OnComplete"));
        Assert.Equal(6, sink.Calls.Count(call => call == "OnResults"));
    }

    [Theory]
    [InlineData("OnStart")]
    [InlineData("OnProgress")]
    [InlineData("OnFlush")]
    [InlineData("OnComplete")]
    public async Task Throws_UnderStop_FailsTheProcessorAndNamesTheCall(string call)
    {
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged })
        {
            var sink = new ThrowingSink(call);
            await using var processor = Build(mode, sink);
            Record.Exception(() => Publish(processor, 3));
            var failure = await Assert.ThrowsAsync<PipelineException>(
                () => processor.StopAsync(StopMode.Complete, Token).WaitAsync(Processors.Patience, Token));
            Assert.Contains(call, Assert.IsType<SinkException>(failure.InnerException).Message);
            await Record.ExceptionAsync(() => processor.Completion.WaitAsync(Processors.Patience, Token));
            Assert.Equal("OnComplete", sink.Calls[^1]);
        }
    }

    [Theory]
    [InlineData("OnStart")]
    [InlineData("OnProgress")]
    [InlineData("OnFlush")]
    [InlineData("OnComplete")]
    public async Task Throws_UnderSkip_GoesOnAndCounts(string call)
    {
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged })
        {
            var sink = new ThrowingSink(call);
            await using var processor = Processors.Tumbling(1).Counting(mode).To(sink, SinkFailurePolicy.Skip).Build();
            processor.Start();
            Publish(processor, 3);
            await processor.StopAsync(StopMode.Complete, Token).WaitAsync(Processors.Patience, Token);
            Assert.Equal(3, processor.GetStats().ResultsEmitted);
            Assert.True(processor.GetStats().SinkSkips > 0);
        }
    }

    private static void Publish(StreamProcessor<string> processor, int count)
    {
        for (var time = 0; time < count; time++)
            processor.Publish("a", time, 1);
    }

    private static StreamProcessor<string> Build(ExecutionMode mode, params IResultSink<string>[] sinks)
    {
        var step = Processors.Tumbling(1).Counting(mode);
        foreach (var sink in sinks)
            step = step.To(sink);
        var processor = step.Build();
        processor.Start();
        return processor;
    }

    /// <summary>Throws in one of its calls.</summary>
    private sealed class ThrowingSink : IResultSink<string>, IDroppedEventSink<string>
    {
        private readonly string? _throwsIn;

        public ThrowingSink(string? throwsIn) => _throwsIn = throwsIn;

        public List<string> Calls { get; } = [];

        public void OnStart(in SinkContext context) => Note(nameof(OnStart));

        public void OnResults(ResultBatch<string> batch) => Note(nameof(OnResults));

        public void OnDropped(in DroppedEvent<string> dropped) => Note(nameof(OnDropped));

        public void OnProgress(in SinkProgress progress) => Note(nameof(OnProgress));

        public void OnFlush() => Note(nameof(OnFlush));

        public void OnComplete(Exception? failure) => Note(nameof(OnComplete));

        private void Note(string call)
        {
            Calls.Add(call);
            if (call == _throwsIn)
                throw new IOException("the disk is full");
        }
    }

    /// <summary>Looks whether anything comes that was reported as complete.</summary>
    private sealed class CheckingSink : IResultSink<string>
    {
        private SinkProgress _progress = new(-1, null);

        public string? Problem { get; private set; }

        public int Reports { get; private set; }

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                if (result.Sequence <= _progress.Sequence || result.Window.EndTicks <= _progress.WatermarkTicks)
                    Problem ??= $"{result} came after {_progress}";
            }
        }

        public void OnProgress(in SinkProgress progress)
        {
            Reports++;
            if (progress.Sequence < _progress.Sequence || progress.WatermarkTicks < _progress.WatermarkTicks)
                Problem ??= $"{progress} came after {_progress}";
            _progress = progress;
        }
    }
}
