using DisruptorStream.Emission.Gating;
using DisruptorStream.Slots;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>One worker thread takes every batch through all stages.</summary>
internal sealed class FusedExecution : Execution, IBatchHandler
{
    /// <summary>
    /// Panes fired between two batches: a firing of many keys never holds the ring for longer than these take.
    /// </summary>
    private const int PanesPerStep = 512;

    private readonly StageChain _chain;
    private readonly ThreadedEventRing _ring;
    private readonly BatchTracer _tracer;
    private readonly BatchProcessor _processor;
    private readonly Task _completion;
    private readonly EngineThreads _threads;
    private bool _isDrained;

    /// <param name="chain">The stages.</param>
    /// <param name="ring">Whose slots they handle.</param>
    /// <param name="clock">Told when the thread waits.</param>
    /// <param name="tracer">Traces the batches.</param>
    /// <param name="gates">Hold results back.</param>
    /// <param name="threads">The threads of the engine.</param>
    /// <param name="owned">What is freed at the end.</param>
    public FusedExecution(
        StageChain chain,
        ThreadedEventRing ring,
        StageClock clock,
        BatchTracer tracer,
        IEnumerable<DeliveryGate> gates,
        EngineThreads threads,
        IDisposable[] owned)
        : base(owned)
    {
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
        _completion = EndAsync();
    }

    public override Task Completion => _completion;

    // Pairs with the write in OnBatch.
    public override bool IsDrained => Volatile.Read(ref _isDrained);

    string IBatchHandler.Name => "disruptorstream-worker";

    long IBatchHandler.FaultSequence => _chain.CurrentSequence;

    public override void Start() => _processor.Start();

    public override void Halt() => _processor.Halt();

    BatchOutcome IBatchHandler.OnBatch(long first, long last)
    {
        using var activity = _tracer.Start(first, last, last - first + 1);
        if (!_chain.Handle(first, last))
            return BatchOutcome.Continue;

        _chain.Deliver(PanesPerStep);
        if (_chain.DeliverHeld(_ring.Slots.Sequencer.Fault))
            Volatile.Write(ref _isDrained, true);
        return BatchOutcome.Stop;
    }

    bool IBatchHandler.OnIdle()
    {
        _chain.Deliver(PanesPerStep);
        _ring.ReleaseSpaceWaiters();
        if (!_ring.Pending.IsEmpty)
            _ring.Pending.Publish(_ring);
        return _chain.HasBacklog;
    }

    void IBatchHandler.OnStart() => _threads.Enter();

    void IBatchHandler.OnStop()
    {
        _threads.Leave();
        _ring.ReleaseSpaceWaiters();
    }

    private async Task EndAsync() =>
        await _processor.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
