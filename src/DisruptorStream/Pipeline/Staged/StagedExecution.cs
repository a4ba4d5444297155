using DisruptorStream.Events;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Staged;

/// <summary>A thread for window assignment, one for each shard and one for emission.</summary>
internal sealed class StagedExecution : Execution
{
    private readonly ShardWorker[] _shards;
    private readonly BatchProcessor[] _processors;
    private readonly EmissionWorker _emission;
    private readonly Task _completion;
    private bool _isStopped;

    /// <param name="events">The event ring's sequencer.</param>
    /// <param name="runs">The ring between assignment and the shards.</param>
    /// <param name="assignment">The first stage.</param>
    /// <param name="shards">The shards, in their order.</param>
    /// <param name="emission">The last stage.</param>
    /// <param name="clock">Of the first stage; the others have their own.</param>
    /// <param name="owned">What is freed at the end.</param>
    public StagedExecution(
        Sequencer events,
        RingBuffer<EventRun> runs,
        AssignmentWorker assignment,
        ShardWorker[] shards,
        EmissionWorker emission,
        StageClock clock,
        IDisposable[] owned)
        : base(owned)
    {
        _shards = shards;
        _emission = emission;
        _processors = new BatchProcessor[shards.Length + 1];
        _processors[0] = new BatchProcessor(
            assignment, events.NewBarrier(), events, events.Fault, clock: clock, first: events.Cursor.Value + 1);
        for (var i = 0; i < shards.Length; i++)
        {
            var processor = new BatchProcessor(
                shards[i],
                runs.Sequencer.NewBarrier(),
                runs.Sequencer,
                events.Fault,
                maxBatch: 64,
                idlesBetween: true,
                shards[i].Clock);
            runs.Sequencer.AddGatingSequences(processor.Sequence);
            shards[i].OnRoomForCopies(processor.Wake);
            events.AddGatingSequences(shards[i].Consumed);
            _processors[i + 1] = processor;
        }

        _completion = EndInOrder();
    }

    public override Task Completion => _completion;

    // Pairs with the write in EndInOrder.
    public override bool IsDrained => Volatile.Read(ref _isStopped) && _emission.IsDrained;

    public override void Start()
    {
        _emission.Start();
        foreach (var processor in _processors)
            processor.Start();
    }

    public override void Halt()
    {
        foreach (var processor in _processors)
            processor.Halt();
        _emission.Halt();
    }

    private async Task EndInOrder()
    {
        foreach (var processor in _processors)
            await processor.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var isStopped = true;
        foreach (var shard in _shards)
            isStopped &= shard.IsStopped;
        Volatile.Write(ref _isStopped, isStopped);
        _emission.EndAfterShards();
        await _emission.Completion.ConfigureAwait(false);
    }
}
