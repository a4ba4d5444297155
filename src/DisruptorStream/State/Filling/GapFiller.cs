using DisruptorStream.State.Firing;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.State.Filling;

/// <summary>
/// The keys of a shard whose empty windows are filled, and which windows of theirs have been, for as long as late
/// events may come. The stores say which window has its turn.
/// </summary>
internal sealed unsafe partial class GapFiller : IDisposable
{
    private readonly StoreContext _context;
    private readonly SliceGrid _grid;
    private readonly GapFilling _gaps;
    private readonly int _width;
    private readonly bool[] _isCount;
    private readonly PagePool _pages;
    private readonly KeyedTable _keys;
    private readonly SortedDeque<KeySet> _filled = new();
    private readonly Stack<KeySet> _freeSets = new();
    private int _nextForgotten;

    private GapFiller(StoreContext context, SliceGrid grid, GapFilling gaps)
    {
        _context = context;
        _grid = grid;
        _gaps = gaps;
        _isCount = new bool[context.Plan.Metrics.Count];
        for (var metric = 0; metric < _isCount.Length; metric++)
            _isCount[metric] = context.Plan.Metrics[metric].IsCount;
        _width = gaps.With == GapValues.Previous ? _isCount.Length : 0;
        var template = new byte[FillState.SizeBytes + (_width * sizeof(long))];
        _pages = new PagePool(template.Length);
        _keys = new KeyedTable(_pages, template);
    }

    /// <summary>Whether any key's windows are to be filled.</summary>
    public bool HasKeys => _keys.Count > 0;

    public long BytesReserved => _pages.BytesReserved;

    /// <summary>The mark of the panes.</summary>
    public ResultFlags Flags =>
        ResultFlags.Filled | (_gaps.With == GapValues.Null ? ResultFlags.NoValues : ResultFlags.None);

    /// <summary>One where gaps are to be filled, or null.</summary>
    public static GapFiller? For(StoreContext context, SliceGrid? grid) =>
        context.Gaps is null || grid is null ? null : new GapFiller(context, grid, context.Gaps);

    /// <summary>Whether a window is complete and to be filled for the keys that have nothing in it.</summary>
    /// <param name="window">The window; long.MinValue or long.MaxValue for none.</param>
    /// <param name="watermark">The watermark.</param>
    /// <param name="newestSlice">The newest slice with an event: at the end of the input no window after it.</param>
    public bool IsToFill(long window, long watermark, long newestSlice)
    {
        if (!HasKeys || window is long.MinValue or long.MaxValue)
            return false;
        if (watermark == long.MaxValue)
            return newestSlice != long.MinValue && window <= _grid.LastWindowOf(newestSlice);
        return _grid.IsWindow(window) && _grid.WindowEnd(window) <= watermark;
    }

    /// <summary>Whether no late event can reach a window any more.</summary>
    public bool IsExpired(long window, in FiringStep step) =>
        step.Ticks >= TickMath.SaturatingAdd(_grid.WindowEnd(window), _context.AllowedLatenessTicks);

    /// <summary>The smallest id, at least the given one, of a key to be filled; -1 for none.</summary>
    public int NextKey(int fromKeyId) => _keys.NextKey(fromKeyId);

    /// <summary>Whether the key is being filled, or a late event may reach a window of it that was.</summary>
    public bool Holds(int keyId)
    {
        if (_keys.Contains(keyId))
            return true;
        for (var index = 0; index < _filled.Count; index++)
        {
            if (_filled[index].Contains(keyId))
                return true;
        }

        return false;
    }

    /// <summary>Whether the key's window was filled.</summary>
    public bool HasFilled(long window, int keyId) => _filled.Find(window)?.Contains(keyId) == true;

    /// <summary>Windows with events have fired on time: those after them are filled.</summary>
    public void OnFired(PaneGroup panes)
    {
        for (var pane = 0; pane < panes.Count; pane++)
            OnFired(panes.KeyIds[pane], panes.ValuesOf(pane), panes.FailureIndexes[pane]);
    }

    /// <summary>A window with events has fired on time: those after it are filled.</summary>
    public void OnFired(int keyId, ReadOnlySpan<long> values, int failureIndex)
    {
        var state = (FillState*)_keys.GetOrAdd(keyId);
        state->InARow = 0;
        state->FailureIndex = _width == 0 ? -1 : failureIndex;
        for (var metric = 0; metric < _width; metric++)
            ((long*)(state + 1))[metric] = _isCount[metric] ? 0 : values[metric];
    }

    /// <summary>Makes a group of keys to be filled the panes of a window.</summary>
    /// <param name="panes">With its keys.</param>
    /// <param name="window">The window.</param>
    /// <param name="step">The step of the watermark that it is complete at.</param>
    public void Fill(PaneGroup panes, long window, in FiringStep step)
    {
        for (var pane = 0; pane < panes.Count; pane++)
        {
            var values = panes.Values.Slice(pane * _isCount.Length, _isCount.Length);
            panes.FailureIndexes[pane] = Fill(panes.KeyIds[pane], values, window, step);
        }
    }

    /// <summary>Writes the values of one filled pane; returns where its failure is kept, or -1.</summary>
    public int Fill(int keyId, Span<long> values, long window, in FiringStep step)
    {
        var state = (FillState*)_keys.Find(keyId);
        if (_width == 0)
            values.Clear();
        else
            new ReadOnlySpan<long>(state + 1, _width).CopyTo(values);
        var failureIndex = state->FailureIndex;
        if (!IsExpired(window, step))
            SetOf(window).Add(keyId);
        if (++state->InARow < _gaps.MaxEmpty)
            return failureIndex;
        _keys.Remove(keyId);
        _context.Activity.Touch(keyId, step.Sequence);
        return failureIndex;
    }

    /// <summary>
    /// Forgets what no late event can reach any more, and all of it at the end of the input; true once that is done.
    /// </summary>
    /// <param name="step">The step of the watermark.</param>
    /// <param name="budget">How many keys to look at; what is left of it.</param>
    public bool TryForget(in FiringStep step, ref int budget)
    {
        while (_filled.Count > 0 && IsExpired(_filled.KeyAt(0), step))
        {
            var set = _filled[0];
            for (; set.NextKey(_nextForgotten) is var keyId and >= 0; _nextForgotten = keyId + 1, budget--)
            {
                if (budget <= 0)
                    return false;
                _context.Activity.Touch(keyId, step.Sequence);
            }

            _nextForgotten = 0;
            _filled.RemoveFirst();
            set.Clear();
            _freeSets.Push(set);
        }

        return step.Ticks != long.MaxValue || _keys.Count == 0 || _keys.TryClear(ref budget);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _pages.Dispose();
    }

    private KeySet SetOf(long window)
    {
        var place = _filled.IndexOf(window);
        if (place >= 0)
            return _filled[place];
        var set = _freeSets.Count > 0 ? _freeSets.Pop() : new KeySet();
        _filled.Insert(~place, window, set);
        return set;
    }
}
