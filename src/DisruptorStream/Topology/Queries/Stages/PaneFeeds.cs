using DisruptorStream.Ingest.Streams;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Queries.Stages;

/// <summary>The ways from queries to those that read their panes.</summary>
internal sealed class PaneFeeds
{
    private readonly ProcessorPlan _plan;
    private readonly PaneFeed?[] _feeds;

    /// <param name="plan">Says who reads whom.</param>
    /// <param name="ledger">The keys.</param>
    public PaneFeeds(ProcessorPlan plan, Ledger ledger)
    {
        _plan = plan;
        _feeds = new PaneFeed?[plan.Queries.Count];
        for (var query = 0; query < _feeds.Length; query++)
        {
            if (plan.Queries[query].Panes is { } panes)
                _feeds[query] = NewFeed(plan.Queries[panes.Query], panes, ledger);
        }
    }

    /// <summary>The panes that are the events of a query; null where it has those of the input.</summary>
    public PaneFeed? InputOf(int query) => _feeds[query];

    /// <summary>The queries that read the panes of one.</summary>
    public PaneFeed[] ReadersOf(int query)
    {
        var readers = new List<PaneFeed>();
        for (var reader = 0; reader < _feeds.Length; reader++)
        {
            if (_plan.Queries[reader].Panes?.Query == query)
                readers.Add(_feeds[reader]!);
        }

        return [.. readers];
    }

    private static PaneFeed NewFeed(QueryPlan read, PaneInputPlan panes, Ledger ledger)
    {
        if (panes.Part == PaneInputPlan.WholeKey)
            return new PaneFeed(read.Metrics, panes, static keyId => keyId);
        var composites = ledger.Columns[read.KeyColumn].Composites!;
        return new PaneFeed(
            read.Metrics, panes, keyId => CompositeKeys.PartOf(composites.Table.KeyOf(keyId), panes.Part));
    }
}
