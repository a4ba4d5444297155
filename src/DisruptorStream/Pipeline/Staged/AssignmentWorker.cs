using DisruptorStream.Events;
using DisruptorStream.Slots;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Staged;

/// <summary>The thread that cuts the slots into runs, and writes them to the ring that the shards read.</summary>
internal sealed class AssignmentWorker : IBatchHandler
{
    private readonly SlotBuffer _slots;
    private readonly GuardedAssignment _assignment;
    private readonly RingBuffer<EventRun> _runs;
    private readonly CancellationToken _abort;
    private readonly StageClock _clock;
    private readonly BatchTracer _tracer;
    private readonly EngineThreads _threads;
    private readonly SaveMeeting _saves;
    private readonly RunList _batch = new();
    private long _current;

    /// <param name="slots">The slots.</param>
    /// <param name="assignment">The stage.</param>
    /// <param name="runs">Where the runs go.</param>
    /// <param name="saves">Where the shards wait while the state is saved.</param>
    /// <param name="clock">Told when the thread waits for room.</param>
    /// <param name="tracer">Traces the batches.</param>
    /// <param name="threads">The threads of the engine.</param>
    /// <param name="abort">Ends such a wait.</param>
    public AssignmentWorker(
        SlotBuffer slots,
        GuardedAssignment assignment,
        RingBuffer<EventRun> runs,
        SaveMeeting saves,
        StageClock clock,
        BatchTracer tracer,
        EngineThreads threads,
        CancellationToken abort)
    {
        _threads = threads;
        _saves = saves;
        _tracer = tracer;
        _clock = clock;
        _slots = slots;
        _assignment = assignment;
        _runs = runs;
        _abort = abort;
    }

    public string Name => "disruptorstream-assignment";

    public long FaultSequence => _current;

    public BatchOutcome OnBatch(long first, long last)
    {
        using var activity = _tracer.Start(first, last, last - first + 1);
        while (first <= last)
        {
            _current = first;
            var count = _slots.ContiguousCount(first, last);
            _batch.Clear();
            var taken = _assignment.OnBatch(_slots.View(first, count), _batch);
            Publish(_batch.Runs);
            var end = _batch.Count > 0 ? _batch.Runs[^1] : default;
            if (end.Kind == RunKind.Stop)
                return BatchOutcome.Stop;
            if (end.Kind == RunKind.Save)
                _saves.Hold(end.FirstSequence);
            first += taken;
        }

        return BatchOutcome.Continue;
    }

    public bool OnIdle() => false;

    public void OnStart() => _threads.Enter();

    public void OnStop() => _threads.Leave();

    private SequenceRange Claim(int count)
    {
        if (_runs.Sequencer.TryClaim(count, out var range))
            return range;
        _clock.BeginWait();
        range = _runs.Sequencer.Claim(count, _abort);
        _clock.EndWait();
        return range;
    }

    private void Publish(ReadOnlySpan<EventRun> runs)
    {
        while (runs.Length > 0)
        {
            var range = Claim(runs.Length);
            runs[..range.Count].CopyTo(_runs.Slots(range));
            _runs.Sequencer.Publish(range);
            runs = runs[range.Count..];
        }
    }
}
