using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Topology;

/// <summary>The ring that publishers claim from, and who runs the stages behind it.</summary>
internal sealed class ExecutionParts
{
    /// <param name="engine">The stages.</param>
    /// <param name="watch">Asked by all who wait.</param>
    public ExecutionParts(EngineParts engine, WatchParts watch)
    {
        var slots = engine.Slots;
        var pending = engine.Ledger.Sources.Removals;
        var journal = engine.Services.Journal is { } services ? new JournalMaker(engine, services) : null;
        if (slots.Hold is { } hold)
        {
            var alone = new SlotMeeting(1, engine.Core.Fault);
            var gathered = journal?.NewGatherer();
            var inline = new InlineExecution(
                FusedMaker.NewChain(
                    engine, engine.Queries, RetirementMaker.OfShard(engine, shard: 0), alone, mayWait: false),
                slots.Slots.Sequencer,
                hold,
                engine.Buffer,
                engine.Core.NewHandleTracer(),
                slots.Gathering,
                gathered is null ? FusedMaker.Owned(engine.Queries) : [.. FusedMaker.Owned(engine.Queries), gathered]);
            var stages = journal?.Wrap(inline, gathered) ?? (ISlotConsumer)inline;
            var consumer = engine.Services.InlineTap?.Invoke(stages) ?? stages;
            Ring = new InlineEventRing(
                slots.Slots, slots.Controls, watch.Gate, pending, hold, consumer, watch.Ticks, slots.Gathering);
            Execution = inline;
            return;
        }

        var ring = new ThreadedEventRing(slots.Slots, slots.Controls, watch.Gate, pending, engine.Core.Meters.Waits);
        Ring = ring;
        Execution execution = engine.Plan.Execution.SplitsStages
            ? new StagedMaker(engine, ring).Make()
            : new FusedMaker(engine, ring).Make();
        Execution = journal?.Join(ring, execution) ?? execution;
    }

    public EventRing Ring { get; }

    public Execution Execution { get; }
}
