using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>A suspension delivers what fired, keeps open windows, and waits for what keeps the state.</summary>
public sealed class SuspendTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ExecutionMode> Modes =>
        [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StopAsync_Suspend_KeepsTheStateOnceAllIsDelivered(ExecutionMode mode)
    {
        var (sink, pumped) = (new CollectingSink<string>(), new CollectingAsyncSink<string>());
        var seen = new List<(long Sequence, int Results, int Pumped, string LastCall)>();
        await using var processor = Step(mode, (sequence, _) =>
        {
            seen.Add((sequence, sink.Count, pumped.Count, sink.Calls[^1]));
            return Task.CompletedTask;
        }).To(sink).To(pumped, new AsyncSinkOptions { BatchSize = 1000, MaxDelay = TimeSpan.FromHours(1) }).Build();
        processor.Start();
        for (var time = 0; time < 25; time++)
            processor.Publish("a", time, 1);

        await processor.StopAsync(StopMode.Suspend, Token);

        var (sequence, results, written, lastCall) = Assert.Single(seen);
        Assert.Equal((2, 2, "OnFlush"), (results, written, lastCall));
        Assert.True(sequence >= 25, $"The last sequence is {sequence}.");
        Assert.Equal([10, 10], sink.Results.Select(result => (int)result["count"]));
        var stats = processor.GetStats();
        Assert.Equal((ProcessorState.Stopped, 25, 0), (stats.State, stats.EventsProcessed, stats.EventsDiscarded));
        Assert.Null(sink.Failure);
        Assert.Equal("OnComplete", sink.Calls[^1]);
        await Assert.ThrowsAsync<ProcessorStoppedException>(() => processor.PublishAsync("a", 30, 1).AsTask());
        await processor.StopAsync(StopMode.Suspend, Token);
        Assert.Single(seen);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StopAsync_KeepingTheStateFails_IsToldAndMayBeAskedAgain(ExecutionMode mode)
    {
        var failures = 1;
        var sequences = new List<long>();
        await using var processor = Step(mode, async (sequence, _) =>
        {
            sequences.Add(sequence);
            await Task.Yield();
            if (failures-- > 0)
                throw new IOException("the disk is full");
        }).To(new CollectingSink<string>()).Build();
        processor.Start();
        processor.Publish("a", 1, 1);

        Assert.Equal("the disk is full", (await Assert.ThrowsAsync<IOException>(
            () => processor.StopAsync(StopMode.Suspend, Token))).Message);
        Assert.Equal(ProcessorState.Stopping, processor.GetStats().State);
        await processor.StopAsync(StopMode.Suspend, Token);

        Assert.Equal(2, sequences.Count);
        Assert.True(sequences[1] > sequences[0]);
        Assert.Equal(ProcessorState.Stopped, processor.GetStats().State);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StopAsync_KeepingTheStateTakesLong_IsNoStandstill(ExecutionMode mode)
    {
        var (entered, goesOn) = (NewSource(), NewSource());
        await using var processor = Step(mode, (_, _) =>
        {
            entered.SetResult();
            return goesOn.Task;
        }).ChangeOptions(options => options with { ShutdownTimeout = TimeSpan.FromSeconds(2) })
            .To(new CollectingSink<string>()).Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        var stop = processor.StopAsync(StopMode.Suspend, Token);
        await entered.Task.WaitAsync(Processors.Patience, Token);

        // Much longer than a standstill is; and that is longer than a busy machine lets a thread wait.
        Assert.NotSame(stop, await Task.WhenAny(stop, Task.Delay(5_000, Token)));
        goesOn.SetResult();
        await stop.WaitAsync(Processors.Patience, Token);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StopAsync_AbortedMeanwhile_CancelsWhatKeepsTheState(ExecutionMode mode)
    {
        var entered = NewSource();
        await using var processor = Step(mode, (_, token) =>
        {
            entered.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        }).To(new CollectingSink<string>()).Build();
        processor.Start();
        var stop = processor.StopAsync(StopMode.Suspend, Token);
        await entered.Task.WaitAsync(Processors.Patience, Token);

        await processor.StopAsync(StopMode.Abort, Token).WaitAsync(Processors.Patience, Token);

        await Assert.ThrowsAsync<ProcessorStoppedException>(() => stop.WaitAsync(Processors.Patience, Token));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StopAsync_StateIsNotDurable_SaysWhatToDoAndGoesOn(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(mode).To(sink).Build();
        processor.Start();
        processor.Publish("a", 1, 1);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => processor.StopAsync(StopMode.Suspend, new CancellationToken(true)));
        Assert.Contains("DurableIn", refused.Message);

        processor.Publish("a", 2, 1);
        await processor.StopAsync(StopMode.Complete, Token);
        Assert.Equal(2, Assert.Single(sink.Results)["count"]);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static BuildStep<string> Step(ExecutionMode mode, Func<long, CancellationToken, Task> onSuspend) =>
        Processors.Tumbling(10).Counting(mode).WithSuspension(onSuspend);
}
