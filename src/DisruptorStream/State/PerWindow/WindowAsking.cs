using DisruptorStream.State.Firing;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.PerWindow;

/// <summary>Asks the triggers of all windows at a tick, a part at a time, in the order of windows and keys.</summary>
/// <remarks>
/// Events may come before all are asked. Who changes a record asks its trigger first, and the record is marked until
/// its turn, when it is passed over. So the answers are those of the moment of the tick.
/// </remarks>
internal sealed unsafe class WindowAsking
{
    private readonly StoreContext _context;
    private readonly WindowList _windows;
    private readonly PaneRecords _panes;
    private FiringStep _tick;
    private int _index;
    private int _nextKey;

    public WindowAsking(StoreContext context, WindowList windows, PaneRecords panes)
    {
        _context = context;
        _windows = windows;
        _panes = panes;
    }

    /// <summary>Whether a tick is under way, or waits for what is due before it.</summary>
    public bool IsActive { get; private set; }

    /// <summary>No trigger wants to be asked before this time. Known when no tick is under way.</summary>
    public long NextDeadlineTicks { get; private set; } = long.MaxValue;

    /// <summary>A tick has come. No other one is under way.</summary>
    public void Begin(in FiringStep tick)
    {
        _tick = tick;
        (_index, _nextKey) = (0, 0);
        IsActive = true;
        NextDeadlineTicks = long.MaxValue;
    }

    /// <summary>The next tick asks all triggers.</summary>
    public void AskAtNextTick() => NextDeadlineTicks = long.MinValue;

    public void NoteDeadline(byte* record, bool isLate) =>
        NextDeadlineTicks = Math.Min(NextDeadlineTicks, _panes.DeadlineTicks(record, isLate));

    /// <summary>A window was inserted into the list.</summary>
    public void NoteInserted(int index)
    {
        if (!IsActive || index > _index)
            return;

        // At the very place of the next key it comes first, and has no key yet.
        _index++;
    }

    /// <summary>Asks for one key of a window, which is about to change, unless that was done.</summary>
    public void AskFirst(OpenWindow window, int keyId)
    {
        var record = window.Table.Find(keyId);
        if (record == null || !IsAhead(window, keyId) || IsMarked(record))
            return;
        Ask(window, record, keyId, isStaged: true);
        PaneRecords.StateOf(record)->Marks |= PaneMarks.Due;
    }

    /// <summary>The key is new in the window: there is nothing to ask for at this tick.</summary>
    public void PassOver(OpenWindow window, int keyId, byte* record)
    {
        if (IsAhead(window, keyId))
            PaneRecords.StateOf(record)->Marks |= PaneMarks.Due;
    }

    /// <summary>Asks for as many keys as the budget allows; true once all were asked for.</summary>
    public bool TryFinish(in FiringStep tick, ref int budget)
    {
        for (; _index < _windows.Count; _index++, _nextKey = 0)
        {
            var window = _windows[_index];
            for (; window.Table.NextKey(_nextKey) is var keyId and >= 0; _nextKey = keyId + 1, budget--)
            {
                if (budget <= 0)
                    return false;
                var record = window.Table.Find(keyId);
                if (IsMarked(record))
                    PaneRecords.StateOf(record)->Marks &= ~PaneMarks.Due;
                else if (Has(record, PaneMarks.Counted))
                    Ask(window, record, keyId, tick.IsStaged);
            }
        }

        IsActive = false;
        return true;
    }

    private static bool IsMarked(byte* record) => Has(record, PaneMarks.Due);

    private static bool Has(byte* record, PaneMarks mark) =>
        (PaneRecords.StateOf(record)->Marks & mark) != PaneMarks.None;

    private bool IsAhead(OpenWindow window, int keyId)
    {
        if (_index >= _windows.Count)
            return false;
        var order = TimeWindow.Compare(window.Span, _windows[_index].Span);
        return order > 0 || (order == 0 && keyId >= _nextKey);
    }

    private void Ask(OpenWindow window, byte* record, int keyId, bool isStaged)
    {
        // The end by the clock of the deadlines, which the time of day is ahead of.
        var endTicks = TickMath.SaturatingSubtract(window.Span.EndTicks, _tick.FromTicks - _tick.Ticks);
        if (_panes.OnClock(record, endTicks, _tick.Ticks, window.IsCompleted))
        {
            var timing = window.IsCompleted ? PaneTiming.Late : PaneTiming.Early;
            var header = WindowFiring.HeaderOf(window.Span, _tick.Sequence, keyId, timing, ResultFlags.None);
            _panes.Emit(record, header, isStaged);
        }

        NoteDeadline(record, window.IsCompleted);
    }
}
