using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>A consumer's thread: its batches, its end, and what its failures do to everybody else.</summary>
public sealed class BatchProcessorTests
{
    private const int Capacity = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RingFault _fault = new();
    private readonly WaitStrategy _consumed = WaitStrategy.Create(WaitStrategyKind.Blocking, new ProcessorBudget(1), 1);
    private readonly Sequencer _sequencer;

    public BatchProcessorTests()
    {
        var wait = WaitStrategy.Create(WaitStrategyKind.Blocking, new ProcessorBudget(1), 1);
        _sequencer = new MultiProducerSequencer(Capacity, wait, _consumed, _fault) { WakeUpRoom = Capacity };
    }

    [Fact]
    public async Task Run_Batches_AreAsLargeAsAllowedAndInOrder()
    {
        var handler = new RecordingHandler { StopAt = 49 };
        var processor = NewProcessor(handler, maxBatch: 20);
        Publish(50);

        processor.Start();
        await processor.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal([(0L, 19L), (20L, 39L), (40L, 49L)], handler.Batches);
        Assert.Equal(49, processor.Sequence.Value);
        Assert.True(handler.IsStopped);
    }

    [Fact]
    public async Task Halt_WhileItWaits_EndsIt()
    {
        var processor = NewProcessor(new RecordingHandler());
        processor.Start();

        processor.Halt();

        await processor.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Throws<InvalidOperationException>(processor.Start);
    }

    /// <summary>No event comes: each call of Wake is seen to, also one that comes before the wait.</summary>
    [Fact]
    public async Task Wake_WhileItWaits_IdlesAgain()
    {
        var handler = new RecordingHandler();
        var processor = NewProcessor(handler);
        processor.Start();
        for (var wake = 0; wake < 5; wake++)
        {
            var idles = handler.Idles;
            processor.Wake();
            Assert.True(SpinWait.SpinUntil(() => handler.Idles > idles, Patience));
        }

        processor.Halt();
        await processor.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Halt_NeverStarted_IsComplete()
    {
        var processor = NewProcessor(new RecordingHandler());

        processor.Halt();

        await processor.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task OnBatch_Throws_FreesTheProducersAndNamesTheSequence()
    {
        var handler = new RecordingHandler { ThrowAt = 7 };
        var processor = NewProcessor(handler);
        _sequencer.AddGatingSequences(processor.Sequence);
        Publish(10);

        processor.Start();
        await Assert.ThrowsAsync<IOException>(() => processor.Completion.WaitAsync(Patience));

        Assert.Equal((7L, "recorder"), (_fault.Sequence, _fault.Stage));
        var thrown = Assert.Throws<InvalidOperationException>(() => Publish(100));
        Assert.IsType<IOException>(thrown.InnerException);
        Assert.True(handler.IsStopped);
    }

    [Fact]
    public async Task OnStart_Throws_FailsTheStart()
    {
        var processor = NewProcessor(new RecordingHandler { ThrowsAtStart = true });

        await Assert.ThrowsAsync<IOException>(() => processor.StartAsync().WaitAsync(Patience));
        Assert.True(_fault.IsFaulted);
    }

    [Fact]
    public async Task OnStop_Throws_IsTheFault()
    {
        var processor = NewProcessor(new RecordingHandler { StopAt = 0, ThrowsAtStop = true });
        Publish(1);

        processor.Start();

        await Assert.ThrowsAsync<IOException>(() => processor.Completion.WaitAsync(Patience));
        Assert.True(_fault.IsFaulted);
    }

    [Fact]
    public async Task OnIdle_MoreToDo_IsCalledUntilThereIsNot()
    {
        var handler = new RecordingHandler { IdleWork = 5, StopAt = 0 };
        var processor = NewProcessor(handler);
        processor.Start();
        while (handler.IdleWork > 0)
            Thread.Yield();

        Publish(1);

        await processor.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, handler.IdleWork);
    }

    [Fact]
    public async Task OnBatch_ConsumerWaitsNext_WakesASleepingProducerForAnyRoom()
    {
        var processor = NewProcessor(new RecordingHandler());
        _sequencer.AddGatingSequences(processor.Sequence);
        Publish(1);
        var open = _sequencer.Claim(Capacity - 1);
        var producer = ParkedProducer();

        processor.Start();

        Assert.Equal(Capacity, await producer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        _sequencer.Publish(open);
        processor.Halt();
        await processor.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task OnIdle_MoreToDo_LeavesNoProducerAsleep()
    {
        var handler = new RecordingHandler { IdleWork = int.MaxValue };
        var processor = NewProcessor(handler);
        _sequencer.AddGatingSequences(processor.Sequence);
        Publish(1);
        _sequencer.Claim(Capacity - 1);
        var producer = ParkedProducer();

        processor.Start();

        Assert.Equal(Capacity, await producer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        processor.Halt();
        await processor.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task OnBatch_Stops_LeavesNoProducerAsleep()
    {
        var processor = NewProcessor(new RecordingHandler { StopAt = 0 }, maxBatch: 1);
        _sequencer.AddGatingSequences(processor.Sequence);
        Publish(Capacity);
        var producer = ParkedProducer();

        processor.Start();

        Assert.Equal(Capacity, await producer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        await processor.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>A producer that sleeps until there is room, and then says which sequence it got.</summary>
    private Task<long> ParkedProducer()
    {
        var producer = Task.Factory.StartNew(
            () => _sequencer.Claim(1).First,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(() => _consumed.MayBeAwaited, Patience));
        return producer;
    }

    private BatchProcessor NewProcessor(IBatchHandler handler, int maxBatch = 1024) =>
        new(handler, _sequencer.NewBarrier(), _sequencer, _fault, maxBatch);

    private void Publish(int count)
    {
        while (count > 0)
        {
            var range = _sequencer.Claim(count);
            _sequencer.Publish(range);
            count -= range.Count;
        }
    }

    private sealed class RecordingHandler : IBatchHandler
    {
        private int _idles;
        private long _current;
        private int _idleWork;

        public List<(long First, long Last)> Batches { get; } = [];

        public long StopAt { get; init; } = long.MaxValue;

        public long ThrowAt { get; init; } = long.MaxValue;

        public bool ThrowsAtStart { get; init; }

        public bool ThrowsAtStop { get; init; }

        public bool IsStopped { get; private set; }

        public int IdleWork
        {
            get => Volatile.Read(ref _idleWork);
            init => _idleWork = value;
        }

        public string Name => "recorder";

        public long FaultSequence => _current;

        public BatchOutcome OnBatch(long first, long last)
        {
            for (_current = first; _current <= last; _current++)
            {
                if (_current == ThrowAt)
                    throw new IOException("broken");
            }

            Batches.Add((first, last));
            return last >= StopAt ? BatchOutcome.Stop : BatchOutcome.Continue;
        }

        public int Idles => Volatile.Read(ref _idles);

        public bool OnIdle()
        {
            Interlocked.Increment(ref _idles);
            if (_idleWork == 0)
                return false;
            Volatile.Write(ref _idleWork, _idleWork - 1);
            return true;
        }

        public void OnStart()
        {
            if (ThrowsAtStart)
                throw new IOException("no start");
        }

        public void OnStop()
        {
            IsStopped = true;
            if (ThrowsAtStop)
                throw new IOException("no stop");
        }
    }
}
