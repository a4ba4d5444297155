using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Streams;

/// <summary>What the lists of a query are, worked out from all its panes in the obvious way.</summary>
internal sealed class TopModel
{
    private readonly List<string> _tenants;
    private readonly List<(string, int)> _keys;
    private readonly int _count;
    private readonly bool _ascending;
    private readonly bool _withinTenant;

    /// <param name="calls">All events, in the order of publication, which is that in which keys come.</param>
    /// <param name="count">The most keys of a list.</param>
    /// <param name="ascending">Whether the smallest is the best.</param>
    /// <param name="withinTenant">Whether each tenant has a list.</param>
    public TopModel(IEnumerable<TopCall> calls, int count, bool ascending, bool withinTenant)
    {
        _tenants = [.. calls.Select(call => call.Tenant).Distinct()];
        _keys = [.. calls.Select(call => (call.Tenant, call.User)).Distinct()];
        (_count, _ascending, _withinTenant) = (count, ascending, withinTenant);
    }

    /// <summary>The rows of all lists, as texts.</summary>
    public IEnumerable<string> Lists(IEnumerable<WindowResult<(string Tenant, int User)>> panes, string by)
    {
        var kept = new Dictionary<(long End, string Group), Dictionary<(string, int), Pane>>();
        var lists = new Dictionary<(long End, string Group), int>();
        foreach (var cause in panes.GroupBy(pane => (pane.Sequence, pane.Window.EndTicks)))
        {
            var groups = cause.GroupBy(pane => GroupOf(pane.Key)).OrderBy(group => _tenants.IndexOf(group.Key));
            foreach (var group in groups)
            {
                var window = (cause.Key.EndTicks, group.Key);
                kept.TryAdd(window, []);
                foreach (var pane in group)
                    kept[window][pane.Key] = new Pane(pane.IsNull(by) ? null : pane[by], pane.IsFilled);
                var list = lists[window] = lists.GetValueOrDefault(window, -1) + 1;
                var isLate = list > 0 || group.Any(pane => pane.Timing == PaneTiming.Late);
                var isLast = group.Any(pane => pane.IsLast);
                var best = kept[window].OrderBy(pane => pane.Value.Value is null)
                    .ThenBy(pane => _ascending ? pane.Value.Value : -pane.Value.Value)
                    .ThenBy(pane => _keys.IndexOf(pane.Key))
                    .Take(_count);
                var rank = 0;
                foreach (var (key, pane) in best)
                {
                    yield return $"{window.EndTicks} {key} #{++rank} {pane.Value} list {list} "
                        + $"{(isLate ? "Late" : "OnTime")}{(isLast ? " last" : "")}{(pane.IsFilled ? " filled" : "")}";
                }
            }
        }
    }

    /// <summary>The rows of lists that the engine has made, as the same texts.</summary>
    public static IEnumerable<string> Texts(IEnumerable<WindowResult<(string Tenant, int User)>> rows, string by) =>
        rows.Select(row => $"{row.Window.EndTicks} {row.Key} #{row.Rank} "
            + $"{(row.IsNull(by) ? null : row[by])} list {row.PaneIndex} {row.Timing}"
            + $"{(row.IsLast ? " last" : "")}{(row.IsFilled ? " filled" : "")}");

    private string GroupOf((string Tenant, int User) key) => _withinTenant ? key.Tenant : "";

    private readonly record struct Pane(double? Value, bool IsFilled);
}
