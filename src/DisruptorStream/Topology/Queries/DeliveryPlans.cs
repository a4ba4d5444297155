using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Plans;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Queries;

/// <summary>Says where the results of a query go, and what they look like.</summary>
internal static class DeliveryPlans
{
    /// <param name="context">What all queries share.</param>
    /// <param name="query">What the query is.</param>
    /// <param name="services">The sinks.</param>
    /// <param name="ledger">The keys that rows name.</param>
    /// <param name="failures">What user code threw.</param>
    /// <param name="watermarks">Which watermark results have come to.</param>
    public static DeliveryPlan<TKey> Of<TKey>(
        QueryContext context,
        QueryPlan query,
        QueryServices<TKey> services,
        Ledger ledger,
        QueryFailures failures,
        WatermarkProgress watermarks)
        where TKey : notnull
    {
        var (plan, host) = (context.Plan, context.Services);
        var ordinaryOwner = DurableSinks.AnyToOpen(services.Sinks, services.AsyncSinks)
            ? plan.OwnerOf(query, epoch: 0)
            : null;
        return new DeliveryPlan<TKey>
        {
            ProcessorName = plan.NameOf(query),
            OrdinaryOwner = ordinaryOwner,
            Pumps = PumpsOf(context, services, ordinaryOwner),
            FirstSequence = context.FirstSequence,
            Watermarks = watermarks,
            Schema = query.NewResultSchema(plan.Inputs[0].KeyPartsOf(query.KeyColumn)),
            Measures = query.NewMeasureSchema(),
            Keys = ledger.Columns[query.KeyColumn].SourceOf<TKey>(),
            Failures = failures,
            OnKeyReleased = Passed(ledger, query.KeyColumn),
            Sinks = services.Sinks,
            DroppedEventSinks = services.DroppedEventSinks,
            Life = services.Life,
            IsReadByQueries = plan.IsRead(query) || services.IsShadow,
            Groups = query.Top is { } shown ? ledger.GroupsOf(query.KeyColumn, shown.Parts) : null,
            TimeProvider = host.TimeProvider,
            Latency = context.Meters.Latency,
            Tracer = new BatchTracer(
                BatchTracer.Deliver, plan.NameOf(query), host.BatchesPerTrace, host.HostFailures),
        };
    }

    private static AsyncSinkPump<TKey>[] PumpsOf<TKey>(
        QueryContext context, QueryServices<TKey> services, DurableSinkOwner? ordinaryOwner)
        where TKey : notnull
    {
        var host = context.Services;
        AsyncSinkRegistration<TKey>[] sinks = [.. services.AsyncSinks];
        return Array.ConvertAll(sinks, sink => new AsyncSinkPump<TKey>(
            sink with { Open = DurableSinks.OpeningOf(sink, ordinaryOwner) },
            host.TimeProvider,
            host.HostFailures,
            context.Fault,
            context.Plan.Execution.IsInline,
            context.Abort));
    }

    // Of its own: made in the constructor, it would hold all that its neighbours use, and so the processor.
    private static Action<int> Passed(Ledger ledger, int column) => keyId => ledger.OnKeyPassed(column, keyId);
}
