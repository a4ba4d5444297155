using DisruptorStream.Testing.Sinks;
using DisruptorStream.Tests.Telemetry;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>What goes wrong while the processor starts.</summary>
public sealed class StartTests
{
    /// <summary>Whether the stage fails before the timer is made or after it: none is left.</summary>
    [Fact]
    public async Task Start_StageFailsMeanwhile_LeavesNoTimer()
    {
        var timers = new CountedTimers();
        StreamProcessor<string>? processor = null;
        var ended = new EndedLog(() => processor!.Completion);
        processor = Processors.Tumbling(1).Counting(ExecutionMode.Fused)
            .WithTimeProvider(timers)
            .WithLogger(ended)
            .To(new FailingSink<string>())
            .Build();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 2, 1);

        processor.Start();

        await Assert.ThrowsAsync<PipelineException>(() => processor.Completion.WaitAsync(Target.Patience));
        Assert.Equal(0, timers.Alive);
        await processor.DisposeAsync();
    }

    /// <summary>Does not take the line about the start before the processor has failed.</summary>
    private sealed class EndedLog : TestLogger
    {
        private readonly Func<Task> _completion;

        public EndedLog(Func<Task> completion) => _completion = completion;

        protected override void OnLine(int id, string text)
        {
            if (text.EndsWith("has started.", StringComparison.Ordinal))
                ((IAsyncResult)_completion()).AsyncWaitHandle.WaitOne(Target.Patience);
        }
    }

    private sealed class CountedTimers : TimeProvider
    {
        private int _alive;

        public int Alive => Volatile.Read(ref _alive);

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _alive);
            return new Counted(this);
        }

        private sealed class Counted : ITimer
        {
            private readonly CountedTimers _owner;
            private int _isDisposed;

            public Counted(CountedTimers owner) => _owner = owner;

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                    Interlocked.Decrement(ref _owner._alive);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
