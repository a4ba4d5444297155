using DisruptorStream.Emission.Merging;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Staged;

/// <summary>Where the thread of a shard waits for room for its rows, and emission for the rows.</summary>
/// <remarks>The shard's thread owns it.</remarks>
internal sealed class ShardRoom : IResultRoom
{
    private readonly ShardProgress _progress;
    private readonly Sequencer _events;
    private readonly WaitStrategy _rows;
    private readonly WaitStrategy _room;
    private readonly StageClock _clock;
    private readonly CancellationToken _abort;
    private readonly RoomCondition _condition;

    /// <param name="progress">Of the shard.</param>
    /// <param name="events">Whose publishers wait for the shard.</param>
    /// <param name="rows">Where emission waits for rows.</param>
    /// <param name="room">Where this thread waits for room for them.</param>
    /// <param name="clock">Told when the thread waits.</param>
    /// <param name="abort">Ends every wait.</param>
    public ShardRoom(
        ShardProgress progress,
        Sequencer events,
        WaitStrategy rows,
        WaitStrategy room,
        StageClock clock,
        CancellationToken abort)
    {
        _progress = progress;
        _events = events;
        _rows = rows;
        _room = room;
        _clock = clock;
        _abort = abort;
        _condition = new RoomCondition(events.Fault, abort);
    }

    /// <summary>Emission has rows to take, or the shard has come further.</summary>
    public void SignalRows() => _rows.Signal();

    public void Await(ResultRing ring, long unfinished)
    {
        _progress.Report(unfinished);
        _rows.Signal();
        _events.SignalSpace();
        _condition.Ring = ring;
        _clock.BeginWait();
        _room.Wait(_condition);
        _clock.EndWait();
        _abort.ThrowIfCancellationRequested();
        if (_condition.IsFaulted)
            throw new OperationCanceledException("Another stage of the pipeline has failed; its fault says why.");
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
