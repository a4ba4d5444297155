using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.State.Memory.Copying;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Staged;

/// <summary>The thread of one shard.</summary>
internal sealed class ShardWorker : IBatchHandler
{
    private const int PanesPerStep = 512;

    private readonly AggregationStage _stage;
    private readonly RingBuffer<EventRun> _runs;
    private readonly ThreadedEventRing _ring;
    private readonly EventCopies _copies;
    private readonly ShardRoom _room;
    private readonly ShardCopy? _copy;
    private readonly KeyRetirements _retirements;
    private readonly SaveMeeting _saves;
    private readonly EngineThreads _threads;

    /// <param name="stage">The shard.</param>
    /// <param name="runs">What to do.</param>
    /// <param name="ring">The ring that the runs refer to.</param>
    /// <param name="copies">Copies that the runs refer to.</param>
    /// <param name="room">Where emission waits for rows.</param>
    /// <param name="copy">Copies the shard's state for snapshots; null where nobody does.</param>
    /// <param name="retirements">Give idle keys of the shard up.</param>
    /// <param name="saves">Where it waits while the state is saved.</param>
    /// <param name="clock">Told when the thread waits.</param>
    /// <param name="threads">The threads of the engine.</param>
    public ShardWorker(
        AggregationStage stage,
        RingBuffer<EventRun> runs,
        ThreadedEventRing ring,
        EventCopies copies,
        ShardRoom room,
        ShardCopy? copy,
        KeyRetirements retirements,
        SaveMeeting saves,
        StageClock clock,
        EngineThreads threads)
    {
        _stage = stage;
        _runs = runs;
        _ring = ring;
        _copies = copies;
        _room = room;
        _copy = copy;
        _retirements = retirements;
        _saves = saves;
        Clock = clock;
        _threads = threads;
        Consumed = new Sequence(stage.Processed);
    }

    public string Name => $"disruptorstream-shard-{_stage.Context.Shard}";

    public long FaultSequence => -1;

    /// <summary>The last slot of the event ring that this shard is done with.</summary>
    public Sequence Consumed { get; }

    public StageClock Clock { get; }

    /// <summary>Whether the shard has handled the Stop slot. Read it when the thread has ended.</summary>
    public bool IsStopped { get; private set; }

    public BatchOutcome OnBatch(long first, long last)
    {
        for (var sequence = first; sequence <= last; sequence++)
        {
            ref readonly var run = ref _runs[sequence];
            var view = _ring.Slots.View(run.FirstSequence, run.Count);
            if (run.Copy == 0)
                _stage.OnRun(run, view);
            else
                _copies.HandTo(_stage, run);
            if (run.Kind == RunKind.Stop)
            {
                Report();
                IsStopped = true;
                return BatchOutcome.Stop;
            }

            Meet(run, view);
        }

        Report();
        return BatchOutcome.Continue;
    }

    public bool OnIdle()
    {
        var hadBacklog = _stage.HasBacklog || _retirements.IsActive;
        if (hadBacklog)
        {
            _stage.Work(PanesPerStep);
            _retirements.Step();
            _stage.ReportProgress();
            _room.SignalRows();
        }

        _ring.Slots.Sequencer.SignalSpace();
        _ring.ReleaseSpaceWaiters();
        if (!_ring.Pending.IsEmpty)
            _ring.Pending.Publish(_ring);
        return _copy?.Step() == true || hadBacklog;
    }

    /// <summary>Called on any thread when there is room for copies again.</summary>
    public void OnRoomForCopies(Action wake)
    {
        if (_copy is not null)
            _copy.Wake = wake;
    }

    public void OnStart() => _threads.Enter();

    public void OnStop()
    {
        _threads.Leave();
        _room.SignalRows();
        _ring.Slots.Sequencer.SignalSpace();
        _ring.ReleaseSpaceWaiters();
    }

    private void Meet(in EventRun run, in EventView view)
    {
        _retirements.OnRun(run, view);
        if (run.Kind != RunKind.Save)
            return;
        Report();
        _saves.Attend(run.FirstSequence);
    }

    private void Report()
    {
        _stage.ReportProgress();
        Consumed.SetRelease(_stage.Processed);
        _ring.Slots.Sequencer.SignalProgress();
        _room.SignalRows();
    }
}
