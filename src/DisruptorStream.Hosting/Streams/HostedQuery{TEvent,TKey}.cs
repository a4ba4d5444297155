using DisruptorStream.Building.Streams;
using DisruptorStream.Hosting.Registration;
using DisruptorStream.Hosting.Results;
using DisruptorStream.Streams;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Hosting.Streams;

/// <inheritdoc/>
internal sealed class HostedQuery<TEvent, TKey> : HostedQuery<TEvent>
    where TKey : notnull
{
    private readonly Func<IServiceProvider, QueryStep<TEvent>, QueryOutputStep<TEvent, TKey>> _describe;

    /// <param name="name">Its name.</param>
    /// <param name="describe">What it is.</param>
    public HostedQuery(
        string name, Func<IServiceProvider, QueryStep<TEvent>, QueryOutputStep<TEvent, TKey>> describe)
        : base(name, typeof(TKey)) => _describe = describe;

    public override StreamStep<TEvent> AddTo(
        string stream,
        StreamEventsStep<TEvent> events,
        StreamStep<TEvent>? before,
        IReadOnlyList<HostedOutputs> outputs,
        IServiceProvider services)
    {
        return before is null ? events.Query(Name, Describe) : before.Query(Name, Describe);

        QueryOutputStep<TEvent, TKey> Describe(QueryStep<TEvent> query)
        {
            var step = _describe(services, query);
            if (step is not null)
                step = HostedWindows.Apply(step, $"{stream}/{Name}", services);
            foreach (var output in outputs)
            {
                foreach (var sink in ((HostedOutputs<TEvent, TKey>)output).Sinks)
                    step = step is null ? null! : sink(step, services);
            }

            return step!;
        }
    }

    public override HostedResults ResultsOf(
        EventStream<TEvent> stream, IReadOnlyList<HostedOutputs> outputs, IServiceProvider services)
    {
        Func<IServiceProvider, IResultReader<TKey>>? reader = null;
        foreach (var output in outputs)
        {
            if (((HostedOutputs<TEvent, TKey>)output).Reader is not { } found)
                continue;
            if (reader is not null)
            {
                throw new InvalidOperationException(
                    $"The query '{Name}' of the stream '{stream.Name}' has two readers; each result goes to one "
                    + "reader, so add sinks.");
            }

            reader = found;
        }

        foreach (var query in stream.Parts.Queries)
        {
            if (string.Equals(query.Plan.Name, Name, StringComparison.Ordinal))
            {
                return new HostedResults<TKey>(
                    $"{stream.Name}/{Name}", stream, (DeliveryParts<TKey>)query.Delivery, reader?.Invoke(services));
            }
        }

        throw new InvalidOperationException($"The stream '{stream.Name}' was built without its query '{Name}'.");
    }
}
