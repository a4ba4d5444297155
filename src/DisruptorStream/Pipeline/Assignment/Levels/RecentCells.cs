using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Pipeline.Assignment.Levels;

/// <summary>The two cells located last: events out of order go back and forth between two as a rule.</summary>
internal struct RecentCells : IRecentSlices
{
    private readonly SliceLevels _levels;
    private LevelCell _current;
    private LevelCell _previous;

    /// <param name="levels">The slices of each size.</param>
    /// <param name="latenessTicks">How long after its end a window still takes events.</param>
    public RecentCells(SliceLevels levels, long latenessTicks)
    {
        _levels = levels;
        _current = new LevelCell(levels, latenessTicks);
        _previous = new LevelCell(levels, latenessTicks);
    }

    /// <summary>The cell of the time located last.</summary>
    public readonly LevelCell Current => _current;

    public readonly long Slice => _current.Slices[0];

    public readonly long StartTicks => _current.StartTicks;

    public readonly long EndTicks => _current.EndTicks;

    /// <summary>Makes the cell of a time the current one; false where none that can be numbered holds it.</summary>
    public bool TryLocate(long time)
    {
        if (_current.Holds(time))
            return true;
        (_current, _previous) = (_previous, _current);
        return _current.Holds(time) || _current.TryLocate(time);
    }

    /// <summary>
    /// Whether the two are neighbors of which each window of each size is open at the watermark: every event is then
    /// accepted, into windows that are all incomplete. There is one root.
    /// </summary>
    public readonly bool TryPair(long watermark, OpenSlices[] open, out SlicePair pair)
    {
        pair = default;
        if (_previous.StartTicks == _previous.EndTicks
            || Math.Min(_current.FirstEndTicks, _previous.FirstEndTicks) <= watermark)
        {
            return false;
        }

        var (older, newer) = _current.StartTicks < _previous.StartTicks ? (_current, _previous) : (_previous, _current);
        if (older.Slices[0] + 1 != newer.Slices[0] || older.EndTicks <= watermark)
            return false;
        for (var level = 0; level < _levels.Count; level++)
        {
            if (!IsOpen(older, level, open[level]) || !IsOpen(newer, level, open[level]))
                return false;
        }

        pair = new SlicePair(newer.Slices[0], older.StartTicks, newer.StartTicks, newer.EndTicks);
        return true;
    }

    private static bool IsOpen(LevelCell cell, int level, OpenSlices open) =>
        cell.IsHoleOf(level) || open.Contains(cell.Slices[level]);
}
