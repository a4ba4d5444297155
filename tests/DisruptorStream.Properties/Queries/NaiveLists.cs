namespace DisruptorStream.Properties.Queries;

/// <summary>The lists of the best, of all panes that there ever were.</summary>
internal sealed class NaiveLists
{
    private readonly QueryShape _shape;
    private readonly Func<NaivePane, int> _orderOf;
    private readonly Dictionary<(long, long, string?), Dictionary<(string?, int?), NaivePane>> _panes = [];
    private readonly Dictionary<(long, long, string?), int> _lists = [];
    private readonly List<string> _tenants = [];

    /// <param name="shape">The query.</param>
    /// <param name="orderOf">The place of a pane's key among all.</param>
    public NaiveLists(QueryShape shape, Func<NaivePane, int> orderOf) => (_shape, _orderOf) = (shape, orderOf);

    public void Define(string tenant)
    {
        if (!_tenants.Contains(tenant))
            _tenants.Add(tenant);
    }

    /// <summary>The lists that panes of one event make.</summary>
    public IEnumerable<NaivePane> Of(IEnumerable<NaivePane> panes)
    {
        if (_shape.Top == 0)
            return panes;
        return panes.GroupBy(pane => (pane.End, pane.Start)).SelectMany(window => window
            .GroupBy(pane => _shape.WithinTenant ? pane.Tenant : null)
            .OrderBy(group => group.Key is null ? 0 : _tenants.IndexOf(group.Key))
            .SelectMany(group => ListOf(window.Key.Start, window.Key.End, group.Key, [.. group])));
    }

    private List<NaivePane> ListOf(long start, long end, string? group, NaivePane[] panes)
    {
        var key = (start, end, group);
        _panes.TryAdd(key, []);
        foreach (var pane in panes)
            _panes[key][(pane.Tenant, pane.User)] = pane;
        var list = _lists[key] = _lists.GetValueOrDefault(key, -1) + 1;
        var isLate = list > 0 || panes.Any(pane => pane.IsLate);
        return [.. _panes[key].Values
            .OrderByDescending(pane => pane.Sum).ThenBy(_orderOf).Take(_shape.Top)
            .Select((pane, place) => pane with { IsLate = isLate, Index = list, Rank = place + 1 })];
    }
}
