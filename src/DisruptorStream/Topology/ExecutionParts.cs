using DisruptorStream.Events;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Topology;

/// <summary>The ring that publishers claim from, and who runs the stages behind it.</summary>
internal sealed class ExecutionParts<TKey>
    where TKey : notnull
{
    private readonly EngineParts<TKey> _engine;

    /// <param name="engine">The stages.</param>
    /// <param name="watch">Asked by all who wait.</param>
    public ExecutionParts(EngineParts<TKey> engine, WatchParts<TKey> watch)
    {
        _engine = engine;
        var slots = engine.Slots;
        var pending = engine.Ledger.Sources.Removals;
        if (slots.Hold is { } hold)
        {
            var inline = new InlineExecution(
                NewChain(), slots.Slots.Sequencer, hold, engine.Delivery.Buffer, HandleTracer(), Owned());
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
        _engine.Services.Gate,
        _engine.Threads,
        Owned());

    private StagedExecution NewStaged(ThreadedEventRing ring)
    {
        var (meters, stages, shards) = (_engine.Meters, _engine.Stages, _engine.Shards);
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
                _engine.Assignment.Copies,
                shards.Rooms[shard],
                meeting,
                meters.StageOf(StageNames.Shard(shard)),
                _engine.Threads);
        }

        var emission = new EmissionWorker(
            _engine.Delivery.Emission,
            _engine.Delivery.Rows,
            shards.RowsWait,
            shards.RoomWait,
            _engine.Services.Gate,
            _engine.Fault,
            meters.StageOf(StageNames.Emission),
            _engine.Threads,
            _engine.Slots.Slots.Sequencer.Cursor.Value + 1);
        var clock = meters.StageOf(StageNames.Assignment);
        var assignment = new AssignmentWorker(
            _engine.Slots.Slots,
            _engine.Assignment,
            runs,
            meeting,
            clock,
            HandleTracer(),
            _engine.Threads,
            _engine.Abort.Token);
        return new StagedExecution(
            _engine.Slots.Slots.Sequencer, runs, assignment, workers, emission, clock, [.. Owned(), runs]);
    }

    private StageChain NewChain() => new(
        _engine.Slots.Slots, _engine.Assignment, _engine.Stages[0], _engine.Delivery.Emission, _engine.Saves);

    private IDisposable[] Owned() => [.. _engine.Stages, _engine.State];

    private BatchTracer HandleTracer() => new(
        BatchTracer.Handle, _engine.Plan.Name, _engine.Services.BatchesPerTrace, _engine.Services.HostFailures);
}
