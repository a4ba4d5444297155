using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Emission.Gating;

/// <summary>
/// How far results may be delivered: none behind a sequence, nor of a window that ends after a watermark.
/// </summary>
/// <remarks>
/// Any thread moves it, forwards only; the emitting thread delivers. Early panes and dropped events say nothing of the
/// end of their window, and go by the sequence alone. Results keep their order: what lies behind a result that may not
/// go waits too, and so does a save: held results are in no saved state.
/// </remarks>
internal sealed class DeliveryGate
{
    private const long DefaultHeldBytes = 64L << 20;

    private readonly Lock _gate = new();

    // Never changed, but replaced.
    private Action[] _onMove = [];

    // Null while nobody has asked for it, so that a move allocates nothing.
    private TaskCompletionSource? _nextMove;
    private long _sequence;
    private long _watermarkTicks;

    /// <param name="sequence">Results of slots up to this one may go; -1 for none yet.</param>
    /// <param name="watermarkTicks">Results of windows that end by then may go; long.MinValue for none yet.</param>
    /// <param name="heldBytes">
    /// About how many bytes of results are held before the stages stop; 1 or more. Where results lie in rings until
    /// they may go, those are the bound.
    /// </param>
    public DeliveryGate(
        long sequence = -1, long watermarkTicks = long.MaxValue, long heldBytes = DefaultHeldBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heldBytes, 1);
        _sequence = sequence;
        _watermarkTicks = watermarkTicks;
        HeldBytes = heldBytes;
    }

    /// <summary>About how many bytes of results are held before the stages stop.</summary>
    public long HeldBytes { get; }

    /// <summary>Results of slots up to this one may go. Pairs with the write in <see cref="MoveTo"/>.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Results of windows that end by then may go. Pairs with the write in <see cref="MoveTo"/>.</summary>
    public long WatermarkTicks => Volatile.Read(ref _watermarkTicks);

    /// <summary>Completes at the next move. Ask for it before the look that finds that something is held.</summary>
    public Task NextMove
    {
        get
        {
            lock (_gate)
                return (_nextMove ??= NewMove()).Task;
        }
    }

    /// <summary>Opens it further. What does not go forward stays as it is.</summary>
    public void MoveTo(long sequence, long watermarkTicks = long.MaxValue)
    {
        TaskCompletionSource? moved;
        Action[] onMove;
        lock (_gate)
        {
            if (sequence <= _sequence && watermarkTicks <= _watermarkTicks)
                return;

            // Pairs with the reads in Sequence and WatermarkTicks.
            Volatile.Write(ref _sequence, Math.Max(_sequence, sequence));
            Volatile.Write(ref _watermarkTicks, Math.Max(_watermarkTicks, watermarkTicks));
            (moved, _nextMove) = (_nextMove, null);
            onMove = _onMove;
        }

        moved?.TrySetResult();
        foreach (var call in onMove)
            call();
    }

    /// <summary>Adds a call that is made after each move, on the thread that moved it. It must not wait.</summary>
    public void Register(Action onMove)
    {
        lock (_gate)
            _onMove = [.. _onMove, onMove];
    }

    /// <summary>Whether a row may go, if nothing is held before it.</summary>
    public bool Admits(in ResultHeader header)
    {
        if (header.Sequence > Sequence)
            return false;
        var isOfCompletedWindow = header.Timing != PaneTiming.Early
            && (header.Flags & (ResultFlags.Dropped | ResultFlags.KeyReleased)) == ResultFlags.None;
        return !isOfCompletedWindow || header.OrderEndTicks <= WatermarkTicks;
    }

    private static TaskCompletionSource NewMove() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
