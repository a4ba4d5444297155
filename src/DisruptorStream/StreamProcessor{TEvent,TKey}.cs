using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Fields;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology;

namespace DisruptorStream;

/// <summary>A processor of the host's own events, whose key, time and measures are read by selectors.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <inheritdoc cref="StreamProcessor{TKey}" path="/remarks"/>
public sealed class StreamProcessor<TEvent, TKey> : StreamProcessor<TKey>
    where TKey : notnull
{
    private readonly FieldReader<TEvent, TKey> _fields;
    private readonly Lock _gate = new();
    private EventPublisher<TEvent>? _default;

    internal StreamProcessor(
        ProcessorParts parts,
        ProcessorInstruments? instruments,
        EventProjection<TEvent, TKey> projection,
        IReadOnlyList<SourceRegistration<TEvent>> sources)
        : base(parts, instruments)
    {
        _fields = projection.NewReader();
        Read(sources, CreateEventPublisher);
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

    /// <summary>Publishes events in their order, as many of the first ones as there is room for.</summary>
    /// <inheritdoc cref="EventPublisher{TEvent}.TryPublish(ReadOnlySpan{TEvent})"/>
    public int TryPublish(ReadOnlySpan<TEvent> published) => Default.TryPublish(published);

    /// <summary>Publishes an event; while the ring is full it waits without holding a thread.</summary>
    /// <inheritdoc cref="EventPublisher{TEvent}.PublishAsync(TEvent, CancellationToken)"/>
    public ValueTask PublishAsync(TEvent published, CancellationToken cancellationToken = default) =>
        // Before the publisher is made, which takes a slot.
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(published, cancellationToken);

    /// <summary>Publishes events in their order; while the ring is full it waits without holding a thread.</summary>
    /// <inheritdoc cref="EventPublisher{TEvent}.PublishAsync(ReadOnlyMemory{TEvent}, CancellationToken)"/>
    public ValueTask PublishAsync(ReadOnlyMemory<TEvent> published, CancellationToken cancellationToken = default) =>
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
    /// <inheritdoc cref="StreamProcessor{TKey}.CreatePublisher(string)"/>
    public EventPublisher<TEvent> CreateEventPublisher(string name) =>
        new ProjectingPublisher<TEvent, TKey>(name, BeginWriter(), Parts.Ledger.Sources, _fields);

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
