using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment.Slices;

/// <summary>The two slices located last: events out of order go back and forth between two as a rule.</summary>
internal struct RecentSlices : IRecentSlices
{
    private readonly SliceGrid _grid;
    private readonly long _latenessTicks;
    private LocatedSlice _current;
    private LocatedSlice _previous;

    public RecentSlices(SliceGrid grid, long latenessTicks)
    {
        _grid = grid;
        _latenessTicks = latenessTicks;
        (_current, _previous) = (default, default);
    }

    /// <summary>The slice of the time located last.</summary>
    [UnscopedRef]
    public readonly ref readonly LocatedSlice Current => ref _current;

    public readonly long Slice => _current.Index;

    public readonly long StartTicks => _current.StartTicks;

    public readonly long EndTicks => _current.EndTicks;

    /// <summary>Makes the slice of a time the current one; false where none that can be numbered holds it.</summary>
    public bool TryLocate(long time)
    {
        if (_current.Holds(time))
            return true;

        if (_previous.Holds(time))
        {
            (_current, _previous) = (_previous, _current);
            return true;
        }

        if (!_grid.TryLocate(time, out var slice))
            return false;
        _previous = _current;
        _current = new LocatedSlice(_grid, slice, _latenessTicks);
        return true;
    }

    /// <summary>
    /// Whether the two are neighbors of which each window is open at the watermark: every event is then accepted, into
    /// windows that are all incomplete.
    /// </summary>
    public readonly bool TryPair(long watermark, OpenSlices open, out SlicePair pair)
    {
        pair = default;
        if (_previous.StartTicks == _previous.EndTicks
            || Math.Min(_current.FirstEndTicks, _previous.FirstEndTicks) <= watermark)
        {
            return false;
        }

        ref readonly var older = ref _current.Index < _previous.Index ? ref _current : ref _previous;
        ref readonly var newer = ref _current.Index < _previous.Index ? ref _previous : ref _current;
        if (older.Index + 1 != newer.Index || !open.Contains(older.Index) || !open.Contains(newer.Index))
            return false;
        pair = new SlicePair(newer.Index, older.StartTicks, newer.StartTicks, newer.EndTicks);
        return true;
    }
}
