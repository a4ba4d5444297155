using DisruptorStream.Events;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Topology;

/// <summary>Makes the threads of a Staged processor, which has one query.</summary>
internal sealed class StagedMaker
{
    private readonly EngineParts _engine;
    private readonly ThreadedEventRing _ring;
    private readonly QueryParts _query;
    private readonly SaveMeeting _meeting;

    /// <param name="engine">The stages.</param>
    /// <param name="ring">What publishers claim from.</param>
    public StagedMaker(EngineParts engine, ThreadedEventRing ring)
    {
        _engine = engine;
        _ring = ring;
        _query = engine.Queries[0];
        _meeting = new SaveMeeting(engine.Saves, engine.Core.Fault, _query.Stages.Length);
    }

    /// <summary>The execution.</summary>
    public StagedExecution Make()
    {
        var core = _engine.Core;
        var runs = new RingBuffer<EventRun>(new SingleProducerSequencer(
            core.Plan.Execution.RunRingCapacity, core.Wait(), core.Wait(), core.Fault));
        var clock = core.Meters.StageOf(StageNames.Assignment);
        var assignment = new AssignmentWorker(
            _engine.Slots.Slots,
            _query.Assignment,
            runs,
            _meeting,
            clock,
            core.NewHandleTracer(),
            core.Threads,
            core.Abort.Token);
        return new StagedExecution(
            _engine.Slots.Slots.Sequencer,
            runs,
            assignment,
            NewWorkers(runs),
            NewEmission(),
            clock,
            [.. _query.Owned, runs]);
    }

    private ShardWorker[] NewWorkers(RingBuffer<EventRun> runs)
    {
        var workers = new ShardWorker[_query.Stages.Length];
        for (var shard = 0; shard < workers.Length; shard++)
        {
            workers[shard] = new ShardWorker(
                _query.Stages[shard],
                runs,
                _ring,
                _query.Assignment.Copies,
                _query.Shards.Rooms[shard],
                _query.Copies.Length > 0 ? _query.Copies[shard] : null,
                RetirementMaker.OfShard(_engine, shard),
                _meeting,
                _engine.Core.Meters.StageOf(StageNames.Shard(shard)),
                _engine.Core.Threads);
        }

        return workers;
    }

    private EmissionWorker NewEmission() => new(
        _query.Delivery.Emission,
        _query.Delivery.Rows,
        _query.Shards.RowsWait,
        _query.Shards.RoomWait,
        _query.Delivery.Gate,
        _engine.Core.Fault,
        _engine.Core.Meters.StageOf(StageNames.Emission),
        _engine.Core.Threads,
        _engine.Slots.Slots.Sequencer.Cursor.Value + 1);
}
