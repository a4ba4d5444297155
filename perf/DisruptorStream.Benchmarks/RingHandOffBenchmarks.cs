using BenchmarkDotNet.Attributes;
using DisruptorStream.Rings;

namespace DisruptorStream.Benchmarks;

/// <summary>
/// Claim, publish, look and release on one thread: the instructions of a hand-off, without its waiting.
/// </summary>
[MemoryDiagnoser]
public class RingHandOffBenchmarks
{
    private const int Events = 4096;

    private Sequencer _sequencer = null!;
    private SequenceBarrier _barrier = null!;
    private Sequence _consumed = null!;

    /// <summary>Events per claim.</summary>
    [Params(1, 64, 512)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Build()
    {
        static WaitStrategy Wait() => WaitStrategy.Create(WaitStrategyKind.BusySpin, ProcessorBudget.Current, 1);
        var fault = new RingFault(static fault => fault.Exception!);
        _sequencer = new MultiProducerSequencer(65_536, Wait(), Wait(), fault);
        _barrier = _sequencer.NewBarrier();
        _consumed = new Sequence();
        _sequencer.AddGatingSequences(_consumed);
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public long ClaimPublishConsume()
    {
        var last = 0L;
        for (var done = 0; done < Events;)
        {
            var range = _sequencer.Claim(Batch);
            _sequencer.Publish(range);
            last = _barrier.Available(range.First);
            _consumed.SetRelease(last);
            done += range.Count;
        }

        return last;
    }
}
