namespace DisruptorStream.Properties.Queries;

/// <summary>A query, and the one that reads its panes, as plainly as can be.</summary>
internal sealed class NaiveQuery
{
    private readonly QueryShape _shape;
    private readonly long _bound;
    private readonly NaiveWindows _windows;
    private readonly NaiveWindows? _reader;
    private readonly NaiveLists _lists;
    private long _watermark = long.MinValue;

    /// <param name="shape">The query.</param>
    /// <param name="bound">How far the watermark is behind the newest event.</param>
    public NaiveQuery(QueryShape shape, long bound)
    {
        (_shape, _bound) = (shape, bound);
        _windows = new NaiveWindows(shape.Windows, shape.Gap, shape.Lateness);
        _lists = new NaiveLists(shape, pane => _windows.OrderOf((pane.Tenant, pane.User)));
        if (shape.Reader is { } reader)
            _reader = new NaiveWindows(reader.Windows, gap: 0, lateness: 0);
    }

    /// <summary>What the query shows.</summary>
    public List<NaivePane> Panes { get; } = [];

    /// <summary>What the one shows that reads its panes.</summary>
    public List<NaivePane> Read { get; } = [];

    public void Take(in Order order)
    {
        (string?, int?) key = _shape.Key switch
        {
            0 => (order.Tenant, null),
            1 => (null, order.User),
            _ => (order.Tenant, order.User),
        };
        _windows.Define(key);
        _lists.Define(order.Tenant);
        _reader?.Define(ReaderKeyOf(key));
        if (_shape.Takes(order))
            Panes.AddRange(_lists.Of(_windows.Take(key, order.Time, order.Cost, _watermark)));
        MoveTo(Math.Max(_watermark, order.Time - _bound));
    }

    public void End() => MoveTo(long.MaxValue);

    private void MoveTo(long watermark)
    {
        var due = _windows.MoveTo(watermark);
        Panes.AddRange(_lists.Of(due));
        if (_reader is not null)
        {
            // Those of the named size: what fires comes before the watermark that fired it.
            foreach (var pane in due.Where(pane => pane.End - pane.Start == _shape.Windows[0].Size))
            {
                var late = _reader.Take(ReaderKeyOf((pane.Tenant, pane.User)), pane.End - 1, pane.Sum, _watermark);
                Assert.Empty(late);
            }

            Read.AddRange(_reader.MoveTo(watermark));
        }

        _watermark = watermark;
    }

    private (string? Tenant, int? User) ReaderKeyOf((string? Tenant, int? User) key) =>
        _shape is { Key: 2, Reader.ByTenant: true } ? (key.Tenant, null) : key;
}
