using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Messages;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology;
using DisruptorStream.Topology.Durable.Remaking;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Streams;

/// <summary>
/// A stream of the host's own events with several queries: each event is published once, and every query sees it.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <inheritdoc cref="EventProcessor" path="/remarks"/>
[SuppressMessage("Naming", "CA1711", Justification = "It is a stream, of events and not of bytes.")]
public sealed class EventStream<TEvent> : EventProcessor
{
    private readonly StreamWriter<TEvent> _writer;
    private readonly StreamProjection<TEvent> _projection;
    private readonly KeyReaderMaker<TEvent>[] _readers;
    private readonly Lock _gate = new();
    private EventPublisher<TEvent>? _default;

    internal EventStream(
        ProcessorParts parts,
        ProcessorInstruments? instruments,
        StreamProjection<TEvent> projection,
        KeyReaderMaker<TEvent>[] readers)
        : base(parts, instruments)
    {
        (_projection, _readers) = (projection, readers);
        var layout = parts.Plan.Inputs[0].Layout;
        _writer = new StreamWriter<TEvent>(
            parts.RuntimeParts.Ring,
            parts.Clock,
            parts.Plan.Inputs[0].Rules,
            layout,
            capacity => NewBlock(parts.Ledger, projection, readers, capacity));
    }

    private EventPublisher<TEvent> Default => Volatile.Read(ref _default) ?? CreateDefault();

    /// <summary>Publishes an event, as the source "events"; waits while the ring is full.</summary>
    /// <inheritdoc cref="EventPublisher{TEvent}.Publish(in TEvent)"/>
    public void Publish(in TEvent published) => Default.Publish(in published);

    /// <summary>Publishes events in their order; waits while the ring is full.</summary>
    /// <inheritdoc cref="EventPublisher{TEvent}.Publish(ReadOnlySpan{TEvent})"/>
    public void Publish(ReadOnlySpan<TEvent> published) => Default.Publish(published);

    /// <summary>Publishes an event if there is room in the ring; otherwise does nothing.</summary>
    /// <inheritdoc cref="EventPublisher{TEvent}.TryPublish(in TEvent)"/>
    public bool TryPublish(in TEvent published) => Default.TryPublish(in published);

    /// <inheritdoc cref="EventPublisher{TEvent}.TryPublish(ReadOnlySpan{TEvent})"/>
    public int TryPublish(ReadOnlySpan<TEvent> published) => Default.TryPublish(published);

    /// <inheritdoc cref="EventPublisher{TEvent}.PublishAsync(ReadOnlyMemory{TEvent}, CancellationToken)"/>
    public ValueTask PublishAsync(
        ReadOnlyMemory<TEvent> published, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(published, cancellationToken);

    /// <summary>Publishes an event; while the ring is full it waits without holding a thread.</summary>
    /// <inheritdoc cref="EventPublisher{TEvent}.PublishAsync(TEvent, CancellationToken)"/>
    public ValueTask PublishAsync(TEvent published, CancellationToken cancellationToken = default) =>
        // Before the publisher is made, which takes a slot.
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(published, cancellationToken);

    /// <summary>
    /// Publishes an event, and completes when it can no longer be lost: it is in the journal, and that is synced.
    /// </summary>
    /// <remarks>
    /// As many calls as wait at a time are synced together. The token ends the wait: from then on it is not known
    /// whether what was published is durable.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The processor was built without DurableIn; or a sink or the like calls, on the thread that would be waited for.
    /// </exception>
    /// <exception cref="ProcessorStoppedException">It takes no more, or has ended before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishDurableAsync(TEvent published, CancellationToken cancellationToken = default) =>
        ThenDurableAsync(PublishAsync(published, WhereDurable(cancellationToken)), cancellationToken);

    /// <summary>
    /// Publishes events in their order, and completes when they can no longer be lost: they are in the journal, and
    /// that is synced.
    /// </summary>
    /// <remarks>
    /// As many calls as wait at a time are synced together. The token ends the wait: from then on it is not known
    /// whether what was published is durable.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The processor was built without DurableIn; or a sink or the like calls, on the thread that would be waited for.
    /// </exception>
    /// <exception cref="ProcessorStoppedException">It takes no more, or has ended before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishDurableAsync(
        ReadOnlyMemory<TEvent> published, CancellationToken cancellationToken = default) =>
        ThenDurableAsync(PublishAsync(published, WhereDurable(cancellationToken)), cancellationToken);

    /// <summary>Adds a source of events, with a watermark of its own.</summary>
    /// <param name="name">Its name, of its own among the sources there are.</param>
    /// <exception cref="ArgumentException">The name is empty or in use.</exception>
    /// <exception cref="ProcessorStoppedException">The stream takes no more.</exception>
    public EventPublisher<TEvent> CreateEventPublisher(string name)
    {
        BeginSources();
        var (sources, columns) = (Parts.Ledger.Sources, Parts.Ledger.Columns);
        return columns.Count == 1
            ? _readers[0].NewPublisher(name, _writer, sources, _projection, columns[0].Table)
            : new StreamPublisher<TEvent>(name, _writer, sources);
    }

    /// <summary>Has it read sources, once it is started.</summary>
    internal EventStream<TEvent> Reading(IReadOnlyList<SourceRegistration<TEvent>> sources)
    {
        Read(sources, CreateEventPublisher);
        return this;
    }

    /// <summary>The names of the queries, in their order.</summary>
    public IReadOnlyList<string> Queries
    {
        get
        {
            var names = new List<string>();
            foreach (var query in Parts.Plan.Queries)
                names.Add(query.Name);
            return names;
        }
    }

    /// <summary>A query of the stream: its results, and what it has done.</summary>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is no such query, or its keys are of another type.</exception>
    public StreamQuery<TKey> Query<TKey>(string name)
        where TKey : notnull
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        for (var index = 0; index < Parts.Queries.Count; index++)
        {
            var query = Parts.Queries[index];
            if (!string.Equals(query.Plan.Name, name, StringComparison.Ordinal))
                continue;
            return query.Delivery is DeliveryParts<TKey> delivery
                ? new StreamQuery<TKey>(Parts, index, delivery)
                : throw new ArgumentException(
                    $"The keys of the query '{name}' are of type {TypeText.Of(query.Delivery.KeyType)}, not "
                    + $"{TypeText.Of(typeof(TKey))}; ask for that type.",
                    nameof(name));
        }

        string[] names = [.. Queries];
        throw new ArgumentException(
            $"The stream '{Name}' has no query '{name}'; {NearestWord.NameOne(name, names)}", nameof(name));
    }

    /// <summary>A publisher whose slots nobody handles.</summary>
    internal static StreamPublisher<TEvent> NewPublisher(
        RemakingParts parts, StreamProjection<TEvent> projection, KeyReaderMaker<TEvent>[] readers)
    {
        var writer = new StreamWriter<TEvent>(
            parts.Ring,
            parts.Clock,
            parts.Rules,
            parts.Layout,
            capacity => NewBlock(parts.Ledger, projection, readers, capacity));
        return new StreamPublisher<TEvent>(SourceRegistry.EventsName, writer, parts.Ledger.Sources);
    }

    private static StreamBlock<TEvent> NewBlock(
        Ledger ledger, StreamProjection<TEvent> projection, KeyReaderMaker<TEvent>[] makers, int capacity)
    {
        var readers = new KeyReader<TEvent>[makers.Length];
        for (var column = 0; column < readers.Length; column++)
            readers[column] = makers[column].Make(ledger.Columns[column].Table, capacity);
        var composites = new List<CompositeColumn>();
        for (var column = readers.Length; column < ledger.Columns.Count; column++)
        {
            composites.Add(new CompositeColumn(
                ledger.Columns[column].Composites!, ledger.Parts[column]));
        }

        return new StreamBlock<TEvent>(projection, readers, [.. composites], capacity);
    }

    private EventPublisher<TEvent> CreateDefault()
    {
        lock (_gate)
        {
            if (_default is null)
                Volatile.Write(ref _default, CreateEventPublisher(SourceRegistry.EventsName));
            return _default!;
        }
    }
}
