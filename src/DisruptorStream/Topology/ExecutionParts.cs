using DisruptorStream.Emission.Gating;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Slots;

namespace DisruptorStream.Topology;

/// <summary>The ring that publishers claim from, and who runs the stages behind it.</summary>
internal sealed class ExecutionParts
{
    private readonly EngineParts _engine;

    /// <param name="engine">The stages.</param>
    /// <param name="watch">Asked by all who wait.</param>
    public ExecutionParts(EngineParts engine, WatchParts watch)
    {
        _engine = engine;
        var slots = engine.Slots;
        var pending = engine.Ledger.Sources.Removals;
        if (slots.Hold is { } hold)
        {
            var inline = new InlineExecution(
                NewChain(mayWait: false),
                slots.Slots.Sequencer,
                hold,
                engine.Buffer,
                _engine.Core.NewHandleTracer(),
                Owned());
            var consumer = engine.Services.InlineTap?.Invoke(inline) ?? inline;
            Ring = new InlineEventRing(
                slots.Slots, slots.Controls, watch.Gate, pending, hold, consumer, watch.Ticks);
            Execution = inline;
            return;
        }

        var ring = new ThreadedEventRing(slots.Slots, slots.Controls, watch.Gate, pending, engine.Core.Meters.Waits);
        Ring = ring;
        Execution = engine.Plan.Execution.IsStaged ? new StagedMaker(engine, ring).Make() : NewFused(ring);
    }

    public EventRing Ring { get; }

    public Execution Execution { get; }

    private FusedExecution NewFused(ThreadedEventRing ring) => new(
        NewChain(mayWait: true),
        ring,
        _engine.Core.Meters.StageOf(StageNames.Worker),
        _engine.Core.NewHandleTracer(),
        Gates(),
        _engine.Core.Threads,
        Owned());

    private StageChain NewChain(bool mayWait)
    {
        var queries = new QueryChain[_engine.Queries.Count];
        for (var query = 0; query < queries.Length; query++)
            queries[query] = _engine.Queries[query].NewChain();
        return new StageChain(
            _engine.Slots.Slots,
            queries,
            RetirementMaker.Make(_engine, shard: 0),
            _engine.Deliveries,
            _engine.Saves,
            mayWait);
    }

    private List<DeliveryGate> Gates()
    {
        var gates = new List<DeliveryGate>();
        foreach (var query in _engine.Queries)
        {
            if (query.Delivery.Gate is { } gate)
                gates.Add(gate);
        }

        return gates;
    }

    private IDisposable[] Owned()
    {
        var owned = new List<IDisposable>();
        foreach (var query in _engine.Queries)
            owned.AddRange(query.Owned);
        return [.. owned];
    }
}
