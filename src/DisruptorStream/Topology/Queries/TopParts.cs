using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Ranking;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Queries;

/// <summary>Puts together what shows the best panes only.</summary>
internal static class TopParts
{
    /// <param name="ranking">What the best are.</param>
    /// <param name="dispatcher">Where lists go.</param>
    /// <param name="context">What all queries share.</param>
    /// <param name="query">What the query is.</param>
    /// <param name="ledger">The keys that rows name.</param>
    /// <param name="failures">What user code threw.</param>
    /// <param name="watermarks">Which watermark results have come to.</param>
    public static TopOutput Make<TKey>(
        TopRanking ranking,
        ResultDispatcher<TKey> dispatcher,
        QueryContext context,
        QueryPlan query,
        Ledger ledger,
        QueryFailures failures,
        WatermarkProgress watermarks)
        where TKey : notnull
    {
        var schema = dispatcher.Schema;
        var order = ledger.Columns[query.KeyColumn].Order;
        var groups = ledger.GroupsOf(query.KeyColumn, ranking.Parts);
        var keepsAll = query.AllowedLatenessTicks > 0;
        return new TopOutput(
            dispatcher,
            () => new TopWindow(ranking, schema, order, groups, keepsAll),
            failures.OfKey,
            query.AllowedLatenessTicks,
            watermarks,
            context.FirstSequence);
    }
}
