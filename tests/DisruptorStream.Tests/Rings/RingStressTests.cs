using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>Many threads, small rings: every sequence is seen once, in order, with its contents whole.</summary>
public sealed class RingStressTests
{
    private const int Events = 200_000;
    private const int Capacity = 256;

    [Theory]
    [InlineData(WaitStrategyKind.Adaptive, 1)]
    [InlineData(WaitStrategyKind.Adaptive, 3)]
    [InlineData(WaitStrategyKind.Blocking, 2)]
    [InlineData(WaitStrategyKind.Yielding, 2)]
    public async Task Ring_ProducersAndDependentStages_SeeEverySlotOnceInOrderAndWhole(
        WaitStrategyKind kind, int producers)
    {
        var fault = new RingFault();
        var busy = producers + 2;
        WaitStrategy Wait() => WaitStrategy.Create(kind, ProcessorBudget.Current, busy);
        Sequencer sequencer = producers == 1
            ? new SingleProducerSequencer(Capacity, Wait(), Wait(), fault)
            : new MultiProducerSequencer(Capacity, Wait(), Wait(), fault);
        using var ring = new RingBuffer<Slot>(sequencer);
        var first = new CheckingHandler(ring, producers, stage: 0);
        var second = new CheckingHandler(ring, producers, stage: 1);
        var one = new BatchProcessor(first, sequencer.NewBarrier(), sequencer, fault, maxBatch: 50);
        var two = new BatchProcessor(second, sequencer.NewBarrier(one.Sequence), sequencer, fault);
        sequencer.AddGatingSequences(two.Sequence);
        one.Start();
        two.Start();

        await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => OnThread(() => Produce(ring, producer))))
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Task.WhenAll(one.Completion, two.Completion)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(producers * Events, first.Seen);
        Assert.Equal(producers * Events, second.Seen);
    }

    [Theory]
    [InlineData(WaitStrategyKind.Adaptive, 1)]
    [InlineData(WaitStrategyKind.Adaptive, 3)]
    [InlineData(WaitStrategyKind.Blocking, 3)]
    public async Task Ring_ProducersSleepUntilItIsEmpty_LosesNoWakeUp(WaitStrategyKind kind, int producers)
    {
        var fault = new RingFault();
        WaitStrategy Wait() => WaitStrategy.Create(kind, new ProcessorBudget(1), busyThreads: producers + 1);
        using var ring = new RingBuffer<Slot>(
            new MultiProducerSequencer(Capacity, Wait(), Wait(), fault) { WakeUpRoom = Capacity });
        var handler = new CheckingHandler(ring, producers, stage: 0);
        var stage = new BatchProcessor(handler, ring.Sequencer.NewBarrier(), ring.Sequencer, fault, maxBatch: 50);
        ring.Sequencer.AddGatingSequences(stage.Sequence);
        stage.Start();

        await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => OnThread(() => Produce(ring, producer))))
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await stage.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(producers * Events, handler.Seen);
    }

    private static Task OnThread(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Produce(RingBuffer<Slot> ring, int producer)
    {
        var random = new Random(producer);
        for (var number = 0; number < Events;)
        {
            var range = ring.Sequencer.Claim(Math.Min(random.Next(1, 40), Events - number));
            foreach (ref var slot in ring.Slots(range))
            {
                slot = new Slot { Producer = producer, Number = number, Check = Slot.CheckOf(producer, number) };
                number++;
            }

            ring.Sequencer.Publish(range);
        }
    }

    private struct Slot
    {
        public long Producer;
        public long Number;
        public long Check;

        /// <summary>What the first stage leaves for the second.</summary>
        public long Mark;

        public static long CheckOf(long producer, long number) => (number * 2_654_435_761) ^ ~producer;
    }

    private sealed class CheckingHandler : IBatchHandler
    {
        private readonly RingBuffer<Slot> _ring;
        private readonly long[] _next;
        private readonly int _stage;

        public CheckingHandler(RingBuffer<Slot> ring, int producers, int stage)
        {
            _ring = ring;
            _next = new long[producers];
            _stage = stage;
        }

        public long Seen { get; private set; }

        public string Name => $"stage {_stage}";

        public BatchOutcome OnBatch(long first, long last)
        {
            Assert.Equal(Seen, first);
            for (var sequence = first; sequence <= last; sequence++)
                Check(ref _ring[sequence], sequence);
            return Seen == (long)_next.Length * Events ? BatchOutcome.Stop : BatchOutcome.Continue;
        }

        public bool OnIdle() => false;

        public void OnStart()
        {
        }

        public void OnStop()
        {
        }

        private void Check(ref Slot slot, long sequence)
        {
            if (slot.Check != Slot.CheckOf(slot.Producer, slot.Number) || _next[slot.Producer]++ != slot.Number)
                throw new InvalidOperationException($"The slot {sequence} is not what was published.");
            if (_stage == 0)
                slot.Mark = sequence;
            else if (slot.Mark != sequence)
                throw new InvalidOperationException($"The slot {sequence} has not passed the stage before.");
            Seen++;
        }
    }
}
