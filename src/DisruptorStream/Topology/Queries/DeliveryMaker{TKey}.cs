using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Pumping;
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

    public override IReadOnlyList<long> Held
    {
        get
        {
            var held = new List<long>();
            foreach (var sink in _services.Sinks)
            {
                if (sink.IsOpen && Knows(sink.Sink))
                    held.Add(sink.HeldThrough);
            }

            foreach (var sink in _services.AsyncSinks)
            {
                if (sink.IsOpen && Knows(sink.Sink))
                    held.Add(sink.HeldThrough);
            }

            return held;
        }
    }

    public override async Task<DeliveryMaker> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken) =>
        new DeliveryMaker<TKey>(_services with
        {
            Sinks = await DurableSinks.OpenAsync(_services.Sinks, owner, cancellationToken).ConfigureAwait(false),
            AsyncSinks = await DurableSinks.OpenAsync(_services.AsyncSinks, owner, cancellationToken)
                .ConfigureAwait(false),
        });

    public override bool HasStores => DurableSinks.AnyToOpen(_services.Sinks, _services.AsyncSinks);

    public override DeliveryMaker GoOnBehind(long number, long dropped)
    {
        List<SinkRegistration<IResultSink<TKey>>> sinks = [.. _services.Sinks];
        List<SinkRegistration<IDroppedEventSink<TKey>>> droppedEventSinks = [.. _services.DroppedEventSinks];
        List<AsyncSinkRegistration<TKey>> asyncSinks = [.. _services.AsyncSinks];
        return new DeliveryMaker<TKey>(_services with
        {
            Sinks = sinks.ConvertAll(
                sink => Knows(sink.Sink) ? sink : sink with { HeldThrough = number }),
            DroppedEventSinks = droppedEventSinks.ConvertAll(sink => sink with { HeldThrough = dropped }),
            AsyncSinks = asyncSinks.ConvertAll(
                sink => Knows(sink.Sink) ? sink : sink with { HeldThrough = number }),
        });
    }

    /// <summary>Whether a sink says itself which results it holds.</summary>
    private static bool Knows(object sink) =>
        sink is IDurableStore { Guarantee: not DurableGuarantee.AtLeastOnce };

    public override Func<int, TimeZoneInfo>? ZonesOf(QueryPlan query, Ledger ledger)
    {
        if (query.Window.Definition is not ZonedWindows { Selector: Func<TKey, TimeZoneInfo> selector })
            return null;
        var keys = ledger.Columns[query.KeyColumn].SourceOf<TKey>();
        return keyId => selector(keys.KeyOf(keyId));
    }

    public override DeliveryMaker WithGate(DeliveryGate gate) =>
        new DeliveryMaker<TKey>(_services with { Gate = gate });

    public override DeliveryMaker ToReplay()
    {
        List<SinkRegistration<IResultSink<TKey>>> sinks = [.. _services.Sinks];
        List<AsyncSinkRegistration<TKey>> asyncSinks = [.. _services.AsyncSinks];
        sinks.RemoveAll(static sink => sink.Sink is IDurableStore);
        asyncSinks.RemoveAll(static sink => sink.Sink is IDurableStore);
        return new DeliveryMaker<TKey>(_services with
        {
            Sinks = sinks,
            AsyncSinks = asyncSinks,
            Gate = null,
            IsShadow = sinks.Count == 0 && asyncSinks.Count == 0,
        });
    }

    public override DeliveryMaker ToShadow() => new DeliveryMaker<TKey>(new QueryServices<TKey>
    {
        IsShadow = true,
        ResultBufferSize = 1,
    });

    public override DeliveryParts Make(
        QueryContext context,
        QueryPlan query,
        Ledger ledger,
        QueryFailures failures,
        WatermarkProgress watermarks) =>
        new DeliveryParts<TKey>(context, query, _services, ledger, failures, watermarks);
}
