using DisruptorStream.Events;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>The thread that writes slots to the journal, beside those that handle them.</summary>
internal sealed class JournalWorker : IBatchHandler
{
    /// <summary>What is written and synced at once: slots are given back at its end.</summary>
    private const int MaxBatch = 1 << 14;

    private readonly JournalStage _stage;
    private readonly ThreadedEventRing _ring;
    private readonly BatchProcessor _processor;
    private readonly EngineThreads _threads;
    private readonly WakingRecordReader _records;
    private readonly bool _closesRecords;
    private bool _isDone;

    /// <param name="stage">Writes.</param>
    /// <param name="ring">Whose slots are written.</param>
    /// <param name="barrier">How far they are published; of this worker alone.</param>
    /// <param name="records">Told whether records are taken.</param>
    /// <param name="clock">Told when the thread waits.</param>
    /// <param name="threads">The threads of the engine.</param>
    /// <param name="closesRecords">Whether nothing is written any more once the thread has ended.</param>
    public JournalWorker(
        JournalStage stage,
        ThreadedEventRing ring,
        SequenceBarrier barrier,
        WakingRecordReader records,
        StageClock clock,
        EngineThreads threads,
        bool closesRecords)
    {
        _closesRecords = closesRecords;
        _records = records;
        _stage = stage;
        _ring = ring;
        _threads = threads;
        var events = ring.Slots.Sequencer;
        _processor = new BatchProcessor(
            this, barrier, events, events.Fault, MaxBatch, idlesBetween: true, clock, events.Cursor.Value + 1);
        events.AddGatingSequences(_processor.Sequence);
    }

    public string Name => "disruptorstream-journal";

    public long FaultSequence => _stage.Next;

    /// <summary>Whether the Stop slot is durable, and all before it.</summary>
    // Pairs with the write in OnBatch.
    public bool IsDone => Volatile.Read(ref _isDone);

    /// <summary>Completes when the thread has ended; faults with what was thrown there.</summary>
    public Task Completion => _processor.Completion;

    public void Start() => _processor.Start();

    public void Halt() => _processor.Halt();

    public BatchOutcome OnBatch(long first, long last)
    {
        var isEnd = _ring.IsClosed && IsStopIn(first, ref last);
        _stage.WriteThrough(last);
        if (!isEnd)
            return BatchOutcome.Continue;
        _stage.Sync();
        Volatile.Write(ref _isDone, true);
        return BatchOutcome.Stop;
    }

    public bool OnIdle()
    {
        if (_stage.HasRecords)
            _stage.WriteRecords();
        _ring.ReleaseSpaceWaiters();
        return false;
    }

    public void OnStart()
    {
        _threads.Enter();
        _records.SetTaking(true);
    }

    public void OnStop()
    {
        _records.SetTaking(false);
        if (_closesRecords)
            _stage.CloseRecords();
        _threads.Leave();
        _ring.ReleaseSpaceWaiters();
    }

    /// <summary>Whether the end is among the slots; what lies behind it is nobody's.</summary>
    private unsafe bool IsStopIn(long first, ref long last)
    {
        for (var sequence = first; sequence <= last; sequence++)
        {
            if (_ring.Slots.SlotAt(sequence)->Kind != SlotKind.Stop)
                continue;
            last = sequence;
            return true;
        }

        return false;
    }
}
