using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Rings;

namespace DisruptorStream.Pipeline;

/// <summary>
/// Merges the rows of all shards into the one order, hands them on, and tells who waits how far it has come.
/// </summary>
/// <remarks>The emitting thread owns it; anybody may wait.</remarks>
internal sealed class EmissionStage
{
    private const int RowsPerStep = 1024;
    private const int WaitSliceMilliseconds = 50;

    private static readonly TaskCompletionSource Never = new();

    private readonly ResultRing[] _rings;
    private readonly ResultMerger _merger;
    private readonly DeliveryGate? _deliveryGate;
    private readonly ResultOutput _output;
    private readonly SequenceWaiters _waiters = new();

    /// <param name="rings">The rows of each shard.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="gate">Holds rows back; null for none.</param>
    public EmissionStage(ResultRing[] rings, ResultOutput output, DeliveryGate? gate = null)
    {
        _rings = rings;
        _deliveryGate = gate;
        _merger = new ResultMerger(rings, gate);
        _output = output;
    }

    /// <summary>For a shard on the emitting thread itself, whose rows need no merging.</summary>
    public ResultOutput Output => _output;

    /// <summary>Everything up to this sequence has been delivered, and may have been.</summary>
    public long CompletedThrough { get; private set; } = long.MinValue;

    /// <summary>
    /// Whether a gate holds something back of what the shards are done with. Exact while nothing moves.
    /// </summary>
    public bool IsHeld
    {
        get
        {
            if (_deliveryGate is null)
                return false;
            var done = long.MaxValue;
            foreach (var ring in _rings)
                done = Math.Min(done, ring.Progress);
            return CompletedThrough < done;
        }
    }

    /// <summary>Whether the gate holds rows back. Where one thread does all.</summary>
    public bool HoldsRows => _output.HeldSequence != long.MaxValue;

    /// <summary>Completes when the gate moves. Ask for it before <see cref="Emit"/>.</summary>
    public Task NextMove => _deliveryGate?.NextMove ?? Never.Task;

    /// <summary>Delivers all that is ready. Returns whether there was anything.</summary>
    public bool Emit()
    {
        var any = false;
        while (_merger.TryTake(_output, RowsPerStep, out _))
            any = true;
        _output.Flush();
        var completed = _merger.CompletedThrough;
        if (_deliveryGate is { } gate)
            completed = Math.Min(Math.Min(completed, gate.Sequence), _output.HeldSequence - 1);
        CompletedThrough = Math.Max(CompletedThrough, completed);
        _output.Advance(CompletedThrough);

        if (_waiters.AreDue(CompletedThrough))
        {
            FlushSinks();
            _waiters.Release(CompletedThrough);
        }

        return any;
    }

    /// <summary>As <see cref="Emit"/>, where the shards have fired nothing since, and have come to this slot.</summary>
    public void Pass(long sequence)
    {
        if (_deliveryGate is not null || _rings.Length > 1)
        {
            Emit();
            return;
        }

        CompletedThrough = sequence;
        _output.Advance(sequence);
        if (_waiters.AreDue(sequence))
            Emit();
    }

    /// <summary>
    /// Delivers, as the gate moves, until nothing is held. Returns false where the processor ends before.
    /// </summary>
    public bool EmitHeld(RingFault fault)
    {
        while (IsHeld)
        {
            var move = _deliveryGate!.NextMove;
            Emit();
            if (!IsHeld)
                return true;
            if (fault.IsFaulted)
                return false;
            move.Wait(WaitSliceMilliseconds);
        }

        return true;
    }

    /// <summary>Tells the sinks that somebody waits for all that has been delivered.</summary>
    public void FlushSinks() => _output.FlushSinks(CompletedThrough);

    /// <summary>
    /// Completes once everything up to the sequence has been delivered. Register before publishing it.
    /// </summary>
    public Task WaitFor(long sequence) => _waiters.WaitFor(sequence);

    /// <summary>Nothing more is emitted: threads that wait get this exception.</summary>
    public void End(Exception end) => _waiters.End(end);
}
