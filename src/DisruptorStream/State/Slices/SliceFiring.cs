using System.Runtime.InteropServices;
using DisruptorStream.State.Filling;
using DisruptorStream.State.Firing;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Slices;

/// <summary>
/// What a slice store still has to emit: one entry per watermark step, worked off in order and in pieces.
/// </summary>
internal sealed unsafe partial class SliceFiring : IDisposable
{
    private readonly SliceStore _store;
    private readonly SliceGrid _grid;
    private readonly GapFiller? _filler;
    private readonly Queue<FiringStep> _steps = new();
    private readonly KeySet _keys = new();
    private readonly AggregatePlan _plan;
    private readonly PaneGroup _panes;
    private readonly nint* _records;
    private readonly byte* _folded;
    private long _watermarkTicks = long.MinValue;
    private Phase _phase;
    private long _window;
    private KeyedTable? _table;
    private KeyedTable? _dropped;
    private int _nextTouched;
    private bool _windowOpen;
    private bool _keysLeave;
    private int _nextKey;

    public SliceFiring(SliceStore store)
    {
        _store = store;
        _grid = store.Grid;
        _filler = store.Filler;
        _plan = store.Context.Plan;
        _panes = new PaneGroup(_plan.Metrics.Count);
        _records = (nint*)NativeMemory.AlignedAlloc(PaneGroup.Capacity * (nuint)sizeof(nint), 64);
        _folded = (byte*)NativeMemory.AlignedAlloc(PaneGroup.Capacity * (nuint)_plan.RecordBytes, 64);
        for (var pane = 0; pane < PaneGroup.Capacity; pane++)
            _plan.Initialize(_folded + (pane * _plan.RecordBytes));
    }

    private enum Phase
    {
        Begin,
        FireDelayed,
        FlushLate,
        FireWindows,
        DropSlices,
        DropFolds,
        DropFilled,
    }

    public bool IsActive => _steps.Count > 0;

    public long Sequence => _steps.Peek().Sequence;

    /// <summary>The watermark up to which all windows have fired, or are to fire.</summary>
    public long WatermarkTicks => _watermarkTicks;

    /// <summary>Takes over how far an earlier one came. Before anything fires.</summary>
    public void StartAt(long watermark) => _watermarkTicks = watermark;

    /// <summary>Whether delayed panes wait to be fired.</summary>
    public bool HasTick { get; private set; }

    /// <summary>Notes that the watermark has moved.</summary>
    public void Add(long sequence, long watermark)
    {
        MakeRoom();
        _steps.Enqueue(new FiringStep(sequence, watermark, _watermarkTicks));
        _watermarkTicks = watermark;
    }

    /// <summary>Notes that the time of delayed panes has come.</summary>
    public void AddTick(long sequence, long clockTicks, bool isStaged)
    {
        MakeRoom();
        _steps.Enqueue(new FiringStep(sequence, clockTicks, clockTicks, IsTick: true, isStaged));
        HasTick = true;
    }

    /// <summary>Whether a change of the slice would alter what is still to be emitted.</summary>
    public bool Reads(long slice) =>
        _steps.Count > 0 && _grid.FirstWindowOf(slice) < _grid.FirstWindowEndingAfter(_watermarkTicks);

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
                    if (_store.Late.TryFireDue(_store, step, ref budget))
                        End();
                    break;
                case Phase.FlushLate:
                    if (_store.Late.TryFlushExpired(_store, step, ref budget))
                        _phase = Phase.FireWindows;
                    break;
                case Phase.FireWindows:
                    budget = FireWindows(step, budget);
                    break;
                case Phase.DropSlices:
                    if (TryDropSlices(step, ref budget))
                        _phase = Phase.DropFolds;
                    break;
                case Phase.DropFolds:
                    if (TryDropFolds(ref budget))
                        _phase = Phase.DropFilled;
                    break;
                default:
                    if (_filler is null || _filler.TryForget(step, ref budget))
                        End();
                    break;
            }
        }

        return budget;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_records);
        NativeMemory.AlignedFree(_folded);
    }

    private void MakeRoom()
    {
        // Where firing cannot keep up, what waits to be fired must not grow without end.
        while (_steps.Count >= WindowStateStore.MostFirings)
        {
            _store.Context.Abort.ThrowIfCancellationRequested();
            Run(WindowStateStore.PanesPerTurn);
        }
    }

    private void Begin(in FiringStep step)
    {
        if (step.IsTick)
        {
            _phase = Phase.FireDelayed;
            _store.Late.BeginAsking();
            return;
        }

        _phase = Phase.FlushLate;
        BeginWindows(step);
    }

    private void End()
    {
        HasTick &= !_steps.Dequeue().IsTick;
        _phase = Phase.Begin;
    }

    private bool TryDropFolds(ref int budget)
    {
        var slices = _store.Slices;
        return _store.Folds.TryDropBefore(slices.Count > 0 ? slices.KeyAt(0) : long.MaxValue, ref budget);
    }

    /// <summary>Gives up slices whose last window has expired; true once there are none.</summary>
    private bool TryDropSlices(in FiringStep step, ref int budget)
    {
        while (true)
        {
            if (_dropped is not null)
            {
                if (!_dropped.TryClear(ref budget))
                    return false;
                _store.Recycle(_dropped);
                _dropped = null;
            }

            var slices = _store.Slices;
            if (slices.Count == 0 || !_store.IsExpired(_grid.LastEndOf(slices.KeyAt(0)), step.Ticks))
                return true;
            var first = slices[0];
            if (!first.IsBeingLeft
                && !_store.Context.Activity.TryTouch(first, step.Sequence, ref _nextTouched, ref budget))
            {
                return false;
            }

            _nextTouched = 0;
            _dropped = _store.RemoveFirst();
        }
    }

    private int FireWindows(in FiringStep step, int budget)
    {
        while (budget > 0)
        {
            if (!_windowOpen && !TryOpenNextWindow(step.Ticks, ref budget))
                return budget;
            budget = FireKeys(step, budget);
        }

        return budget;
    }

    /// <summary>
    /// Finds the next complete window that has state; false where there is none, or the budget does not last. Empty
    /// stretches of time cost nothing.
    /// </summary>
    private bool TryOpenNextWindow(long watermark, ref int budget)
    {
        if (!FindWindowToFill(watermark, out var index) && !FindNextWindow(watermark, out index))
        {
            _phase = Phase.DropSlices;
            return false;
        }

        var first = _grid.FirstSliceOf(_window);
        var end = _grid.EndSliceOf(_window);
        if (index == _store.Slices.Count || _store.Slices.KeyAt(index) >= end)
        {
            _table = null;
            _keys.Clear();
        }
        else
        {
            _table = end - first == 1 ? _store.Slices[index] : null;
            if (_table is null && !_store.Folds.TryOpen(first, end, _keys, ref budget))
                return false;
            if (_store.FollowsNewest)
                KeepKeysOf(end - 1);
        }

        // A table that is given up after this is emptied as it is read, while its records are in cache.
        _keysLeave = _table is not null
            && _filler is null
            && _store.IsExpired(_grid.LastEndOf(first), watermark)
            && _table.TryBeginLeaving();

        _windowOpen = true;
        _nextKey = 0;
        return true;
    }

    private void KeepKeysOf(long slice)
    {
        _keys.Clear();
        _store.Slices.Find(slice)?.UnionInto(_keys);
    }

    private bool FindNextWindow(long watermark, out int index)
    {
        index = 0;

        // The end of input may come more than once, and no window ends after it.
        if (_window == long.MaxValue)
            return false;
        var slices = _store.Slices;
        index = _window == long.MinValue ? 0 : slices.FirstAtOrAfter(_grid.FirstSliceOf(_window));
        if (index == slices.Count)
            return false;
        _window = Math.Max(_window, _grid.FirstWindowOf(slices.KeyAt(index)));
        return _grid.WindowEnd(_window) <= watermark;
    }

    private int FireKeys(in FiringStep step, int budget)
    {
        if (_filler is not null)
            return FireAndFill(step, budget);
        var last = _store.IsExpired(_grid.WindowEnd(_window), step.Ticks);
        _panes.Headers[0] = _store.HeaderOf(step.Sequence, _window, PaneTiming.OnTime, last);
        var sizeTicks = _grid.WindowTicks(_window);
        while (budget > 0)
        {
            var from = _nextKey;
            var count = Gather(Math.Min(budget, PaneGroup.Capacity));
            if (count == 0)
            {
                CloseWindow();
                return budget;
            }

            _plan.ReadEach(_records, new(in sizeTicks), _panes.Values, _panes.FailureIndexes[..count]);
            if (_keysLeave)
            {
                _table!.Leave(from, _nextKey);
                _store.Context.Activity.Touch(_panes.KeyIds[..count], step.Sequence);
            }

            _store.Context.Counters.WindowsFired += count;
            _store.Context.Output.Write(_panes);
            budget -= count;
        }

        return budget;
    }

    private void CloseWindow()
    {
        _windowOpen = false;
        _window = _grid.NextWindow(_window);
    }

    /// <summary>Finds the records of the next keys of the open window.</summary>
    private int Gather(int most)
    {
        var keyIds = _panes.KeyIds[..most];
        if (_table is not null)
            return _panes.Count = _table.Collect(ref _nextKey, keyIds, _records);
        var count = 0;
        for (; count < most; count++)
        {
            var keyId = _keys.NextKey(_nextKey);
            if (keyId < 0)
                break;
            _records[count] = (nint)_store.Folds.Fold(keyId, _folded + (count * _plan.RecordBytes));
            keyIds[count] = keyId;
            _nextKey = keyId + 1;
        }

        return _panes.Count = count;
    }
}
