namespace DisruptorStream.Cli.Tests.RealData;

/// <summary>
/// The obvious computation: a list of events for each window, and a look at every window after each event.
/// </summary>
internal sealed class NaiveWindows
{
    private readonly Func<long, IEnumerable<(long Start, long End)>> _assign;
    private readonly long _latenessTicks;
    private readonly bool _merges;
    private readonly List<(string Key, long Start, long End, List<NaiveRow> Rows, bool[] Fired)> _open = [];
    private long _watermark = long.MinValue;

    private NaiveWindows(Func<long, IEnumerable<(long, long)>> assign, TimeSpan lateness, bool merges)
    {
        _assign = assign;
        _latenessTicks = lateness.Ticks;
        _merges = merges;
    }

    public List<NaivePane> Panes { get; } = [];

    public long Dropped { get; private set; }

    public static NaiveWindows Sliding(
        TimeSpan size, TimeSpan slide, IEnumerable<NaiveRow> rows, TimeSpan lateness = default) =>
        new NaiveWindows(
            ticks => Enumerable.Range(0, (int)(size / slide))
                .Select(back => (ticks / slide.Ticks * slide.Ticks) - (back * slide.Ticks))
                .Where(start => start > ticks - size.Ticks)
                .Select(start => (start, start + size.Ticks)),
            lateness,
            merges: false).Run(rows);

    public static NaiveWindows Session(TimeSpan gap, IEnumerable<NaiveRow> rows) =>
        new NaiveWindows(ticks => [(ticks, ticks + gap.Ticks)], default, merges: true).Run(rows);

    private NaiveWindows Run(IEnumerable<NaiveRow> rows)
    {
        foreach (var row in rows)
        {
            Add(row);
            Advance(Math.Max(_watermark, row.Ticks));
        }

        Advance(long.MaxValue);
        return this;
    }

    private void Add(NaiveRow row)
    {
        var windows = _assign(row.Ticks).Where(window => _merges || !IsExpired(window.End)).ToList();
        var entered = false;
        foreach (var (start, end) in windows.OrderBy(window => window.End))
            entered |= _merges ? AddToSession(row, start, end) : AddToWindow(row, start, end);
        Dropped += entered ? 0 : 1;
    }

    private bool AddToWindow(NaiveRow row, long start, long end)
    {
        var place = _open.FindIndex(window => window.Key == row.Key && window.Start == start);
        if (place < 0)
        {
            _open.Add((row.Key, start, end, [], [_watermark >= end]));
            place = _open.Count - 1;
        }

        _open[place].Rows.Add(row);
        if (_watermark >= end)
            Panes.Add(PaneOf(_open[place].Rows, row.Key, start, end, "late"));
        return true;
    }

    private bool AddToSession(NaiveRow row, long start, long end)
    {
        var merged = _open.Where(window => window.Key == row.Key && window.Start < end && start < window.End).ToList();
        start = merged.Select(window => window.Start).Append(start).Min();
        end = merged.Select(window => window.End).Append(end).Max();
        if (IsExpired(end))
            return false;
        _open.RemoveAll(window => window.Key == row.Key && window.Start < end && start < window.End);
        _open.Add((row.Key, start, end, [.. merged.SelectMany(window => window.Rows), row], [false]));
        return true;
    }

    private void Advance(long watermark)
    {
        _watermark = watermark;
        foreach (var window in _open.Where(window => watermark >= window.End && !window.Fired[0]).ToList())
        {
            window.Fired[0] = true;
            Panes.Add(PaneOf(window.Rows, window.Key, window.Start, window.End, "on_time"));
        }

        _open.RemoveAll(window => IsExpired(window.End));
    }

    private bool IsExpired(long end) =>
        _watermark == long.MaxValue || (_watermark != long.MinValue && _watermark >= end + _latenessTicks);

    private static NaivePane PaneOf(List<NaiveRow> rows, string key, long start, long end, string timing) => new(
        key, start, end, timing, rows.Count, rows.Sum(row => row.Value ?? 0), rows.Max(row => row.Value));
}
