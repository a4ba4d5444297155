using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Staged;

/// <summary>The thread that delivers: it waits until some shard has rows or has come further.</summary>
internal sealed class EmissionWorker : IWaitCondition
{
    private readonly EmissionStage _stage;
    private readonly ResultRing[] _rings;
    private readonly WaitStrategy _results;
    private readonly WaitStrategy _room;
    private readonly RingFault _fault;
    private readonly StageClock _clock;
    private readonly EngineThreads _threads;
    private readonly long _first;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DeliveryGate? _gate;
    private readonly long[] _seenProgress;
    private readonly long[] _seenRows;
    private Task? _gateMove;
    private bool _isHalted;
    private bool _areShardsDone;
    private bool _seenEnd;
    private bool _isDrained;

    /// <param name="stage">The stage.</param>
    /// <param name="rings">The rows of each shard.</param>
    /// <param name="results">Where this thread waits for rows.</param>
    /// <param name="room">Where the shards wait for room.</param>
    /// <param name="gate">Holds rows back; null for none.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    /// <param name="clock">Told when the thread waits.</param>
    /// <param name="threads">The threads of the engine.</param>
    /// <param name="first">The first sequence, which a failure before any progress is told with.</param>
    public EmissionWorker(
        EmissionStage stage,
        ResultRing[] rings,
        WaitStrategy results,
        WaitStrategy room,
        DeliveryGate? gate,
        RingFault fault,
        StageClock clock,
        EngineThreads threads,
        long first)
    {
        _first = first;
        _threads = threads;
        _clock = clock;
        _stage = stage;
        _rings = rings;
        _results = results;
        _room = room;
        _fault = fault;
        _gate = gate;
        _seenRows = new long[rings.Length];
        _seenProgress = new long[rings.Length];
        _seenProgress.AsSpan().Fill(long.MinValue);
        gate?.Register(_results.Signal);
        fault.Register(() =>
        {
            _results.Signal();
            _room.Signal();
        });
    }

    public Task Completion => _ended.Task;

    /// <summary>Whether all that the shards had is delivered. Pairs with the write in Run.</summary>
    public bool IsDrained => Volatile.Read(ref _isDrained);

    bool IWaitCondition.IsMet
    {
        get
        {
            // Pairs with the writes in Halt and EndAfterShards.
            if (Volatile.Read(ref _isHalted) || (Volatile.Read(ref _areShardsDone) && !_seenEnd) || _fault.IsFaulted)
                return true;
            for (var i = 0; i < _rings.Length; i++)
            {
                if (_rings[i].Progress != _seenProgress[i] || HasRows(i))
                    return true;
            }

            return _gateMove is { IsCompleted: true };
        }
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "disruptorstream-emission" }.Start();

    /// <summary>Ends the thread, whatever is left.</summary>
    public void Halt()
    {
        Volatile.Write(ref _isHalted, true);
        _results.Signal();
        _room.Signal();
    }

    /// <summary>Ends the thread once what the shards have left is delivered. Call when they have ended.</summary>
    public void EndAfterShards()
    {
        Volatile.Write(ref _areShardsDone, true);
        _results.Signal();
    }

    private void Run()
    {
        _clock.Start();
        _threads.Enter();
        try
        {
            while (!Volatile.Read(ref _isHalted) && !_fault.IsFaulted)
            {
                // Before the rows: what the shards wrote last is still taken.
                var isLast = Volatile.Read(ref _areShardsDone);
                _seenEnd = isLast;
                Note();
                var any = _stage.Emit();
                _room.Signal();
                if (isLast && !any && !_stage.IsHeld)
                {
                    Volatile.Write(ref _isDrained, true);
                    break;
                }

                if (any)
                    continue;
                _clock.BeginWait();
                _results.Wait(this);
                _clock.EndWait();
            }
        }
        catch (Exception exception)
        {
            _fault.TrySet(exception, "disruptorstream-emission", Math.Max(_stage.CompletedThrough + 1, _first));
        }
        finally
        {
            _clock.Stop();
            _threads.Leave();
            _ended.TrySetResult();
        }
    }

    /// <summary>Rows that a gate holds back stay where they are: only further ones are worth a look.</summary>
    private bool HasRows(int ring) =>
        _gate is null ? !_rings[ring].IsEmpty : _rings[ring].RowsWritten != _seenRows[ring];

    private void Note()
    {
        _gateMove = _gate?.NextMove;
        for (var i = 0; i < _rings.Length; i++)
            (_seenProgress[i], _seenRows[i]) = (_rings[i].Progress, _rings[i].RowsWritten);
    }
}
