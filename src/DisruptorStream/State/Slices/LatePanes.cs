using DisruptorStream.Events;
using DisruptorStream.State.Firing;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Slices;

/// <summary>
/// Pane counters of the complete windows that a late event has reached. Most windows never get an entry here.
/// </summary>
internal sealed unsafe partial class LatePanes : IDisposable
{
    private readonly StoreContext _context;
    private readonly SliceGrid _grid;
    private readonly PagePool _pages;
    private readonly byte[] _identity;
    private readonly Stack<KeyedTable> _freeTables = new();
    private readonly SortedDeque<KeyedTable> _windows = new();
    private KeyedTable? _forgotten;
    private long _nextDeadlineTicks = long.MaxValue;
    private int _askedWindow;
    private int _nextKey;

    public LatePanes(StoreContext context, SliceGrid grid)
    {
        _context = context;
        _grid = grid;
        _identity = new byte[PaneState.SizeBytes + (context.Late?.StateBytes ?? 0)];
        _pages = new PagePool(_identity.Length);
    }

    public long BytesReserved => _pages.BytesReserved;

    public bool IsDue(long clockTicks) => clockTicks >= _nextDeadlineTicks;

    /// <summary>Makes sure the window has an entry for the key. Call before the event is folded in.</summary>
    public void Open(SliceStore store, long window, int keyId)
    {
        var place = _windows.IndexOf(window);
        if (place < 0)
        {
            place = ~place;
            var fresh = _freeTables.Count > 0 ? _freeTables.Pop() : new KeyedTable(_pages, _identity);
            _windows.Insert(place, window, fresh);
        }

        var state = (PaneState*)_windows[place].GetOrAdd(keyId, out var added);

        // Without an entry so far, all the key has in the window came before its completion, and the on-time pane was
        // number 0; as it was where the window was filled.
        var end = _grid.EndSliceOf(window);
        var first = store.FollowsNewest ? end - 1 : _grid.FirstSliceOf(window);
        if (added && (store.Folds.Holds(first, end, keyId)
            || store.Filler?.HasFilled(window, keyId) == true))
        {
            state->NextIndex = 1;
        }
    }

    /// <summary>A late event was folded in: the trigger decides whether a pane is due.</summary>
    public void OnEvent(SliceStore store, long window, in EventView one, long clockTicks)
    {
        var keyId = one.Slots->KeyId;
        var state = (PaneState*)_windows.Find(window)!.Find(keyId);
        state->AddPending();
        if (_context.Late is not { } trigger)
            return;
        var span = new TimeWindow(_grid.WindowStart(window), _grid.WindowEnd(window));
        var seen = new TriggerContext(one.Slots->TimestampTicks, one.Slots->Measure, clockTicks, span);
        if (trigger.OnEvent((byte*)(state + 1), seen))
            Emit(store, state, one.CauseOf(0), window, keyId, last: false, isStaged: true);
        else
            _nextDeadlineTicks = Math.Min(_nextDeadlineTicks, trigger.DeadlineTicks((byte*)(state + 1)));
    }

    /// <summary>Makes ready to ask the trigger of every late pane. Late events wait until all were asked.</summary>
    public void BeginAsking()
    {
        (_askedWindow, _nextKey) = (0, 0);
        _nextDeadlineTicks = long.MaxValue;
    }

    /// <summary>Fires the delayed panes whose time has come; true once the trigger was asked of all.</summary>
    /// <param name="store">The slices.</param>
    /// <param name="step">The tick.</param>
    /// <param name="budget">How many panes to ask for; what is left of it.</param>
    public bool TryFireDue(SliceStore store, in FiringStep step, ref int budget)
    {
        var trigger = _context.Late!;
        for (; _askedWindow < _windows.Count; _askedWindow++, _nextKey = 0)
        {
            var table = _windows[_askedWindow];
            for (; table.NextKey(_nextKey) is var keyId and >= 0; _nextKey = keyId + 1, budget--)
            {
                if (budget <= 0)
                    return false;
                var state = (PaneState*)table.Find(keyId);
                var memory = (byte*)(state + 1);
                if (step.Ticks >= trigger.DeadlineTicks(memory) && trigger.OnClock(memory, step.Ticks))
                {
                    var window = _windows.KeyAt(_askedWindow);
                    Emit(store, state, step.Sequence, window, keyId, last: false, step.IsStaged);
                }

                _nextDeadlineTicks = Math.Min(_nextDeadlineTicks, trigger.DeadlineTicks(memory));
            }
        }

        _nextKey = 0;
        return true;
    }

    /// <summary>The oldest window that has an entry; there is one.</summary>
    public TimeWindow FirstWindow =>
        new(_grid.WindowStart(_windows.KeyAt(0)), _grid.WindowEnd(_windows.KeyAt(0)));

    /// <summary>Whether the oldest window with an entry has expired.</summary>
    public bool HasExpired(SliceStore store, long watermark) =>
        _windows.Count > 0 && store.IsExpired(_grid.WindowEnd(_windows.KeyAt(0)), watermark);

    /// <summary>
    /// Emits what is pending in the windows that expire, and forgets them; true once all is done.
    /// </summary>
    /// <param name="store">The slices.</param>
    /// <param name="step">The step of the watermark.</param>
    /// <param name="budget">How many panes to look at; what is left of it.</param>
    public bool TryFlushExpired(SliceStore store, in FiringStep step, ref int budget)
    {
        while (true)
        {
            if (!TryForget(ref budget))
                return false;
            if (!HasExpired(store, step.Ticks))
                return true;
            if (!TryFlushFirst(store, step.Sequence, ref budget))
                return false;
        }
    }

    /// <summary>Emits what is pending in the oldest window, which has expired; true once all is.</summary>
    /// <param name="store">The slices.</param>
    /// <param name="sequence">The sequence of the step.</param>
    /// <param name="budget">How many panes to look at; what is left of it.</param>
    public bool TryFlushFirst(SliceStore store, long sequence, ref int budget)
    {
        var window = _windows.KeyAt(0);
        var table = _windows[0];
        for (; table.NextKey(_nextKey) is var keyId and >= 0; _nextKey = keyId + 1, budget--)
        {
            if (budget <= 0)
                return false;
            var state = (PaneState*)table.Find(keyId);
            if (state->HasPending)
                Emit(store, state, sequence, window, keyId, last: true, isStaged: false);
        }

        _forgotten = _windows.RemoveFirst();
        _nextKey = 0;
        return true;
    }

    /// <summary>Forgets the window that was flushed last; true once it is done.</summary>
    public bool TryForget(ref int budget)
    {
        if (_forgotten is null)
            return true;
        if (!_forgotten.TryClear(ref budget))
            return false;
        _freeTables.Push(_forgotten);
        _forgotten = null;
        return true;
    }

    public void Dispose() => _pages.Dispose();

    private void Emit(
        SliceStore store, PaneState* state, long sequence, long window, int keyId, bool last, bool isStaged)
    {
        var values = store.ReadWindow(window, keyId, out var failure);
        var header = store.HeaderOf(sequence, window, keyId, state->NextIndex, PaneTiming.Late, last);
        header.FailureIndex = failure;
        if (isStaged)
            _context.Output.Stage(header, values);
        else
            _context.Output.Write(header, values);
        state->NextIndex++;
        state->ClearPending();
        _context.Late?.OnPane((byte*)(state + 1));
    }
}
