using DisruptorStream.State.Filling;
using DisruptorStream.State.Firing;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.PerWindow;

/// <summary>
/// What a window store still has to emit: one entry per watermark step, worked off in order and in pieces.
/// </summary>
internal sealed unsafe partial class WindowFiring : IDisposable
{
    private readonly StoreContext _context;
    private readonly WindowList _windows;
    private readonly PaneRecords _panes;
    private readonly KeyWindowCounts _counts;
    private readonly WindowAsking _asking;
    private readonly Queue<FiringStep> _steps = new();
    private readonly SliceGrid? _grid;
    private readonly GapFiller? _filler;
    private int _index;
    private OpenWindow? _closed;
    private bool _windowOpen;
    private bool _onTime;
    private int _nextKey;

    /// <param name="context">The shard.</param>
    /// <param name="windows">The windows that are open.</param>
    /// <param name="panes">Their records.</param>
    /// <param name="counts">How many of them each key has.</param>
    /// <param name="grid">Where windows lie; null for those of a user's rule.</param>
    public WindowFiring(
        StoreContext context,
        WindowList windows,
        PaneRecords panes,
        KeyWindowCounts counts,
        SliceGrid? grid)
    {
        _grid = grid;
        _filler = GapFiller.For(context, grid);
        _filledValues = new long[context.Plan.Metrics.Count];
        _context = context;
        _windows = windows;
        _panes = panes;
        _counts = counts;
        _asking = new WindowAsking(context, windows, panes);
    }

    /// <summary>The tick that is under way, and when the next one is due.</summary>
    public WindowAsking Asking => _asking;

    public bool IsActive => _steps.Count > 0;

    public long Sequence => _steps.Peek().Sequence;

    /// <summary>The watermark that has been reached, fired or not.</summary>
    public long WatermarkTicks { get; private set; } = long.MinValue;

    /// <summary>
    /// The newest slice in which any key has had an accepted event: how far gaps are filled at the end of the input.
    /// </summary>
    public long NewestSlice { get; set; } = long.MinValue;

    /// <summary>Nothing is due before this watermark.</summary>
    public long NextDueTicks { get; private set; } = long.MaxValue;

    public static ResultHeader HeaderOf(
        in TimeWindow span, long sequence, int keyId, PaneTiming timing, ResultFlags flags) => new()
        {
            Sequence = sequence,
            StartTicks = span.StartTicks,
            EndTicks = span.EndTicks,
            OrderStartTicks = span.StartTicks,
            OrderEndTicks = span.EndTicks,
            KeyId = keyId,
            FailureIndex = -1,
            Timing = timing,
            Flags = flags,
        };

    /// <summary>Notes that the watermark has moved.</summary>
    public void Add(long sequence, long watermark)
    {
        MakeRoom();
        _steps.Enqueue(new FiringStep(sequence, watermark, WatermarkTicks));
        WatermarkTicks = watermark;
    }

    /// <summary>Notes that the time of delayed panes has come. No other tick waits.</summary>
    public void AddTick(in FiringStep tick)
    {
        MakeRoom();
        _steps.Enqueue(tick);
    }

    /// <summary>A window was opened.</summary>
    public void NoteWindow(OpenWindow window) => NextDueTicks = Math.Min(NextDueTicks, DueOf(window));

    /// <summary>Emits about as many panes as the budget says, at most; returns what is left of it.</summary>
    public int Run(int budget)
    {
        while (budget > 0 && _steps.Count > 0)
        {
            var step = _steps.Peek();
            if (step.IsTick)
            {
                if (_asking.TryFinish(step, ref budget))
                    _steps.Dequeue();
            }
            else if (_closed is not null)
            {
                TryRecycle(ref budget);
            }
            else if (_filler is not null)
            {
                budget = FireAndFill(step, budget);
            }
            else if (_windowOpen || OpenNextWindow(step.Ticks))
            {
                budget = FireKeys(step.Sequence, step.Ticks, budget);
            }
            else
            {
                End();
            }
        }

        return budget;
    }

    /// <summary>Gives a key's window up: what it holds and has not shown goes out in a last pane.</summary>
    public void Evict(OpenWindow window, int keyId, long sequence)
    {
        var record = window.Table.Find(keyId);
        if (!window.IsCompleted || PaneRecords.StateOf(record)->HasPending)
        {
            var timing = window.IsCompleted ? PaneTiming.Late : PaneTiming.Early;
            var header = HeaderOf(window.Span, sequence, keyId, timing, ResultFlags.Last | ResultFlags.Evicted);
            _panes.Emit(record, header, staged: true);
        }

        window.Table.Remove(keyId);
        _counts.Remove(keyId);
        _context.Counters.WindowsEvicted++;
        _context.Counters.WindowsClosed++;
    }

    private void MakeRoom()
    {
        // Where firing cannot keep up, what waits to be fired must not grow without end.
        while (_steps.Count >= WindowStateStore.MostFirings)
        {
            _context.Abort.ThrowIfCancellationRequested();
            Run(WindowStateStore.PanesPerTurn);
        }
    }

    private void End()
    {
        _steps.Dequeue();
        _index = 0;
        NoteNextDue();
    }

    private bool OpenNextWindow(long watermark)
    {
        for (; _index < _windows.Count && _windows[_index].Span.EndTicks <= watermark; _index++)
        {
            var window = _windows[_index];
            if (window.IsCompleted && !IsExpired(window, watermark))
                continue;
            _onTime = !window.IsCompleted;
            window.IsCompleted = true;
            _windowOpen = true;
            _nextKey = 0;
            return true;
        }

        return false;
    }

    private int FireKeys(long sequence, long watermark, int budget)
    {
        var window = _windows[_index];
        var expired = IsExpired(window, watermark);
        var timing = _onTime ? PaneTiming.OnTime : PaneTiming.Late;
        for (; budget > 0; budget--)
        {
            var keyId = window.Table.NextKey(_nextKey);
            if (keyId < 0)
            {
                CloseWindow(expired);
                return budget;
            }

            FireKey(window, keyId, sequence, timing, expired);
            _nextKey = keyId + 1;
        }

        return budget;
    }

    private void FireKey(OpenWindow window, int keyId, long sequence, PaneTiming timing, bool expired)
    {
        var record = window.Table.Find(keyId);
        if (_onTime || PaneRecords.StateOf(record)->HasPending)
        {
            var flags = expired ? ResultFlags.Last : ResultFlags.None;
            _panes.Emit(record, HeaderOf(window.Span, sequence, keyId, timing, flags), staged: false);
        }

        if (expired)
            Close(keyId, sequence);
    }

    private void CloseWindow(bool expired)
    {
        _windowOpen = false;
        if (expired)
            _closed = _windows.RemoveAt(_index);
        else
            _index++;
    }

    /// <summary>The window is not one of the key's any more.</summary>
    private void Close(int keyId, long sequence)
    {
        _context.Activity.Touch(keyId, sequence);
        _context.Counters.WindowsClosed++;
        _counts.Remove(keyId);
    }

    private void TryRecycle(ref int budget)
    {
        if (!_closed!.Table.TryClear(ref budget))
            return;
        _windows.Recycle(_closed);
        _closed = null;
    }

    private bool IsExpired(OpenWindow window, long watermark) =>
        watermark >= TickMath.SaturatingAdd(window.Span.EndTicks, _context.AllowedLatenessTicks);

    private long DueOf(OpenWindow window) => window.IsCompleted
        ? TickMath.SaturatingAdd(window.Span.EndTicks, _context.AllowedLatenessTicks)
        : window.Span.EndTicks;

    /// <summary>Looks at all windows for the next watermark at which something is due.</summary>
    public void NoteNextDue()
    {
        NextDueTicks = long.MaxValue;
        for (var i = 0; i < _windows.Count; i++)
        {
            NoteWindow(_windows[i]);
            if (!_windows[i].IsCompleted)
                return;
        }
    }
}
