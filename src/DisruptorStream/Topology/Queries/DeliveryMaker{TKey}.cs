using DisruptorStream.Emission.Delivery;
using DisruptorStream.Plans;
using DisruptorStream.Topology.State;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Topology.Queries;

/// <inheritdoc cref="DeliveryMaker"/>
internal sealed class DeliveryMaker<TKey> : DeliveryMaker
    where TKey : notnull
{
    private readonly QueryServices<TKey> _services;

    /// <param name="services">Where the query's results go.</param>
    public DeliveryMaker(QueryServices<TKey> services) => _services = services;

    public override Func<int, TimeZoneInfo>? ZonesOf(QueryPlan query, Ledger ledger)
    {
        if (query.Window.Definition is not ZonedWindows { Selector: Func<TKey, TimeZoneInfo> selector })
            return null;
        var keys = ledger.Columns[query.KeyColumn].SourceOf<TKey>();
        return keyId => selector(keys.KeyOf(keyId));
    }

    public override DeliveryParts Make(
        QueryContext context,
        QueryPlan query,
        Ledger ledger,
        QueryFailures failures,
        WatermarkProgress watermarks) =>
        new DeliveryParts<TKey>(context, query, _services, ledger, failures, watermarks);
}
