using DisruptorStream.Emission.Delivery;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Queries;

/// <summary>Makes the way of a query's results without the caller knowing the type of its keys.</summary>
internal abstract class DeliveryMaker
{
    /// <summary>Asks the user's code for the time zone of a key; null where keys have none of their own.</summary>
    /// <param name="query">What the query is.</param>
    /// <param name="ledger">The keys.</param>
    public abstract Func<int, TimeZoneInfo>? ZonesOf(QueryPlan query, Ledger ledger);

    /// <param name="context">What all queries share.</param>
    /// <param name="query">What the query is.</param>
    /// <param name="ledger">The keys that rows name.</param>
    /// <param name="failures">What user code threw.</param>
    /// <param name="watermarks">Which watermark results have come to.</param>
    public abstract DeliveryParts Make(
        QueryContext context,
        QueryPlan query,
        Ledger ledger,
        QueryFailures failures,
        WatermarkProgress watermarks);
}
