using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Gating;
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

    /// <summary>What each durable sink says that it holds, once they are open: the number of its last result.</summary>
    public abstract IReadOnlyList<long> Held { get; }

    /// <summary>Whether the query has durable sinks, which are to be opened.</summary>
    public abstract bool HasStores { get; }

    /// <summary>Opens the durable sinks of the query. Gives a maker whose sinks get what they do not hold.</summary>
    /// <param name="owner">For whom.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">A sink threw, or gave no number; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public abstract Task<DeliveryMaker> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a maker whose sinks that are not durable, asynchronous ones included, get only what comes behind what was
    /// handed to them before.
    /// </summary>
    /// <param name="number">The number of the last result that they were handed.</param>
    /// <param name="dropped">How many dropped events they were handed.</param>
    public abstract DeliveryMaker GoOnBehind(long number, long dropped);

    /// <summary>The same, where results wait until they may go.</summary>
    /// <param name="gate">Says how far they may go.</param>
    public abstract DeliveryMaker WithGate(DeliveryGate gate);

    /// <summary>
    /// One for a replay: without durable sinks, which belong to the processor that goes on. Where no sink is left,
    /// results go nowhere.
    /// </summary>
    public abstract DeliveryMaker ToReplay();

    /// <summary>One whose results go nowhere.</summary>
    public abstract DeliveryMaker ToShadow();

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
