using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Streams.Panes;

/// <summary>What a query makes of the panes of another one, late ones too: all is summed up anew each time.</summary>
internal sealed class ReadPanesModel
{
    private readonly PaneCall[] _calls;
    private readonly long _first;
    private readonly (long Size, long Slide, long Lateness) _windows;
    private readonly List<Pane> _panes = [];
    private readonly Dictionary<(long End, string Key), int> _shown = [];
    private readonly List<string> _rows = [];
    private long _firedThrough = long.MinValue;

    /// <param name="calls">The events, in the order of publication, which is that of their sequences.</param>
    /// <param name="first">The sequence of the first one.</param>
    /// <param name="size">The size of the reader's windows.</param>
    /// <param name="slide">How often they come.</param>
    /// <param name="lateness">How long after their end they take panes.</param>
    public ReadPanesModel(PaneCall[] calls, long first, long size, long slide, long lateness)
    {
        _calls = calls;
        _first = first;
        _windows = (size, slide, lateness);
    }

    /// <summary>Panes that entered no window.</summary>
    public int Dropped { get; private set; }

    /// <summary>The rows of the reader, in any order of the keys of one window.</summary>
    /// <param name="rows">All panes of the query that is read, in their order.</param>
    public List<string> Rows(IReadOnlyList<WindowResult<(string Tenant, int User)>> rows)
    {
        var next = 0;
        for (var at = 0; at <= _calls.Length; at++)
        {
            // What a slot fires comes before its watermark.
            var before = WatermarkBefore(at);
            for (; next < rows.Count && Math.Min(rows[next].Sequence - _first, _calls.Length) == at; next++)
                Take(rows[next], before);
            Fire(at == _calls.Length ? long.MaxValue : WatermarkBefore(at + 1));
        }

        Assert.Equal(rows.Count, next);
        return _rows;
    }

    private long WatermarkBefore(int at) => at == 0 ? long.MinValue : _calls[..at].Max(call => call.Time);

    private void Take(WindowResult<(string Tenant, int User)> row, long watermark)
    {
        var pane = new Pane(
            row.Window.StartTicks, row.Window.EndTicks, row.Key, row["cost"], row["calls"]);
        var live = EndsOf(pane.End - 1).Where(end => watermark < end + _windows.Lateness).ToList();
        if (live.Count == 0)
        {
            Dropped++;
            return;
        }

        var before = _panes.FindIndex(other => (other.Start, other.End, other.Key) == (pane.Start, pane.End, pane.Key));
        if (before >= 0)
            _panes[before] = pane;
        else
            _panes.Add(pane);
        foreach (var end in live.Where(end => end <= watermark))
            Show(end, pane.Key.Item1, PaneTiming.Late);
    }

    private IEnumerable<long> EndsOf(long time)
    {
        var first = (long)Math.Floor((double)time / _windows.Slide) * _windows.Slide;
        for (var start = first; start > time - _windows.Size; start -= _windows.Slide)
            yield return start + _windows.Size;
    }

    private void Fire(long watermark)
    {
        var due = _panes.SelectMany(pane => EndsOf(pane.End - 1).Select(end => (End: end, pane.Key.Item1)))
            .Where(window => window.End > _firedThrough && window.End <= watermark)
            .Distinct().OrderBy(window => window.End);
        foreach (var (end, key) in due.ToList())
            Show(end, key, PaneTiming.OnTime);

        _firedThrough = watermark;
    }

    private void Show(long end, string key, PaneTiming timing)
    {
        var inside = _panes.Where(
            pane => pane.Key.Item1 == key && pane.End - 1 < end && pane.End - 1 >= end - _windows.Size).ToList();
        var index = _shown[(end, key)] = _shown.GetValueOrDefault((end, key), -1) + 1;
        _rows.Add($"{key} {end} {timing} {index}: {inside.Count} {inside.Sum(pane => pane.Cost)} "
            + $"{inside.Max(pane => pane.Cost)} {inside.Sum(pane => pane.Calls)}");
    }

    /// <summary>The rows of the reader that the engine has made, as the same texts.</summary>
    public static IEnumerable<string> Texts(IEnumerable<WindowResult<string>> rows) => rows.Select(
        row => $"{row.Key} {row.Window.EndTicks} {row.Timing} {row.PaneIndex}: {row["panes"]} {row["cost"]} "
            + $"{row["most"]} {row["calls"]}");

    private sealed record Pane(long Start, long End, (string, int) Key, double Cost, double Calls);
}
