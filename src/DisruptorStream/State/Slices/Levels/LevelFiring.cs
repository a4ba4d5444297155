using DisruptorStream.State.Firing;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.State.Slices.Levels;

/// <summary>
/// What a store of several sizes still has to emit: one entry per watermark step, worked off in order and in pieces.
/// </summary>
/// <remarks>
/// Complete slices are handed on to coarser sizes first; then the windows of all sizes fire by end and start, whichever
/// size they are of.
/// </remarks>
internal sealed class LevelFiring
{
    private readonly SliceStore[] _stores;
    private readonly CancellationToken _abort;
    private readonly Promotion _promotion;
    private readonly Queue<FiringStep> _steps = new();
    private Phase _phase;
    private int _level;
    private int _firing = SliceLevels.None;

    /// <param name="levels">The slices of each size.</param>
    /// <param name="stores">What each level keeps.</param>
    /// <param name="abort">Cancelled at an abort.</param>
    public LevelFiring(SliceLevels levels, SliceStore[] stores, CancellationToken abort)
    {
        _stores = stores;
        _abort = abort;
        _promotion = new Promotion(levels, stores);
    }

    private enum Phase
    {
        Begin,
        FireDelayed,
        Promote,
        FlushLate,
        FireWindows,
        Drop,
    }

    public bool IsActive => _steps.Count > 0;

    public long Sequence => _steps.Peek().Sequence;

    /// <summary>The watermark up to which all windows have fired, or are to fire.</summary>
    public long WatermarkTicks => _stores[0].Firing.WatermarkTicks;

    /// <summary>Whether delayed panes wait to be fired.</summary>
    public bool HasTick { get; private set; }

    /// <summary>Notes that the watermark has moved.</summary>
    public void Add(long sequence, long watermark)
    {
        MakeRoom();
        _steps.Enqueue(new FiringStep(sequence, watermark, WatermarkTicks));
        foreach (var store in _stores)
            store.Firing.StartAt(watermark);
    }

    /// <summary>Notes that the time of delayed panes has come.</summary>
    public void AddTick(long sequence, long clockTicks)
    {
        MakeRoom();

        // Sizes are asked one after the other, and their panes are in order once they are staged.
        _steps.Enqueue(new FiringStep(sequence, clockTicks, clockTicks, IsTick: true, IsStaged: true));
        HasTick = true;
    }

    /// <summary>Emits about as many panes as the budget says, at most; returns what is left of it.</summary>
    public int Run(int budget)
    {
        while (budget > 0 && _steps.Count > 0)
        {
            var step = _steps.Peek();
            switch (_phase)
            {
                case Phase.Begin:
                    Begin(step);
                    break;
                case Phase.FireDelayed:
                    if (TryFireDelayed(step, ref budget))
                        End();
                    break;
                case Phase.Promote:
                    if (_promotion.TryRun(step, ref budget))
                        _phase = Phase.FlushLate;
                    break;
                case Phase.FlushLate:
                    if (TryFlushLate(step, ref budget))
                        _phase = Phase.FireWindows;
                    break;
                case Phase.FireWindows:
                    if (TryFireWindows(step, ref budget))
                        _phase = Phase.Drop;
                    break;
                default:
                    if (TryDrop(step, ref budget))
                        End();
                    break;
            }
        }

        return budget;
    }

    private void MakeRoom()
    {
        // Where firing cannot keep up, what waits to be fired must not grow without end.
        while (_steps.Count >= WindowStateStore.MostFirings)
        {
            _abort.ThrowIfCancellationRequested();
            Run(WindowStateStore.PanesPerTurn);
        }
    }

    private void Begin(in FiringStep step)
    {
        _level = 0;
        _phase = step.IsTick ? Phase.FireDelayed : Phase.Promote;
        foreach (var store in _stores)
        {
            if (step.IsTick)
                store.Late.BeginAsking();
            else
                store.Firing.BeginWindows(step);
        }
    }

    private void End()
    {
        HasTick &= !_steps.Dequeue().IsTick;
        _phase = Phase.Begin;
    }

    private bool TryFireDelayed(in FiringStep step, ref int budget)
    {
        for (; _level < _stores.Length; _level++)
        {
            if (!_stores[_level].Late.TryFireDue(_stores[_level], step, ref budget))
                return false;
        }

        return true;
    }

    private bool TryFlushLate(in FiringStep step, ref int budget)
    {
        while (true)
        {
            var first = SliceLevels.None;
            for (var level = 0; level < _stores.Length; level++)
            {
                var late = _stores[level].Late;
                if (!late.TryForget(ref budget))
                    return false;
                if (late.HasExpired(_stores[level], step.Ticks)
                    && (first < 0 || TimeWindow.Compare(late.FirstWindow, _stores[first].Late.FirstWindow) < 0))
                {
                    first = level;
                }
            }

            if (first < 0)
                return true;
            if (!_stores[first].Late.TryFlushFirst(_stores[first], step.Sequence, ref budget))
                return false;
        }
    }

    private bool TryFireWindows(in FiringStep step, ref int budget)
    {
        while (budget > 0)
        {
            if (_firing < 0 && !TryFindWindow(step.Ticks))
                return true;
            if (_stores[_firing].Firing.TryFireWindow(step, ref budget))
                _firing = SliceLevels.None;
        }

        return false;
    }

    /// <summary>Finds the size whose next window is the first of all.</summary>
    private bool TryFindWindow(long watermark)
    {
        for (var level = 0; level < _stores.Length; level++)
        {
            var firing = _stores[level].Firing;
            if (firing.HasWindow(watermark)
                && (_firing < 0 || TimeWindow.Compare(firing.Window, _stores[_firing].Firing.Window) < 0))
            {
                _firing = level;
            }
        }

        return _firing >= 0;
    }

    private bool TryDrop(in FiringStep step, ref int budget)
    {
        for (; _level < _stores.Length; _level++)
        {
            if (!_stores[_level].Firing.TryDrop(step, ref budget))
                return false;
        }

        return true;
    }
}
