using System.Collections.Concurrent;
using DisruptorStream.Emission;
using DisruptorStream.State.Firing;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Pipeline;

/// <summary>However much is due, an abort is heeded before the next call of a sink.</summary>
public sealed class AbortTests
{
    private const int Keys = 20_000;

    public enum Work
    {
        Slices,
        Overlapping,
        OwnWindows,
        Sessions,
        LateFlush,
        DelayedPanes,
        Dropped,
    }

    public static MatrixTheoryData<ExecutionMode, Work> Cases { get; } =
        new([ExecutionMode.Fused, ExecutionMode.Staged], Enum.GetValues<Work>());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task DisposeAsync_InALargeFiring_NoSinkIsCalledAgain(ExecutionMode mode, Work work)
    {
        using var sink = new HeldSink();
        var processor = Build(mode, work, sink);
        processor.Start();
        await PublishAsync(processor, work);
        await sink.Entered.WaitAsync(Processors.Patience, Token);

        var disposed = processor.DisposeAsync();
        sink.Release();
        await disposed.AsTask().WaitAsync(Processors.Patience, Token);

        Assert.True(processor.Completion.IsCompletedSuccessfully);
        Assert.Equal(1, sink.Calls);
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task StopAsync_CancelledInALargeFiring_NoSinkIsCalledAgain(ExecutionMode mode)
    {
        using var sink = new HeldSink();
        using var cancellation = new CancellationTokenSource();
        await using var processor = Build(mode, Work.Slices, sink);
        processor.Start();
        for (var key = 0; key < Keys; key++)
            processor.Publish(key, 1, 1);
        var stopped = processor.StopAsync(StopMode.Complete, cancellation.Token);
        await sink.Entered.WaitAsync(Processors.Patience, Token);

        cancellation.Cancel();
        sink.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => stopped.WaitAsync(Processors.Patience, Token));

        Assert.True(processor.Completion.IsCompletedSuccessfully);
        Assert.Equal(1, sink.Calls);
    }

    /// <summary>A second sink is not called for rows that the first one had when the abort came.</summary>
    [Fact]
    public async Task DisposeAsync_BetweenTwoSinks_TheSecondIsNotCalled()
    {
        using var first = new HeldSink();
        using var second = new HeldSink();
        var processor = StreamProcessorBuilder.ForKeys<int>().TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count")).WithOptions(Processors.Options(ExecutionMode.Fused))
            .To(first).To(second).Build();
        processor.Start();
        processor.Publish(1, 1, 1);
        processor.Publish(1, 20, 1);
        await first.Entered.WaitAsync(Processors.Patience, Token);

        var disposed = processor.DisposeAsync();
        first.Release();
        await disposed.AsTask().WaitAsync(Processors.Patience, Token);

        Assert.Equal((1, 0), (first.Calls, second.Calls));
    }

    /// <summary>Triggers that are asked one after the other, and fire nothing, are not asked on and on.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, Work.OwnWindows)]
    [InlineData(ExecutionMode.Inline, Work.Sessions)]
    [InlineData(ExecutionMode.Inline, Work.LateFlush)]
    [InlineData(ExecutionMode.Fused, Work.OwnWindows)]
    [InlineData(ExecutionMode.Staged, Work.Sessions)]
    [InlineData(ExecutionMode.Staged, Work.LateFlush)]
    public async Task StopAsync_AbortInATickOfManyWindows_SoonEndsTheTick(ExecutionMode mode, Work work)
    {
        var asked = new Asked();
        var keys = StreamProcessorBuilder.ForKeys<int>();
        var windows = work == Work.Sessions
            ? keys.SessionWindows(TimeSpan.FromTicks(10))
            : keys.TumblingWindows(TimeSpan.FromTicks(10)).AllowedLateness(TimeSpan.FromTicks(1000));
        windows = work == Work.LateFlush
            ? windows.Late<AskedTrigger, int>(new AskedTrigger(asked.Id))
            : windows.Early<AskedTrigger, int>(new AskedTrigger(asked.Id));
        var processor = windows.Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { WatermarkInterval = TimeSpan.FromHours(1) }).Build();
        processor.Start();
        if (work == Work.LateFlush)
            processor.Publish(-1, 100, 1);
        for (var key = 0; key < Keys; key++)
            processor.Publish(key, 1, 1);
        await processor.FlushAsync(Token);
        asked.OnFirst = () => _ = processor.StopAsync(StopMode.Abort, Token);

        processor.Advance();
        await processor.Completion.WaitAsync(Processors.Patience, Token);

        Assert.InRange(asked.Times, 1, 1025);
        await processor.DisposeAsync();
    }

    [Fact]
    public void Step_Aborted_ThrowsWithinAThousandSteps()
    {
        using var abort = new CancellationTokenSource();
        var probe = new AbortProbe(abort.Token);
        probe.Step();
        abort.Cancel();
        var steps = 0;

        Assert.Throws<OperationCanceledException>(() =>
        {
            for (; steps < 10_000; steps++)
                probe.Step();
        });
        Assert.InRange(steps, 1, 1024);
    }

    private static StreamProcessor<int> Build(ExecutionMode mode, Work work, HeldSink sink)
    {
        var keys = StreamProcessorBuilder.ForKeys<int>();
        var ten = TimeSpan.FromTicks(10);
        var windows = work switch
        {
            Work.Overlapping => keys.SlidingWindows(ten, TimeSpan.FromTicks(2)),
            Work.OwnWindows => keys.TumblingWindows(ten).Early(count: int.MaxValue),
            Work.Sessions => keys.SessionWindows(ten),
            Work.LateFlush => keys.TumblingWindows(ten).AllowedLateness(TimeSpan.FromTicks(100)).Late(int.MaxValue),
            Work.DelayedPanes => keys.TumblingWindows(ten).Early(delay: TimeSpan.FromTicks(1)),
            _ => keys.TumblingWindows(ten),
        };
        var step = windows.Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { ShutdownTimeout = Processors.Patience });
        return work == Work.Dropped ? step.DroppedEventsTo(sink).Build() : step.To(sink).Build();
    }

    private static async Task PublishAsync(StreamProcessor<int> processor, Work work)
    {
        if (work == Work.Dropped)
            processor.Publish(0, 1000, 1);
        if (work == Work.LateFlush)
        {
            processor.Publish(-1, 15, 1);
            await processor.FlushAsync(Token);
        }

        for (var key = 0; key < Keys; key++)
            processor.Publish(key, 1, 1);
        if (work == Work.DelayedPanes)
            processor.Advance();
        else
            processor.Publish(0, work == Work.LateFlush ? 1000 : 100, 1);
    }

    /// <summary>How often a trigger was asked at ticks; a trigger is a struct, and finds it by its number.</summary>
    private sealed class Asked
    {
        private static readonly ConcurrentDictionary<int, Asked> All = new();
        private static int _last;
        private int _times;

        public Asked() => All[Id] = this;

        public int Id { get; } = Interlocked.Increment(ref _last);

        public int Times => Volatile.Read(ref _times);

        public Action? OnFirst { get; set; }

        public static void Note(int id)
        {
            if (Interlocked.Increment(ref All[id]._times) == 1)
                All[id].OnFirst?.Invoke();
        }
    }

    private readonly struct AskedTrigger : ITrigger<int>
    {
        private readonly int _id;

        public AskedTrigger(int id) => _id = id;

        public bool OnEvent(ref int state, in TriggerContext context) => false;

        public long DeadlineTicks(in int state) => 0;

        public bool OnClock(ref int state, long clockTicks)
        {
            Asked.Note(_id);
            return false;
        }

        public void OnPane(ref int state) => state = 0;

        public void Merge(ref int state, in int other) => state = other;
    }

    /// <summary>Holds the thread in its first call.</summary>
    private sealed class HeldSink : IResultSink<int>, IDroppedEventSink<int>, IDisposable
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();
        private int _calls;

        public Task Entered => _entered.Task;

        public int Calls => Volatile.Read(ref _calls);

        public void OnResults(ResultBatch<int> batch) => Call();

        public void OnDropped(in DroppedEvent<int> dropped) => Call();

        public void Release() => _released.Set();

        public void Dispose() => _released.Dispose();

        private void Call()
        {
            Interlocked.Increment(ref _calls);
            _entered.TrySetResult();
            if (!_released.Wait(Processors.Patience))
                throw new TimeoutException("Nobody released the sink.");
        }
    }
}
