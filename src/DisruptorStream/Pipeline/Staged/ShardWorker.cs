using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Slots;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Staged;

/// <summary>The thread of one shard.</summary>
internal sealed class ShardWorker : IBatchHandler, IResultRoom
{
    private const int PanesPerStep = 512;

    private readonly RingBuffer<EventRun> _runs;
    private readonly ThreadedEventRing _events;
    private readonly WaitStrategy _results;
    private readonly WaitStrategy _room;
    private readonly RoomCondition _condition;
    private readonly EngineThreads _threads;
    private readonly CancellationToken _abort;
    private AggregationStage _stage = null!;

    /// <param name="runs">What to do.</param>
    /// <param name="events">The ring that the runs refer to.</param>
    /// <param name="results">Where emission waits for rows.</param>
    /// <param name="room">Where this thread waits for room for them.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    /// <param name="clock">Told when the thread waits.</param>
    /// <param name="threads">The threads of the engine.</param>
    /// <param name="abort">Ends every wait.</param>
    public ShardWorker(
        RingBuffer<EventRun> runs,
        ThreadedEventRing events,
        WaitStrategy results,
        WaitStrategy room,
        RingFault fault,
        StageClock clock,
        EngineThreads threads,
        CancellationToken abort)
    {
        _threads = threads;
        Clock = clock;
        _runs = runs;
        _events = events;
        _results = results;
        _room = room;
        _abort = abort;
        _condition = new RoomCondition(fault, abort);
    }

    public string Name => $"disruptorstream-shard-{_stage.Context.Shard}";

    public long FaultSequence => -1;

    /// <summary>The last slot of the event ring that this shard is done with.</summary>
    public Sequence Consumed { get; } = new();

    public AggregationStage Stage => _stage;

    public StageClock Clock { get; }

    /// <summary>Whether the shard has handled the Stop slot. Read it when the thread has ended.</summary>
    public bool IsStopped { get; private set; }

    public void Attach(AggregationStage stage) => _stage = stage;

    public BatchOutcome OnBatch(long first, long last)
    {
        for (var sequence = first; sequence <= last; sequence++)
        {
            ref readonly var run = ref _runs[sequence];
            _stage.OnRun(run, _events.View(run.FirstSequence, run.Count));
            if (run.Kind == RunKind.Stop)
            {
                Report();
                IsStopped = true;
                return BatchOutcome.Stop;
            }
        }

        Report();
        return BatchOutcome.Continue;
    }

    public bool OnIdle()
    {
        var hadBacklog = _stage.HasBacklog;
        if (hadBacklog)
        {
            _stage.Work(PanesPerStep);
            _stage.ReportProgress();
            _results.Signal();
        }

        _events.Sequencer.SignalSpace();
        _events.ReleaseSpaceWaiters();
        if (!_events.Removals.IsEmpty)
            _events.Removals.Publish(_events);
        return hadBacklog;
    }

    public void OnStart() => _threads.Enter();

    public void OnStop()
    {
        _threads.Leave();
        _results.Signal();
        _events.Sequencer.SignalSpace();
        _events.ReleaseSpaceWaiters();
    }

    void IResultRoom.Await(ResultRing ring)
    {
        _stage.ReportProgress();
        _results.Signal();
        _events.Sequencer.SignalSpace();
        _condition.Ring = ring;
        Clock.BeginWait();
        _room.Wait(_condition);
        Clock.EndWait();
        _abort.ThrowIfCancellationRequested();
        if (_condition.IsFaulted)
            throw new OperationCanceledException("Another stage of the pipeline has failed; its fault says why.");
    }

    private void Report()
    {
        _stage.ReportProgress();
        Consumed.SetRelease(_stage.Processed);
        _events.Sequencer.SignalProgress();
        _results.Signal();
    }

    private sealed class RoomCondition : IWaitCondition
    {
        private readonly RingFault _fault;
        private readonly CancellationToken _abort;

        public RoomCondition(RingFault fault, CancellationToken abort)
        {
            _fault = fault;
            _abort = abort;
        }

        public ResultRing? Ring { get; set; }

        public bool IsFaulted => _fault.IsFaulted;

        public bool IsMet => Ring!.HasRoom || _fault.IsFaulted || _abort.IsCancellationRequested;
    }
}
