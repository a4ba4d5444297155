using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Rings;
using DisruptorStream.Slots;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>All stages on one thread: each batch passes through them while it is in cache.</summary>
internal sealed class StageChain
{
    /// <summary>The most slots between two deliveries; slots are given back as often.</summary>
    public const int MaxBatch = 1024;

    private readonly SlotBuffer _slots;
    private readonly GuardedAssignment _assignment;
    private readonly EmissionStage _emission;
    private readonly AggregationStage _shard;
    private readonly SavePoints _saves;
    private readonly RunList _runs = new();

    public StageChain(
        SlotBuffer slots,
        GuardedAssignment assignment,
        AggregationStage shard,
        EmissionStage emission,
        SavePoints saves)
    {
        _saves = saves;
        _shard = shard;
        _slots = slots;
        _assignment = assignment;
        _emission = emission;
    }

    /// <summary>The sequence that is being handled.</summary>
    public long CurrentSequence { get; private set; } = -1;

    public bool HasBacklog => _shard.HasBacklog;

    /// <summary>Everything up to this sequence has been delivered.</summary>
    public long DeliveredThrough => _emission.CompletedThrough;

    /// <summary>Whether a gate holds something back.</summary>
    public bool IsHeld => _emission.IsHeld;

    /// <summary>Handles first..last. Returns true when the Stop slot was among them.</summary>
    public bool Handle(long first, long last)
    {
        while (first <= last)
        {
            var count = Math.Min(MaxBatch, _slots.ContiguousCount(first, last));
            var view = _slots.View(first, count);
            CurrentSequence = first;
            _runs.Clear();
            var taken = _assignment.OnBatch(view, _runs);
            if (HandleRuns(view))
                return true;

            first += taken;
        }

        return false;
    }

    /// <summary>Handles events outside of the ring.</summary>
    public void HandleInPlace(in AcceptedEvents events)
    {
        CurrentSequence = events.View.FirstSequence;
        _runs.Clear();
        _assignment.OnEvents(events, _runs);
        HandleRuns(events.View);
    }

    /// <summary>Fires some panes of what is due, and delivers what there is.</summary>
    public void Deliver(int budget)
    {
        _shard.Work(budget);
        _shard.ReportProgress();
        _emission.Emit();
    }

    /// <summary>
    /// Delivers, as the gate moves, until nothing is held. Returns false where the processor ends before.
    /// </summary>
    public bool DeliverHeld(RingFault fault) => _emission.EmitHeld(fault);

    /// <summary>Tells the sinks that somebody waits for all that has been delivered.</summary>
    public void FlushSinks() => _emission.FlushSinks();

    /// <summary>What the slots up to this one fired is delivered; then all stages are at rest.</summary>
    private void Save(long sequence)
    {
        _shard.ReportProgress();
        _emission.Emit();
        _saves.Do(sequence);
    }

    private bool HandleRuns(in EventView view)
    {
        foreach (ref readonly var run in _runs.Runs)
        {
            CurrentSequence = run.FirstSequence;
            if (run.Copy == 0)
                _shard.OnRun(run, view.Slice((int)(run.FirstSequence - view.FirstSequence), run.Count));
            else
                _assignment.Copies.HandTo(_shard, run);
            if (run.Kind == RunKind.Stop)
                return true;
            if (run.Kind == RunKind.Save)
                Save(run.FirstSequence);
        }

        return false;
    }
}
