using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment.Slices;

/// <summary>The windows that have events and are not complete: the first of them, and how many there are.</summary>
internal sealed class OpenWindowList
{
    /// <summary>As many are listed.</summary>
    public const int MostListed = 16;

    private readonly List<TimeWindow> _first = [];

    /// <summary>The first ones, by their end.</summary>
    public IReadOnlyList<TimeWindow> First => _first;

    /// <summary>How many there are; null where the windows are each key's own.</summary>
    public long? Count { get; private set; }

    /// <summary>
    /// The end of the last one, or, where the windows are sessions, the end that none of them is after; null where
    /// that is not known.
    /// </summary>
    public long? LastEndTicks { get; private set; }

    /// <summary>The windows are sessions: none reaches beyond this.</summary>
    public void SetReach(long endTicks) => LastEndTicks = endTicks;

    /// <summary>Adds the windows of open slices.</summary>
    public void Add(SliceGrid grid, OpenSlices open, long watermark)
    {
        Count ??= 0;
        var next = grid.FirstWindowEndingAfter(watermark);
        for (var index = 0; index < open.Count; index++)
        {
            var slice = open[index];
            var first = Math.Max(next, grid.FirstWindowOf(slice));
            var last = grid.LastWindowOf(slice);
            if (last < first)
                continue;
            Count += last - first + 1;
            LastEndTicks = Math.Max(LastEndTicks ?? long.MinValue, grid.WindowEnd(last));
            for (var window = first; window <= last && window - first < MostListed; window++)
                List(new TimeWindow(grid.WindowStart(window), grid.WindowEnd(window)));
            next = last + 1;
        }
    }

    private void List(TimeWindow window)
    {
        var at = _first.Count;
        while (at > 0 && IsBefore(window, _first[at - 1]))
            at--;
        if (at == MostListed)
            return;
        _first.Insert(at, window);
        if (_first.Count > MostListed)
            _first.RemoveAt(MostListed);
    }

    private static bool IsBefore(TimeWindow window, TimeWindow other) =>
        window.EndTicks != other.EndTicks ? window.EndTicks < other.EndTicks : window.StartTicks < other.StartTicks;
}
