using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>Ends that come where they are not expected: over an open claim, from inside, beside another call.</summary>
public sealed class EndingTests
{
    public static TheoryData<ExecutionMode> Modes => [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    public static TheoryData<ExecutionMode> Threaded => [ExecutionMode.Fused, ExecutionMode.Staged];

    /// <summary>The claim's slots stay there, and the stages that are gone are not called.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Claim_OpenOverAnAbort_IsRefusedAndCountsAsNothing(ExecutionMode mode)
    {
        var target = Running(mode, isHeld: true);

        PublishOverAnAbort(target);

        var stats = target.Processor.GetStats();
        Assert.Equal(0, stats.EventsPublished);
        await target.Processor.Completion.WaitAsync(Target.Patience);
    }

    [Theory]
    [MemberData(nameof(Threaded))]
    public async Task Claim_OpenOverACompletion_HoldsItAndIsHandled(ExecutionMode mode)
    {
        var target = Running(mode, isHeld: true);

        PublishOverACompletion(target);
        await target.Processor.StopAsync(StopMode.Complete).WaitAsync(Target.Patience);

        Assert.Equal(1, target.Processor.GetStats().EventsProcessed);
        await target.Processor.DisposeAsync();
    }

    [Fact]
    public async Task InlineStop_OverAnOpenClaimOfTheSameThread_IsRefusedAtOnce()
    {
        var target = Running(ExecutionMode.Inline, isHeld: false);

        StopOverAnOpenClaim(target.Publisher, target.Processor);

        await target.Processor.StopAsync(StopMode.Complete).WaitAsync(Target.Patience);
        Assert.Equal(1, target.Processor.GetStats().EventsProcessed);
        await target.Processor.DisposeAsync();
    }

    /// <summary>The call that the sink is in goes on in memory that is there, and no further sink is called.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Dispose_FromASinkThatDoesNotAwaitIt_EndsWhenTheSinkReturns(ExecutionMode mode)
    {
        var after = new CollectingSink<string>();
        StreamProcessor<string>? processor = null;
        processor = Processors.Tumbling(1).Counting(mode)
            .To(new CallingSink(() => _ = processor!.DisposeAsync().AsTask()))
            .To(after)
            .Build();
        processor.Start();

        Record.Exception(() =>
        {
            for (var time = 0; time < 3; time++)
                processor.Publish("a", time, 1);
        });
        await processor.Completion.WaitAsync(Target.Patience);

        Assert.Empty(after.Texts());
        Assert.Throws<ProcessorStoppedException>(() => processor.Publish("a", 9, 1));
    }

    [Fact]
    public async Task InlineDispose_BesideAnotherThreadsCall_WaitsForThatCall()
    {
        var target = Running(ExecutionMode.Inline, isHeld: false);
        target.Action = SinkAction.Hold;
        await LifecycleStates.FireAsync(target);

        var disposed = target.Processor.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        Assert.False(target.Processor.Completion.IsCompleted);
        target.Release();

        await disposed.WaitAsync(Target.Patience);
        Assert.True(target.Processor.Completion.IsCompletedSuccessfully);
    }

    /// <summary>Its time-out is over: what the sink does afterwards is its own business.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Dispose_HeldByASink_ReturnsInTimeAndCallsNoSinkAfterwards(ExecutionMode mode)
    {
        var target = Running(mode, isHeld: true);
        target.Action = SinkAction.Hold;
        await LifecycleStates.FireAsync(target);

        await target.Processor.DisposeAsync().AsTask().WaitAsync(Target.Patience);
        Assert.Equal(ProcessorState.Stopping, target.Processor.GetStats().State);
        target.Release();
        await target.Processor.Completion.WaitAsync(Target.Patience);

        Assert.Equal(1, target.Calls);
    }

    [Theory]
    [MemberData(nameof(Threaded))]
    public async Task Flush_ByAThreadThatTheSinkWaitsFor_EndsAndNamesTheSink(ExecutionMode mode)
    {
        var failure = new TaskCompletionSource<Exception?>();
        StreamProcessor<string>? processor = null;
        processor = Processors.Tumbling(1).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { ShutdownTimeout = TimeSpan.FromMilliseconds(100) })
            .To(new CallingSink(() => failure.TrySetResult(Record.Exception(
                () => { Task.Run(() => processor!.FlushAsync().AsTask()).GetAwaiter().GetResult(); }))))
            .Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 2, 1);

        // Before the stop: on a busy machine the sink may else be called when that has ended already.
        var thrown = await failure.Task.WaitAsync(Target.Patience, TestContext.Current.CancellationToken);
        await Record.ExceptionAsync(() => processor.StopAsync(StopMode.Drain).WaitAsync(Target.Patience));
        await processor.DisposeAsync();

        Assert.Contains(nameof(CallingSink), Assert.IsType<EngineHeldException>(thrown).Message);
    }

    [Theory]
    [MemberData(nameof(Threaded))]
    public async Task Dispose_WhilePublishersWait_TellsThemThatItStopped(ExecutionMode mode)
    {
        var target = Running(mode, isHeld: false);
        target.Action = SinkAction.Hold;
        await LifecycleStates.FireAsync(target);
        var publisher = Task.Run(() => Record.Exception(() =>
        {
            for (var time = 10; time < int.MaxValue; time++)
                target.Processor.Publish("a", time, 1);
        }));
        Assert.True(SpinWait.SpinUntil(
            () => target.Processor.GetStats() is { } stats && stats.RingBacklog == stats.RingCapacity,
            Target.Patience));

        var disposed = target.Processor.DisposeAsync().AsTask();

        Assert.IsType<ProcessorStoppedException>(await publisher.WaitAsync(Target.Patience));
        target.Release();
        await disposed.WaitAsync(Target.Patience);
    }

    [Fact]
    public async Task Flush_AfterAnAbortThatDiscardedEvents_SaysSo()
    {
        var target = new Target(ExecutionMode.Fused, hasSink: true, isHeld: false);
        for (var time = 0; time < 50; time++)
            target.Processor.Publish("a", time, 1);
        await target.Processor.StopAsync(StopMode.Abort);

        var failure = await Assert.ThrowsAsync<ProcessorStoppedException>(
            () => target.Processor.FlushAsync().AsTask().WaitAsync(Target.Patience));

        Assert.Contains("EventsDiscarded", failure.Message, StringComparison.Ordinal);
        Assert.Equal(50, target.Processor.GetStats().EventsDiscarded);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Drain_OvertakenByAnAbort_SaysSo(ExecutionMode mode)
    {
        var target = Running(mode, isHeld: false);
        target.Action = SinkAction.Hold;
        await LifecycleStates.FireAsync(target);
        var drained = Task.Run(() => target.Processor.StopAsync());
        Assert.True(SpinWait.SpinUntil(
            () => target.Processor.GetStats().State == ProcessorState.Stopping, Target.Patience));

        var aborted = target.Processor.StopAsync(StopMode.Abort);
        target.Release();

        await Assert.ThrowsAsync<ProcessorStoppedException>(() => drained.WaitAsync(Target.Patience));
        await aborted.WaitAsync(Target.Patience);
    }

    /// <summary>Where the ring is full too, the end is not in it yet: reading alone must bring it about.</summary>
    [Theory]
    [MemberData(nameof(Threaded))]
    public async Task Stop_NobodyReads_SaysSoAndGoesOnWhileTheResultsAreRead(ExecutionMode mode)
    {
        var target = await LifecycleStates.ReachAsync("nobody reads", mode, isOther: false);
        var processor = target.Processor;

        var full = await Assert.ThrowsAsync<ResultBufferFullException>(
            () => processor.StopAsync(StopMode.Complete).WaitAsync(Target.Patience));
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in processor.ReadResultsAsync())
            {
            }
        });
        await reading.WaitAsync(Target.Patience);
        await processor.StopAsync(StopMode.Complete).WaitAsync(Target.Patience);

        Assert.Contains(
            "call ReadResultsAsync, read to the end, and call StopAsync again", full.Message, StringComparison.Ordinal);
        var stats = processor.GetStats();
        Assert.Equal((0, stats.EventsPublished), (stats.EventsDiscarded, stats.EventsProcessed));
        await processor.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Threaded))]
    public async Task Stop_HeldByASinkAndTheRingIsFull_GoesOnWhenTheSinkReturns(ExecutionMode mode)
    {
        var target = await LifecycleStates.ReachAsync("sink stuck", mode, isOther: false);

        var held = await Assert.ThrowsAsync<EngineHeldException>(
            () => target.Processor.StopAsync(StopMode.Complete).WaitAsync(Target.Patience));
        target.Release();
        await target.Processor.Completion.WaitAsync(Target.Patience);

        Assert.Contains("call StopAsync again", held.Message, StringComparison.Ordinal);
        Assert.Equal(0, target.Processor.GetStats().EventsDiscarded);
        await target.Processor.DisposeAsync();
    }

    private static Target Running(ExecutionMode mode, bool isHeld)
    {
        var target = new Target(mode, hasSink: true, isHeld);
        target.Processor.Start();
        return target;
    }

    // Claims live on the stack, and cross no await.
    private static void PublishOverAnAbort(Target target)
    {
        var claim = target.Publisher.Claim(3);
        claim.Add("a", 1, 1);
        target.Processor.DisposeAsync().AsTask().Wait(Target.Patience);
        claim.Add("b", 2, 1);
        Assert.True(target.Processor.Completion.Wait(Target.Patience));
        try
        {
            claim.Publish();
            Assert.Fail("The claim was published after the end.");
        }
        catch (ProcessorStoppedException)
        {
        }

        claim.Dispose();
    }

    private static void PublishOverACompletion(Target target)
    {
        var claim = target.Publisher.Claim(1);
        claim.Add("a", 1, 1);
        var failure = Record.Exception(
            () => { target.Processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult(); });
        Assert.Contains("a claim of events is open", Assert.IsType<EngineHeldException>(failure).Message);
        claim.Publish();
    }

    private static void StopOverAnOpenClaim(KeyedPublisher<string> publisher, StreamProcessor<string> processor)
    {
        var claim = publisher.Claim(1);
        claim.Add("a", 1, 1);
        var failure = Record.Exception(() => { _ = processor.StopAsync(StopMode.Complete); });
        Assert.Contains("claim of this thread is open", Assert.IsType<InvalidOperationException>(failure).Message);
        claim.Publish();
    }

    private sealed class CallingSink : IResultSink<string>
    {
        private readonly Action _call;

        public CallingSink(Action call) => _call = call;

        public void OnResults(ResultBatch<string> batch) => _call();
    }
}
