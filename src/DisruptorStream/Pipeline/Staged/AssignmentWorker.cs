using DisruptorStream.Events;
using DisruptorStream.Ingest.Slots;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Rings;

namespace DisruptorStream.Pipeline.Staged;

/// <summary>The thread that cuts the slots into runs, and writes them to the ring that the shards read.</summary>
internal sealed class AssignmentWorker : IBatchHandler
{
    private readonly EventRing _events;
    private readonly GuardedAssignment _assignment;
    private readonly RingBuffer<EventRun> _runs;
    private readonly CancellationToken _abort;
    private readonly RunList _batch = new();
    private long _current;

    public AssignmentWorker(
        EventRing events, GuardedAssignment assignment, RingBuffer<EventRun> runs, CancellationToken abort)
    {
        _events = events;
        _assignment = assignment;
        _runs = runs;
        _abort = abort;
    }

    public string Name => "disruptorstream-assignment";

    public long FaultSequence => _current;

    public BatchOutcome OnBatch(long first, long last)
    {
        while (first <= last)
        {
            _current = first;
            var count = _events.ContiguousCount(first, last);
            _batch.Clear();
            _assignment.OnBatch(_events.View(first, count), _batch);
            Publish(_batch.Runs);
            if (_batch.Count > 0 && _batch.Runs[^1].Kind == RunKind.Stop)
                return BatchOutcome.Stop;
            first += count;
        }

        return BatchOutcome.Continue;
    }

    public bool OnIdle() => false;

    public void OnStart()
    {
    }

    public void OnStop()
    {
    }

    private void Publish(ReadOnlySpan<EventRun> runs)
    {
        while (runs.Length > 0)
        {
            var range = _runs.Sequencer.Claim(runs.Length, _abort);
            runs[..range.Count].CopyTo(_runs.Slots(range));
            _runs.Sequencer.Publish(range);
            runs = runs[range.Count..];
        }
    }
}
