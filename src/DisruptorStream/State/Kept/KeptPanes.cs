using DisruptorStream.Events;
using DisruptorStream.State.Memory;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Kept;

/// <summary>
/// The panes that a query has read, by slice, until the last window of the slice expires: a later pane of the same key
/// and window takes the place of the one before it.
/// </summary>
/// <remarks>
/// The shard's thread owns it. Tables are used again, so nothing is allocated in the steady state. A key of the query
/// that is read may give up its id while its panes are kept: by then none of its windows can get another pane, and who
/// gets the id has windows of another time.
/// </remarks>
internal sealed partial class KeptPanes
{
    private readonly SliceGrid _grid;
    private readonly long _latenessTicks;
    private readonly int _width;
    private readonly SortedDeque<KeptSlice> _slices = new();
    private readonly Stack<KeptSlice> _free = new();
    private KeptSlice? _gathered;

    /// <param name="grid">The windows of the query.</param>
    /// <param name="latenessTicks">How long after their end these take events.</param>
    /// <param name="width">The values of a pane.</param>
    public KeptPanes(SliceGrid grid, long latenessTicks, int width)
    {
        _grid = grid;
        _latenessTicks = latenessTicks;
        _width = width;
    }

    /// <summary>How many panes are kept.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            for (var slice = 0; slice < _slices.Count; slice++)
                count += _slices[slice].Count;
            return count;
        }
    }

    /// <summary>Managed memory of the panes, in use or not, in bytes.</summary>
    public long BytesReserved { get; private set; }

    /// <summary>Keeps a pane.</summary>
    /// <param name="panes">Panes with their origins (<see cref="PaneOrigin"/>).</param>
    /// <param name="index">Which of them.</param>
    /// <param name="slice">The slice that it lies in.</param>
    /// <returns>Whether it takes the place of an earlier one.</returns>
    public bool Put(in EventView panes, int index, long slice)
    {
        var kept = SliceOf(slice);
        var before = kept.BytesReserved;
        var replaces = kept.Put(panes, index);
        BytesReserved += kept.BytesReserved - before;
        return replaces;
    }

    /// <summary>
    /// The panes of a key in a slice, in the order in which the first of each window came; valid until the next call.
    /// </summary>
    public EventView Of(long slice, int keyId)
    {
        _gathered ??= new KeptSlice(_width);
        return _slices.Find(slice)!.Gather(keyId, _gathered);
    }

    /// <summary>Forgets the panes of slices whose last window has expired.</summary>
    public void Forget(long watermark)
    {
        while (_slices.Count > 0
            && watermark >= TickMath.SaturatingAdd(_grid.LastEndOf(_slices.KeyAt(0)), _latenessTicks))
        {
            var slice = _slices.RemoveFirst();
            slice.Clear();
            _free.Push(slice);
        }
    }

    private KeptSlice SliceOf(long slice)
    {
        var place = _slices.IndexOf(slice);
        if (place >= 0)
            return _slices[place];
        var kept = _free.Count > 0 ? _free.Pop() : NewSlice();
        _slices.Insert(~place, slice, kept);
        return kept;
    }

    private KeptSlice NewSlice()
    {
        var kept = new KeptSlice(_width);
        BytesReserved += kept.BytesReserved;
        return kept;
    }
}
