using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions.Spans;

/// <summary>Windows of one grid or several, which are the same for all keys.</summary>
internal sealed class GridSpans : SpanRule
{
    private readonly SliceGrid[] _grids;

    /// <param name="grids">One for each size; no two have a window in common.</param>
    public GridSpans(params SliceGrid[] grids)
    {
        _grids = grids;
        foreach (var grid in grids)
            MaxWindowsPerEvent = checked(MaxWindowsPerEvent + (int)grid.MaxWindowsPerEvent);
        IsTumbling = MaxWindowsPerEvent == 1;
    }

    public override int MaxWindowsPerEvent { get; }

    public override bool IsTumbling { get; }

    public override int Assign(int keyId, long time, Span<TimeWindow> windows)
    {
        var count = 0;
        foreach (var grid in _grids)
        {
            var added = AssignBy(grid, time, windows[count..]);
            if (added < 0)
                return -1;
            count += added;
        }

        if (_grids.Length > 1)
            windows[..count].Sort(static (left, right) => TimeWindow.Compare(left, right));
        return count;
    }

    public override bool MayHave(int keyId, in TimeWindow window)
    {
        foreach (var grid in _grids)
        {
            if (IsWindowOf(grid, window))
                return true;
        }

        return false;
    }

    /// <summary>Writes the windows of one grid; returns how many, or -1 where the time is out of its range.</summary>
    public static int AssignBy(SliceGrid grid, long time, Span<TimeWindow> windows)
    {
        if (!grid.TryLocate(time, out var slice))
            return -1;
        var count = 0;
        for (var window = grid.FirstWindowOf(slice); window <= grid.LastWindowOf(slice); window++)
            windows[count++] = new TimeWindow(grid.WindowStart(window), grid.WindowEnd(window));
        return count;
    }

    /// <summary>Whether a grid has such a window.</summary>
    public static bool IsWindowOf(SliceGrid grid, in TimeWindow window) =>
        grid.TryLocate(window.StartTicks, out var slice)
        && grid.LastWindowOf(slice) is var last
        && last >= grid.FirstWindowOf(slice)
        && grid.WindowStart(last) == window.StartTicks
        && grid.WindowEnd(last) == window.EndTicks;
}
