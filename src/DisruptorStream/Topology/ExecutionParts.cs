using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Slots;

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
        if (slots.Hold is { } hold)
        {
            var alone = new SlotMeeting(1, engine.Core.Fault);
            var inline = new InlineExecution(
                FusedMaker.NewChain(
                    engine, engine.Queries, RetirementMaker.OfShard(engine, shard: 0), alone, mayWait: false),
                slots.Slots.Sequencer,
                hold,
                engine.Buffer,
                engine.Core.NewHandleTracer(),
                FusedMaker.Owned(engine.Queries));
            var consumer = engine.Services.InlineTap?.Invoke(inline) ?? inline;
            Ring = new InlineEventRing(
                slots.Slots, slots.Controls, watch.Gate, pending, hold, consumer, watch.Ticks);
            Execution = inline;
            return;
        }

        var ring = new ThreadedEventRing(slots.Slots, slots.Controls, watch.Gate, pending, engine.Core.Meters.Waits);
        Ring = ring;
        Execution = engine.Plan.Execution.SplitsStages
            ? new StagedMaker(engine, ring).Make()
            : new FusedMaker(engine, ring).Make();
    }

    public EventRing Ring { get; }

    public Execution Execution { get; }
}
