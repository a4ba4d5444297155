using System.Runtime.CompilerServices;
using DisruptorStream.Ingest;

namespace DisruptorStream;

/// <content>Publishing as the default source, which exists from the first use on.</content>
public partial class StreamProcessor<TKey>
{
    /// <summary>Publishes an event, as the source "default"; waits while the ring is full.</summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Publish(EventKey{TKey}, long, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(EventKey<TKey> key, long timestampTicks, double value) =>
        Default.Publish(key, timestampTicks, value);

    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/summary"/>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Publish(EventKey{TKey}, DateTimeOffset, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(EventKey<TKey> key, DateTimeOffset timestamp, double value) =>
        Default.Publish(key, timestamp, value);

    /// <summary>
    /// Publishes an event with one value for each measure, as the source "default"; waits while the ring is full.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Publish(EventKey{TKey}, long, ReadOnlySpan{double})"/>
    public void Publish(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures) =>
        Default.Publish(key, timestampTicks, measures);

    /// <inheritdoc cref="Publish(EventKey{TKey}, long, ReadOnlySpan{double})" path="/summary"/>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Publish(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{double})"/>
    public void Publish(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures) =>
        Default.Publish(key, timestamp, measures);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure, as the source "default"; waits while the ring is full.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.PublishBits(EventKey{TKey}, long, ReadOnlySpan{long})"/>
    public void PublishBits(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> measureBits) =>
        Default.PublishBits(key, timestampTicks, measureBits);

    /// <inheritdoc cref="PublishBits(EventKey{TKey}, long, ReadOnlySpan{long})" path="/summary"/>
    /// <inheritdoc cref="KeyedPublisher{TKey}.PublishBits(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{long})"/>
    public void PublishBits(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<long> measureBits) =>
        Default.PublishBits(key, timestamp, measureBits);

    /// <summary>
    /// Publishes an event, as the source "default", if there is room in the ring; otherwise does nothing.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryPublish(EventKey{TKey}, long, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPublish(EventKey<TKey> key, long timestampTicks, double value) =>
        Default.TryPublish(key, timestampTicks, value);

    /// <inheritdoc cref="TryPublish(EventKey{TKey}, long, double)" path="/summary"/>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryPublish(EventKey{TKey}, DateTimeOffset, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPublish(EventKey<TKey> key, DateTimeOffset timestamp, double value) =>
        Default.TryPublish(key, timestamp, value);

    /// <summary>
    /// Publishes an event with one value for each measure, as the source "default",
    /// if there is room in the ring; otherwise does nothing.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryPublish(EventKey{TKey}, long, ReadOnlySpan{double})"/>
    public bool TryPublish(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures) =>
        Default.TryPublish(key, timestampTicks, measures);

    /// <inheritdoc cref="TryPublish(EventKey{TKey}, long, ReadOnlySpan{double})" path="/summary"/>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryPublish(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{double})"/>
    public bool TryPublish(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures) =>
        Default.TryPublish(key, timestamp, measures);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure, as the source "default",
    /// if there is room in the ring; otherwise does nothing.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryPublishBits(EventKey{TKey}, long, ReadOnlySpan{long})"/>
    public bool TryPublishBits(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> measureBits) =>
        Default.TryPublishBits(key, timestampTicks, measureBits);

    /// <inheritdoc cref="TryPublishBits(EventKey{TKey}, long, ReadOnlySpan{long})" path="/summary"/>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryPublishBits(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{long})"/>
    public bool TryPublishBits(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<long> measureBits) =>
        Default.TryPublishBits(key, timestamp, measureBits);

    /// <summary>
    /// Publishes an event, as the source "default"; while the ring is full it waits without holding a thread.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.PublishAsync(EventKey{TKey}, long, double, CancellationToken)"/>
    public ValueTask PublishAsync(
        EventKey<TKey> key, long timestampTicks, double value, CancellationToken cancellationToken = default) =>
        // Before the publisher is made, which takes a slot.
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(key, timestampTicks, value, cancellationToken);

    /// <inheritdoc cref="PublishAsync(EventKey{TKey}, long, double, CancellationToken)" path="/summary"/>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishAsync(EventKey{TKey}, DateTimeOffset, double, CancellationToken)"/>
    public ValueTask PublishAsync(
        EventKey<TKey> key, DateTimeOffset timestamp, double value, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(key, timestamp, value, cancellationToken);

    /// <summary>
    /// Publishes an event with one value for each measure, as the source "default";
    /// while the ring is full it waits without holding a thread.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishAsync(EventKey{TKey}, long, ReadOnlySpan{double}, CancellationToken)"/>
    public ValueTask PublishAsync(
        EventKey<TKey> key,
        long timestampTicks,
        ReadOnlySpan<double> measures,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(key, timestampTicks, measures, cancellationToken);

    /// <inheritdoc cref="PublishAsync(EventKey{TKey}, long, ReadOnlySpan{double}, CancellationToken)" path="/summary"/>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishAsync(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{double},
    /// CancellationToken)"/>
    public ValueTask PublishAsync(
        EventKey<TKey> key,
        DateTimeOffset timestamp,
        ReadOnlySpan<double> measures,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(key, timestamp, measures, cancellationToken);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure, as the source "default";
    /// while the ring is full it waits without holding a thread.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishBitsAsync(EventKey{TKey}, long, ReadOnlySpan{long}, CancellationToken)"/>
    public ValueTask PublishBitsAsync(
        EventKey<TKey> key,
        long timestampTicks,
        ReadOnlySpan<long> measureBits,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishBitsAsync(key, timestampTicks, measureBits, cancellationToken);

    /// <inheritdoc cref="PublishBitsAsync(EventKey{TKey}, long, ReadOnlySpan{long}, CancellationToken)"
    /// path="/summary"/>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishBitsAsync(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{long},
    /// CancellationToken)"/>
    public ValueTask PublishBitsAsync(
        EventKey<TKey> key,
        DateTimeOffset timestamp,
        ReadOnlySpan<long> measureBits,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishBitsAsync(key, timestamp, measureBits, cancellationToken);

    /// <summary>
    /// Claims room for up to this many events at once, as the source "default"; waits while the ring is full.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Claim(int)"/>
    public EventClaim<TKey> Claim(int count) => Default.Claim(count);

    /// <summary>
    /// As <see cref="Claim"/>, as the source "default", if there is room in the ring; otherwise claims nothing.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryClaim(int, out EventClaim{TKey})"/>
    public bool TryClaim(int count, out EventClaim<TKey> claim) => Default.TryClaim(count, out claim);

    /// <summary>Publishes a ready event, as the source "default"; waits while the ring is full.</summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Publish(in KeyedEvent)"/>
    public void Publish(in KeyedEvent ready) => Default.Publish(in ready);

    /// <summary>Publishes ready events in their order, as the source "default"; waits while the ring is full.</summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.Publish(ReadOnlySpan{KeyedEvent})"/>
    public void Publish(ReadOnlySpan<KeyedEvent> events) => Default.Publish(events);

    /// <summary>
    /// Publishes a ready event, as the source "default", if there is room in the ring; otherwise does nothing.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryPublish(in KeyedEvent)"/>
    public bool TryPublish(in KeyedEvent ready) => Default.TryPublish(in ready);

    /// <summary>
    /// Publishes ready events in their order, as the source "default", as many of the first ones as there is room for.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.TryPublish(ReadOnlySpan{KeyedEvent})"/>
    public int TryPublish(ReadOnlySpan<KeyedEvent> events) => Default.TryPublish(events);

    /// <summary>
    /// Publishes a ready event, as the source "default"; while the ring is full it waits without holding a thread.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.PublishAsync(KeyedEvent, CancellationToken)"/>
    public ValueTask PublishAsync(KeyedEvent ready, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(ready, cancellationToken);

    /// <summary>
    /// Publishes ready events in their order, as the source "default";
    /// while the ring is full it waits without holding a thread.
    /// </summary>
    /// <inheritdoc cref="KeyedPublisher{TKey}.PublishAsync(ReadOnlyMemory{KeyedEvent}, CancellationToken)"/>
    public ValueTask PublishAsync(ReadOnlyMemory<KeyedEvent> events, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(events, cancellationToken);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters, as the source "default";
    /// waits while the ring is full.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.Publish(EventKey{TKey}, long, ReadOnlySpan{double},
    /// ulong)"/>
    public void Publish(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures, ulong filters) =>
        Default.Publish(key, timestampTicks, measures, filters);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters, as the source "default";
    /// waits while the ring is full.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.Publish(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{double},
    /// ulong)"/>
    public void Publish(
        EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures, ulong filters) =>
        Default.Publish(key, timestamp, measures, filters);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters, as the source "default";
    /// waits while the ring is full.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishBits(EventKey{TKey}, long, ReadOnlySpan{long},
    /// ulong)"/>
    public void PublishBits(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> measureBits, ulong filters) =>
        Default.PublishBits(key, timestampTicks, measureBits, filters);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters, as the source "default";
    /// waits while the ring is full.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishBits(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{long},
    /// ulong)"/>
    public void PublishBits(
        EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<long> measureBits, ulong filters) =>
        Default.PublishBits(key, timestamp, measureBits, filters);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters, as the source "default";
    /// if there is room; otherwise does nothing.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.TryPublish(EventKey{TKey}, long, ReadOnlySpan{double},
    /// ulong)"/>
    public bool TryPublish(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures, ulong filters) =>
        Default.TryPublish(key, timestampTicks, measures, filters);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters, as the source "default";
    /// if there is room; otherwise does nothing.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.TryPublish(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{double},
    /// ulong)"/>
    public bool TryPublish(
        EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures, ulong filters) =>
        Default.TryPublish(key, timestamp, measures, filters);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters, as the source "default";
    /// if there is room; otherwise does nothing.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.TryPublishBits(EventKey{TKey}, long, ReadOnlySpan{long},
    /// ulong)"/>
    public bool TryPublishBits(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> measureBits, ulong filters) =>
        Default.TryPublishBits(key, timestampTicks, measureBits, filters);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters, as the source "default";
    /// if there is room; otherwise does nothing.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.TryPublishBits(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{long},
    /// ulong)"/>
    public bool TryPublishBits(
        EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<long> measureBits, ulong filters) =>
        Default.TryPublishBits(key, timestamp, measureBits, filters);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters, as the source "default";
    /// while the ring is full it waits without a thread.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishAsync(EventKey{TKey}, long, ReadOnlySpan{double},
    /// ulong, CancellationToken)"/>
    public ValueTask PublishAsync(
        EventKey<TKey> key,
        long timestampTicks,
        ReadOnlySpan<double> measures,
        ulong filters,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(key, timestampTicks, measures, filters, cancellationToken);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters, as the source "default";
    /// while the ring is full it waits without a thread.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishAsync(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{double},
    /// ulong, CancellationToken)"/>
    public ValueTask PublishAsync(
        EventKey<TKey> key,
        DateTimeOffset timestamp,
        ReadOnlySpan<double> measures,
        ulong filters,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishAsync(key, timestamp, measures, filters, cancellationToken);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters, as the source "default";
    /// while the ring is full it waits without a thread.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishBitsAsync(EventKey{TKey}, long, ReadOnlySpan{long},
    /// ulong, CancellationToken)"/>
    public ValueTask PublishBitsAsync(
        EventKey<TKey> key,
        long timestampTicks,
        ReadOnlySpan<long> measureBits,
        ulong filters,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishBitsAsync(key, timestampTicks, measureBits, filters, cancellationToken);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters, as the source "default";
    /// while the ring is full it waits without a thread.
    /// </summary>
    /// <inheritdoc
    /// cref="KeyedPublisher{TKey}.PublishBitsAsync(EventKey{TKey}, DateTimeOffset, ReadOnlySpan{long},
    /// ulong, CancellationToken)"/>
    public ValueTask PublishBitsAsync(
        EventKey<TKey> key,
        DateTimeOffset timestamp,
        ReadOnlySpan<long> measureBits,
        ulong filters,
        CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : Default.PublishBitsAsync(key, timestamp, measureBits, filters, cancellationToken);

    /// <summary>
    /// Publishes an event, and completes when it can no longer be lost: it is in the journal, and that is synced.
    /// </summary>
    /// <remarks>The token ends the wait: from then on it is not known whether the event is durable.</remarks>
    /// <exception cref="InvalidOperationException">
    /// The processor was built without DurableIn; or a sink or the like calls, on the thread that would be waited for.
    /// </exception>
    /// <exception cref="ProcessorStoppedException">It takes no more, or has ended before.</exception>
    public ValueTask PublishDurableAsync(
        EventKey<TKey> key, long timestampTicks, double value, CancellationToken cancellationToken = default) =>
        ThenDurableAsync(PublishAsync(key, timestampTicks, value, WhereDurable(cancellationToken)), cancellationToken);

    /// <inheritdoc cref="PublishDurableAsync(EventKey{TKey}, long, double, CancellationToken)"/>
    public ValueTask PublishDurableAsync(
        EventKey<TKey> key, DateTimeOffset timestamp, double value, CancellationToken cancellationToken = default) =>
        ThenDurableAsync(PublishAsync(key, timestamp, value, WhereDurable(cancellationToken)), cancellationToken);

    /// <inheritdoc cref="PublishDurableAsync(EventKey{TKey}, long, double, CancellationToken)"/>
    public ValueTask PublishDurableAsync(
        EventKey<TKey> key, long ticks, ReadOnlySpan<double> measures, CancellationToken cancellationToken = default) =>
        ThenDurableAsync(PublishAsync(key, ticks, measures, WhereDurable(cancellationToken)), cancellationToken);
}
