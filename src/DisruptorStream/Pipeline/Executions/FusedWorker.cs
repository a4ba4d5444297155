using DisruptorStream.Emission.Gating;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>The thread that takes every batch through all stages of its queries.</summary>
internal sealed class FusedWorker : IBatchHandler
{
    /// <summary>
    /// Panes fired between two batches: a firing of many keys never holds the ring for longer than these take.
    /// </summary>
    private const int PanesPerStep = 512;

    private readonly StageChain _chain;
    private readonly ThreadedEventRing _ring;
    private readonly BatchTracer _tracer;
    private readonly BatchProcessor _processor;
    private readonly EngineThreads _threads;
    private bool _isDrained;

    /// <param name="stage">The thread, as telemetry names it.</param>
    /// <param name="chain">The stages.</param>
    /// <param name="ring">Whose slots they handle.</param>
    /// <param name="clock">Told when the thread waits.</param>
    /// <param name="tracer">Traces the batches.</param>
    /// <param name="gates">Hold results back.</param>
    /// <param name="threads">The threads of the engine.</param>
    public FusedWorker(
        string stage,
        StageChain chain,
        ThreadedEventRing ring,
        StageClock clock,
        BatchTracer tracer,
        IEnumerable<DeliveryGate> gates,
        EngineThreads threads)
    {
        Name = $"disruptorstream-{stage}";
        var events = ring.Slots.Sequencer;
        _threads = threads;
        _tracer = tracer;
        _chain = chain;
        _ring = ring;
        _processor = new BatchProcessor(
            this,
            events.NewBarrier(),
            events,
            events.Fault,
            StageChain.MaxBatch,
            idlesBetween: true,
            clock,
            events.Cursor.Value + 1);
        events.AddGatingSequences(_processor.Sequence);
        foreach (var gate in gates)
            gate.Register(_processor.Wake);
        chain.OnRoomForCopies(_processor.Wake);
    }

    public string Name { get; }

    public long FaultSequence => _chain.CurrentSequence;

    /// <summary>Whether the Stop slot was handled, and all before it delivered.</summary>
    // Pairs with the write in OnBatch.
    public bool IsDrained => Volatile.Read(ref _isDrained);

    /// <summary>Completes when the thread has ended; faults with what was thrown there.</summary>
    public Task Completion => _processor.Completion;

    public void Start() => _processor.Start();

    public void Halt() => _processor.Halt();

    public BatchOutcome OnBatch(long first, long last)
    {
        using var activity = _tracer.Start(first, last, last - first + 1);
        if (!_chain.Handle(first, last))
            return BatchOutcome.Continue;

        _chain.Deliver(PanesPerStep);
        if (_chain.DeliverHeld(_ring.Slots.Sequencer.Fault))
            Volatile.Write(ref _isDrained, true);
        return BatchOutcome.Stop;
    }

    public bool OnIdle()
    {
        _chain.Deliver(PanesPerStep);
        _ring.ReleaseSpaceWaiters();
        if (!_ring.Pending.IsEmpty)
            _ring.Pending.Publish(_ring);
        return _chain.CopySome() || _chain.HasBacklog;
    }

    public void OnStart() => _threads.Enter();

    public void OnStop()
    {
        _threads.Leave();
        _ring.ReleaseSpaceWaiters();
    }
}
