using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Pipeline.Assignment.Levels;

/// <summary>
/// What lies in one slice of each size, and what window assignment asks of it for every run. Reused.
/// </summary>
internal sealed class LevelCell
{
    private readonly SliceLevels _levels;
    private readonly long _latenessTicks;
    private readonly long[] _slices;
    private readonly long[] _expiries;
    private readonly bool[] _holes;

    /// <param name="levels">The slices of each size.</param>
    /// <param name="latenessTicks">How long after its end a window still takes events.</param>
    public LevelCell(SliceLevels levels, long latenessTicks)
    {
        _levels = levels;
        _latenessTicks = latenessTicks;
        _slices = new long[levels.Count];
        _expiries = new long[levels.Count];
        _holes = new bool[levels.Count];
    }

    /// <summary>The slice of each level.</summary>
    public ReadOnlySpan<long> Slices => _slices;

    public long StartTicks { get; private set; }

    /// <summary>The start, before the first time was located.</summary>
    public long EndTicks { get; private set; }

    /// <summary>Whether it is in no window of any size.</summary>
    public bool IsHole { get; private set; }

    /// <summary>The watermark from which on its events are too late for all windows of all sizes.</summary>
    public long ExpiryTicks { get; private set; }

    /// <summary>The end of the window that completes first; long.MinValue where a root has none.</summary>
    public long FirstEndTicks { get; private set; }

    public bool Holds(long time) => time >= StartTicks && time < EndTicks;

    /// <summary>Whether a level takes its events at a watermark.</summary>
    public bool IsTaken(int level, long watermark) => !_holes[level] && watermark < _expiries[level];

    /// <summary>Whether it is in no window of a level.</summary>
    public bool IsHoleOf(int level) => _holes[level];

    /// <summary>Becomes the cell of a time; false where none that can be numbered holds it.</summary>
    public bool TryLocate(long time)
    {
        var grids = _levels.Grids;
        for (var level = 0; level < grids.Length; level++)
        {
            if (grids[level].TryLocate(time, out _slices[level]))
                continue;
            (StartTicks, EndTicks) = (0, 0);
            return false;
        }

        (StartTicks, EndTicks) = (long.MinValue, long.MaxValue);
        (ExpiryTicks, FirstEndTicks, IsHole) = (long.MinValue, long.MaxValue, true);
        for (var level = 0; level < grids.Length; level++)
            Add(level, grids[level], _slices[level]);
        return true;
    }

    private void Add(int level, SliceGrid grid, long slice)
    {
        var isRoot = _levels.FeederOf(level) == SliceLevels.None;
        if (isRoot)
        {
            StartTicks = Math.Max(StartTicks, grid.SliceStart(slice));
            EndTicks = Math.Min(EndTicks, grid.SliceEnd(slice));
        }

        _holes[level] = grid.IsHole(slice);
        if (_holes[level])
        {
            if (isRoot)
                FirstEndTicks = long.MinValue;
            return;
        }

        IsHole = false;
        _expiries[level] = TickMath.SaturatingAdd(grid.LastEndOf(slice), _latenessTicks);
        ExpiryTicks = Math.Max(ExpiryTicks, _expiries[level]);
        FirstEndTicks = Math.Min(FirstEndTicks, grid.WindowEnd(grid.FirstWindowOf(slice)));
    }
}
