namespace DisruptorStream.Properties.Queries;

/// <summary>Windows as lists of what is in them: all are looked at whenever the watermark moves.</summary>
internal sealed class NaiveWindows
{
    private readonly (long Size, long Slide)[] _windows;
    private readonly long _gap;
    private readonly long _lateness;
    private readonly List<Window> _live = [];
    private readonly List<(string? Tenant, int? User)> _keys = [];

    /// <param name="windows">Size and slide of each; none for sessions.</param>
    /// <param name="gap">Of sessions.</param>
    /// <param name="lateness">How long after its end a window takes events; none for sessions.</param>
    public NaiveWindows((long Size, long Slide)[] windows, long gap, long lateness) =>
        (_windows, _gap, _lateness) = (windows, gap, lateness);

    /// <summary>Which keys there are: where all else is equal, panes come in the order of this.</summary>
    public void Define((string? Tenant, int? User) key)
    {
        if (!_keys.Contains(key))
            _keys.Add(key);
    }

    public int OrderOf((string? Tenant, int? User) key) => _keys.IndexOf(key);

    /// <summary>Takes an event, and gives the late panes that it makes.</summary>
    public IEnumerable<NaivePane> Take(
        (string? Tenant, int? User) key, long time, double value, long watermark)
    {
        var entered = _windows.Length == 0 ? Session(key, time, watermark) : Grid(key, time, watermark);
        var late = new List<NaivePane>();
        foreach (var window in entered.OrderBy(window => window.End).ThenBy(window => window.Start))
        {
            window.Values.Add(value);
            if (window.End <= watermark)
                late.Add(window.Show(isLate: true));
        }

        return late;
    }

    /// <summary>The watermark moves: gives the panes that are due, in their order.</summary>
    public List<NaivePane> MoveTo(long watermark)
    {
        var due = _live.Where(window => window.End <= watermark && !window.HasFired)
            .OrderBy(window => window.End).ThenBy(window => window.Start).ThenBy(window => OrderOf(window.Key))
            .ToList();
        var panes = due.ConvertAll(window => window.Show(isLate: false));
        _live.RemoveAll(window => watermark != long.MaxValue && window.End + _lateness <= watermark);
        return panes;
    }

    private List<Window> Grid((string? Tenant, int? User) key, long time, long watermark)
    {
        var entered = new List<Window>();
        foreach (var (size, slide) in _windows)
        {
            for (var start = (long)Math.Floor((double)time / slide) * slide; start > time - size; start -= slide)
            {
                if (watermark != long.MinValue && start + size + _lateness <= watermark)
                    continue;
                var window = _live.Find(one => (one.Key, one.Start, one.End) == (key, start, start + size));
                if (window is null)
                    _live.Add(window = new Window(key, start, start + size) { HasFired = start + size <= watermark });
                entered.Add(window);
            }
        }

        return entered;
    }

    /// <summary>Sessions merge where they overlap; what is late is told by the session that would come of it.</summary>
    private List<Window> Session((string? Tenant, int? User) key, long time, long watermark)
    {
        var met = _live.FindAll(one => one.Key == key && one.Start < time + _gap && time < one.End);
        var session = new Window(
            key,
            Math.Min(time, met.Count == 0 ? time : met.Min(one => one.Start)),
            Math.Max(time + _gap, met.Count == 0 ? time : met.Max(one => one.End)));
        if (session.End <= watermark)
            return [];
        foreach (var one in met)
        {
            session.Values.AddRange(one.Values);
            _live.Remove(one);
        }

        _live.Add(session);
        return [session];
    }

    private sealed class Window
    {
        private int _shown;

        public Window((string? Tenant, int? User) key, long start, long end) => (Key, Start, End) = (key, start, end);

        public (string? Tenant, int? User) Key { get; }

        public long Start { get; }

        public long End { get; }

        public bool HasFired { get; set; }

        public List<double> Values { get; } = [];

        public NaivePane Show(bool isLate)
        {
            HasFired = true;
            return new NaivePane(
                Key.Tenant, Key.User, Start, End, isLate, _shown++, 0, Values.Count, Values.Sum(), Values.Max());
        }
    }
}
