using DisruptorStream.Building;
using DisruptorStream.Building.Streams;
using DisruptorStream.Emission;

namespace DisruptorStream.Properties.Queries;

/// <summary>A query, and the one that reads its panes, as the engine runs them.</summary>
internal sealed class EngineQuery
{
    private readonly QueryShape _shape;
    private readonly string _name;

    /// <param name="shape">The query.</param>
    /// <param name="number">Its place in the stream.</param>
    public EngineQuery(QueryShape shape, int number) => (_shape, _name) = (shape, $"query {number}");

    /// <summary>What the query shows.</summary>
    public List<NaivePane> Panes { get; } = [];

    /// <summary>What the one shows that reads its panes.</summary>
    public List<NaivePane> Read { get; } = [];

    public StreamStep<Order> AddTo(StreamEventsStep<Order> stream) => _shape.Key switch
    {
        0 => AddReader(stream.Query(_name, query => Describe(Filtered(query).By("tenant"), ByTenant))),
        1 => AddReader(stream.Query(_name, query => Describe(Filtered(query).By<int>("user"), ByUser))),
        _ => AddReader(stream.Query(
            _name, query => Describe(Filtered(query).By<string, int>("tenant", "user"), ByBoth))),
    };

    public StreamStep<Order> AddTo(StreamStep<Order> stream) => _shape.Key switch
    {
        0 => AddReader(stream.Query(_name, query => Describe(Filtered(query).By("tenant"), ByTenant))),
        1 => AddReader(stream.Query(_name, query => Describe(Filtered(query).By<int>("user"), ByUser))),
        _ => AddReader(stream.Query(
            _name, query => Describe(Filtered(query).By<string, int>("tenant", "user"), ByBoth))),
    };

    private static (string?, int?) ByTenant(string key) => (key, null);

    private static (string?, int?) ByUser(int key) => (null, key);

    private static (string?, int?) ByBoth((string Tenant, int User) key) => (key.Tenant, key.User);

    private StreamStep<Order> AddReader(StreamStep<Order> stream)
    {
        if (_shape.Reader is not { } reader)
            return stream;
        var name = $"{_name} read";
        var size = _shape.Windows.Length > 1 ? TimeSpan.FromTicks(_shape.Windows[0].Size) : (TimeSpan?)null;
        return _shape.Key switch
        {
            1 => stream.Query(name, query => Reading(query.From(_name, size).By<int>("user"), ByUser)),
            2 when !reader.ByTenant => stream.Query(
                name, query => Reading(query.From(_name, size).By<string, int>("tenant", "user"), ByBoth)),
            _ => stream.Query(name, query => Reading(query.From(_name, size).By("tenant"), ByTenant)),
        };
    }

    private QueryStep<Order> Filtered(QueryStep<Order> query)
    {
        if (_shape.LeastCost is not { } least)
            return query;
        return query.Where(order => order.Cost >= least, $"cost >= {least}");
    }

    private QueryOutputStep<Order, TKey> Describe<TKey>(
        QueryWindowingStep<Order, TKey> keyed, Func<TKey, (string?, int?)> keyOf)
        where TKey : notnull
    {
        var windowed = _shape.HasSessions
            ? keyed.SessionWindows(TimeSpan.FromTicks(_shape.Gap))
            : keyed.Windows(sizes => With(sizes, _shape.Windows));
        var query = windowed.AllowedLateness(TimeSpan.FromTicks(_shape.Lateness))
            .Aggregate(a => a.Count("count").Sum("cost").Max("most", "cost"));
        if (_shape.Top > 0)
            query = query.Top(_shape.Top, "cost", within: _shape.WithinTenant ? ["tenant"] : []);
        return query.To(new PaneSink<TKey>(Panes, keyOf));
    }

    private QueryOutputStep<Order, TKey> Reading<TKey>(
        PaneWindowingStep<Order, TKey> keyed, Func<TKey, (string?, int?)> keyOf)
        where TKey : notnull => keyed.Windows(sizes => With(sizes, _shape.Reader!.Windows))
            .Aggregate(a => a.Count("count").Sum("cost").Max("most", "cost")).To(new PaneSink<TKey>(Read, keyOf));

    private static WindowSizes With(WindowSizes sizes, (long Size, long Slide)[] windows)
    {
        foreach (var (size, slide) in windows)
            sizes = sizes.Sliding(TimeSpan.FromTicks(size), TimeSpan.FromTicks(slide));
        return sizes;
    }

    private sealed class PaneSink<TKey> : IResultSink<TKey>
    {
        private readonly List<NaivePane> _panes;
        private readonly Func<TKey, (string?, int?)> _keyOf;

        public PaneSink(List<NaivePane> panes, Func<TKey, (string?, int?)> keyOf) => (_panes, _keyOf) = (panes, keyOf);

        public void OnResults(ResultBatch<TKey> batch)
        {
            foreach (var result in batch)
            {
                // Over all restarts, as the list is.
                Assert.Equal(_panes.Count + 1, result.Number);
                var (tenant, user) = _keyOf(result.Key);
                _panes.Add(new NaivePane(
                    tenant,
                    user,
                    result.Window.StartTicks,
                    result.Window.EndTicks,
                    result.Timing == Windows.PaneTiming.Late,
                    result.PaneIndex,
                    result.Rank,
                    result["count"],
                    result["cost"],
                    result["most"]));
            }
        }
    }
}
