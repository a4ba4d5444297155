using DisruptorStream.Events;
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
    private long _nextDeadlineTicks = long.MaxValue;

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
        // number 0.
        if (added && store.Folds.Holds(_grid.FirstSliceOf(window), _grid.EndSliceOf(window), keyId))
            state->NextIndex = 1;
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
        var seen = new TriggerContext(one.Slots->Timestamp, one.Slots->Measure, clockTicks, span);
        if (trigger.OnEvent((byte*)(state + 1), seen))
            Emit(store, state, one.FirstSequence, window, keyId, last: false);
        else
            _nextDeadlineTicks = Math.Min(_nextDeadlineTicks, trigger.DeadlineTicks((byte*)(state + 1)));
    }

    /// <summary>Fires the delayed panes whose time has come.</summary>
    public void FireDue(SliceStore store, long sequence, long clockTicks)
    {
        var trigger = _context.Late!;
        var probe = new AbortProbe(_context.Abort);
        _nextDeadlineTicks = long.MaxValue;
        for (var i = 0; i < _windows.Count; i++)
        {
            var table = _windows[i];
            for (var keyId = table.NextKey(0); keyId >= 0; keyId = table.NextKey(keyId + 1))
            {
                probe.Step();
                var state = (PaneState*)table.Find(keyId);
                var memory = (byte*)(state + 1);
                if (clockTicks >= trigger.DeadlineTicks(memory) && trigger.OnClock(memory, clockTicks))
                    Emit(store, state, sequence, _windows.KeyAt(i), keyId, last: false);
                _nextDeadlineTicks = Math.Min(_nextDeadlineTicks, trigger.DeadlineTicks(memory));
            }
        }
    }

    /// <summary>
    /// Emits what is pending in the windows that expire, and forgets them. Returns the panes emitted.
    /// </summary>
    public int FlushExpired(SliceStore store, long sequence, long watermark)
    {
        var probe = new AbortProbe(_context.Abort);
        var emitted = 0;
        while (_windows.Count > 0 && store.IsExpired(_grid.WindowEnd(_windows.KeyAt(0)), watermark))
        {
            var window = _windows.KeyAt(0);
            var table = _windows.RemoveFirst();
            for (var keyId = table.NextKey(0); keyId >= 0; keyId = table.NextKey(keyId + 1))
            {
                probe.Step();
                var state = (PaneState*)table.Find(keyId);
                if (!state->HasPending)
                    continue;
                Emit(store, state, sequence, window, keyId, last: true);
                emitted++;
            }

            table.Clear();
            _freeTables.Push(table);
        }

        return emitted;
    }

    public void Dispose() => _pages.Dispose();

    private void Emit(SliceStore store, PaneState* state, long sequence, long window, int keyId, bool last)
    {
        var values = store.ReadWindow(window, keyId, out var failure);
        var header = store.HeaderOf(sequence, window, keyId, state->NextIndex, PaneTiming.Late, last);
        header.FailureIndex = failure;
        _context.Output.Stage(header, values);
        state->NextIndex++;
        state->ClearPending();
        _context.Late?.OnPane((byte*)(state + 1));
    }
}
