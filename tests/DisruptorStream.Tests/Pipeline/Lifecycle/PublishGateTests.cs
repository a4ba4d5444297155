using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Tests.Pipeline.Lifecycle;

public sealed class PublishGateTests
{
    private readonly EngineThreads _threads = new();
    private readonly ProcessorStatus _status = new(needsStart: true);
    private readonly InlineHold _hold = new();
    private readonly Buffer _results = new();
    private readonly SlotRing _ring = new();
    private readonly Outputs _outputs = new();

    [Fact]
    public void BeginWait_ThreadOfTheEngine_IsRefusedUntilItHasLeft()
    {
        var gate = NewGate();
        _threads.Enter();
        Assert.True(gate.IsInside);
        Assert.Contains("slots is full, and the caller is on the thread that makes room",
            Assert.Throws<InvalidOperationException>(() => { gate.BeginWait(); }).Message, StringComparison.Ordinal);

        _threads.Leave();

        Assert.False(gate.IsInside);
        gate.BeginWait();
    }

    [Fact]
    public void ThrowIfInside_CallOfAStage_NamesTheCall()
    {
        var gate = NewGate();
        gate.ThrowIfInside("FlushAsync");
        _hold.TryEnter();

        var thrown = Assert.Throws<InvalidOperationException>(() => gate.ThrowIfInside("FlushAsync"));

        Assert.Contains(
            "FlushAsync was called from inside the processor 'gate'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThrowIfInside_ClaimOfThisThreadIsOpen_SaysToPublishIt()
    {
        var gate = NewGate();
        _hold.TryEnter();
        _hold.TryOpen();

        var thrown = Assert.Throws<InvalidOperationException>(() => gate.ThrowIfInside("FlushAsync"));

        Assert.Contains("while a claim of this thread is open", thrown.Message, StringComparison.Ordinal);
        Assert.False(gate.IsInside);
    }

    [Fact]
    public void ThrowIfBlocked_NotStarted_SaysToStart()
    {
        var timer = default(StallTimer);
        var gate = NewGate();
        Assert.Contains("call Start first",
            Assert.Throws<InvalidOperationException>(() => gate.ThrowIfBlocked(ref timer)).Message,
            StringComparison.Ordinal);

        _status.NoteStart();
        timer = gate.BeginWait();

        gate.ThrowIfBlocked(ref timer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ThrowIfBlocked_NobodyReadsTheResults_SaysSo(bool isStop)
    {
        _status.NoteStart();
        _results.BlockedWithoutReader = new FullBuffer(7, null);
        var gate = NewGate();
        var timer = gate.BeginWait();

        var thrown = Assert.Throws<ResultBufferFullException>(() => gate.ThrowIfBlocked(ref timer, isStop));

        Assert.Equal(isStop, thrown.Message.Contains("'gate'", StringComparison.Ordinal));
    }

    [Fact]
    public void ThrowIfBlocked_NothingMoves_NamesWhatHoldsTheEngine()
    {
        _status.NoteStart();
        var gate = NewGate(TimeSpan.Zero);
        var timer = gate.BeginWait();
        Assert.Contains("a stage is in the middle of a batch", Held(), StringComparison.Ordinal);

        var claim = _ring.Events.Claim(1);
        timer = gate.BeginWait();
        Assert.Contains($"open at sequence {claim.First}", Held(), StringComparison.Ordinal);

        _outputs.Holder = "the sink 'NoOutput' holds the thread";
        Assert.Contains("NoOutput", Held(), StringComparison.Ordinal);
        _outputs.Holder = null;

        _results.Blocked = new FullBuffer(7, null);
        Assert.Throws<ResultBufferFullException>(() => gate.ThrowIfBlocked(ref timer));

        string Held() => Assert.Throws<EngineHeldException>(() => gate.ThrowIfBlocked(ref timer)).Message;
    }

    private PublishGate NewGate(TimeSpan? timeout = null)
    {
        _ring.Slots.Sequencer.AddGatingSequences(new DisruptorStream.Rings.Sequence());
        var emission = new EmissionStage([new ResultRing(4, 1)], new NoOutput());
        var watch = new EngineWatch(
            _ring.Slots,
            _ring.Figures,
            new Deliveries(emission),
            [],
            _outputs,
            _results,
            timeout ?? TimeSpan.FromDays(1));
        return new PublishGate(_status, _threads, _hold, watch, _results, SlotRing.Capacity, "gate");
    }

    private sealed class Outputs : IOutputs
    {
        public string? Holder { get; set; }

        public long Steps => 0;

        public bool IsPausing => false;

        public void EndAt(long shutdownSequence)
        {
        }

        public void Close()
        {
        }

        public void CloseForGood()
        {
        }

        public Task FlushAsync() => Task.CompletedTask;

        public Task DrainAsync(long sequence) => Task.CompletedTask;

        public Task CompleteAsync(Exception? failure, long sequence) => Task.CompletedTask;
    }

    private sealed class Buffer : IResultBuffer
    {
        public long Steps => 0;

        public FullBuffer? Blocked { get; set; }

        public FullBuffer? BlockedWithoutReader { get; set; }

        public void Complete(Exception? error)
        {
        }
    }
}
