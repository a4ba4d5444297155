using DisruptorStream.Emission.Gating;
using DisruptorStream.Events;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;

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
                NewChain(), slots.Slots.Sequencer, hold, engine.Buffer, HandleTracer(), Owned());
            var consumer = engine.Services.InlineTap?.Invoke(inline) ?? inline;
            Ring = new InlineEventRing(
                slots.Slots, slots.Controls, watch.Gate, pending, hold, consumer, watch.Ticks);
            Execution = inline;
            return;
        }

        var ring = new ThreadedEventRing(slots.Slots, slots.Controls, watch.Gate, pending, engine.Meters.Waits);
        Ring = ring;
        Execution = engine.Plan.Execution.IsStaged ? NewStaged(ring) : NewFused(ring);
    }

    public EventRing Ring { get; }

    public Execution Execution { get; }

    private FusedExecution NewFused(ThreadedEventRing ring) => new(
        NewChain(),
        ring,
        _engine.Meters.StageOf(StageNames.Worker),
        HandleTracer(),
        Gates(),
        _engine.Threads,
        Owned());

    private StagedExecution NewStaged(ThreadedEventRing ring)
    {
        var (meters, query) = (_engine.Meters, _engine.Queries[0]);
        var (stages, shards, delivery) = (query.Stages, query.Shards, query.Delivery);
        var runs = new RingBuffer<EventRun>(new SingleProducerSequencer(
            _engine.Plan.Execution.RunRingCapacity, _engine.Wait(), _engine.Wait(), _engine.Fault));
        var meeting = new SaveMeeting(_engine.Saves, _engine.Fault, stages.Length);
        var workers = new ShardWorker[stages.Length];
        for (var shard = 0; shard < workers.Length; shard++)
        {
            workers[shard] = new ShardWorker(
                stages[shard],
                runs,
                ring,
                query.Assignment.Copies,
                shards.Rooms[shard],
                _engine.NewRetirements(shard),
                meeting,
                meters.StageOf(StageNames.Shard(shard)),
                _engine.Threads);
        }

        var emission = new EmissionWorker(
            delivery.Emission,
            delivery.Rows,
            shards.RowsWait,
            shards.RoomWait,
            delivery.Gate,
            _engine.Fault,
            meters.StageOf(StageNames.Emission),
            _engine.Threads,
            _engine.Slots.Slots.Sequencer.Cursor.Value + 1);
        var clock = meters.StageOf(StageNames.Assignment);
        var assignment = new AssignmentWorker(
            _engine.Slots.Slots,
            query.Assignment,
            runs,
            meeting,
            clock,
            HandleTracer(),
            _engine.Threads,
            _engine.Abort.Token);
        return new StagedExecution(
            _engine.Slots.Slots.Sequencer, runs, assignment, workers, emission, clock, [.. Owned(), runs]);
    }

    private StageChain NewChain()
    {
        var queries = new QueryChain[_engine.Queries.Count];
        for (var query = 0; query < queries.Length; query++)
            queries[query] = _engine.Queries[query].NewChain();
        return new StageChain(
            _engine.Slots.Slots, queries, _engine.NewRetirements(shard: 0), _engine.Deliveries, _engine.Saves);
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

    private BatchTracer HandleTracer() => new(
        BatchTracer.Handle, _engine.Plan.Name, _engine.Services.BatchesPerTrace, _engine.Services.HostFailures);
}
