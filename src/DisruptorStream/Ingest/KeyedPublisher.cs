using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest;

/// <summary>Publishes events by key, as one source.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Each call costs one interlocked operation and one look-up of the key; a <see cref="KeyHandle"/> saves the look-up
/// and a <see cref="Claim"/> shares the operation between many events. Nothing is allocated for a known key.
/// </remarks>
public sealed partial class KeyedPublisher<TKey> : SourcePublisher
    where TKey : notnull
{
    private readonly EventWriter<TKey> _writer;

    internal KeyedPublisher(string name, EventWriter<TKey> writer, SourceRegistry registry)
        : base(name, writer.Ring, registry) => _writer = writer;

    internal EventWriter<TKey> Writer => _writer;

    internal ushort Source => SourceId;

    /// <summary>Publishes an event with one measure; waits while the ring is full.</summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">
    /// Event time in ticks of 100 ns since the Unix epoch; ignored under processing time.
    /// </param>
    /// <param name="value">The measure. Minus zero is taken for zero.</param>
    /// <exception cref="ArgumentException">There is more than one measure, or the value does not suit it.</exception>
    /// <exception cref="ProcessorStoppedException">The processor takes no more events.</exception>
    /// <exception cref="PipelineException">A stage of the processor has failed.</exception>
    /// <exception cref="ResultBufferFullException">The ring is full because nobody reads the results.</exception>
    /// <exception cref="Emission.EngineHeldException">The ring is full, and nothing has moved for too long.</exception>
    /// <exception cref="InvalidOperationException">
    /// A call from inside that cannot be served: the message says why, and what to do instead. Or the key is a text,
    /// and the keys are not strings.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The publisher was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(EventKey<TKey> key, long timestampTicks, double value)
    {
        ThrowUnlessUsable(key);
        _writer.Publish(key, Source, timestampTicks, _writer.ToSingleBits(value), default);
    }

    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/summary|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="value">The measure. Minus zero is taken for zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(EventKey<TKey> key, DateTimeOffset timestamp, double value) =>
        Publish(key, TicksOf(timestamp), value);

    /// <summary>Publishes an event with one value for each measure, in the order in which they were declared.</summary>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    public void Publish(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures)
    {
        ThrowUnlessUsable(key);
        Span<long> bits = stackalloc long[MeasureLimit.Count];
        bits = _writer.ToBits(measures, bits);
        _writer.Publish(key, Source, timestampTicks, bits[0], bits[1..]);
    }

    /// <inheritdoc cref="Publish(EventKey{TKey}, long, ReadOnlySpan{double})" path="/summary|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    public void Publish(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures) =>
        Publish(key, TicksOf(timestamp), measures);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure: those of a double, or a long, as declared.
    /// </summary>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    public void PublishBits(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> measureBits)
    {
        ThrowUnlessUsable(key);
        _writer.ThrowUnlessMeasures(measureBits.Length);
        _writer.Publish(key, Source, timestampTicks, measureBits[0], measureBits[1..]);
    }

    /// <inheritdoc cref="PublishBits(EventKey{TKey}, long, ReadOnlySpan{long})" path="/summary|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    public void PublishBits(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<long> measureBits) =>
        PublishBits(key, TicksOf(timestamp), measureBits);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters; waits while the ring is full.
    /// </summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    public void Publish(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures, ulong filters)
    {
        ThrowUnlessUsable(key);
        Span<long> words = stackalloc long[MeasureLimit.Count + 1];
        words = _writer.ToWords(measures, filters, words);
        _writer.Publish(key, Source, timestampTicks, words[0], words[1..]);
    }

    /// <inheritdoc cref="Publish(EventKey{TKey}, long, ReadOnlySpan{double}, ulong)"
    /// path="/summary|/returns|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    public void Publish(
        EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures, ulong filters) =>
        Publish(key, TicksOf(timestamp), measures, filters);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters; waits while the ring is full.
    /// </summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    public void PublishBits(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> measureBits, ulong filters)
    {
        ThrowUnlessUsable(key);
        Span<long> words = stackalloc long[MeasureLimit.Count + 1];
        words = _writer.ToWords(measureBits, filters, words);
        _writer.Publish(key, Source, timestampTicks, words[0], words[1..]);
    }

    /// <inheritdoc cref="PublishBits(EventKey{TKey}, long, ReadOnlySpan{long}, ulong)"
    /// path="/summary|/returns|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    public void PublishBits(
        EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<long> measureBits, ulong filters) =>
        PublishBits(key, TicksOf(timestamp), measureBits, filters);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters, if there is room.
    /// </summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    /// <returns>False when the ring is full.</returns>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    public bool TryPublish(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures, ulong filters)
    {
        ThrowUnlessUsable(key);
        Span<long> words = stackalloc long[MeasureLimit.Count + 1];
        words = _writer.ToWords(measures, filters, words);
        return _writer.TryPublish(key, Source, timestampTicks, words[0], words[1..]);
    }

    /// <inheritdoc cref="TryPublish(EventKey{TKey}, long, ReadOnlySpan{double}, ulong)"
    /// path="/summary|/returns|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    public bool TryPublish(
        EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures, ulong filters) =>
        TryPublish(key, TicksOf(timestamp), measures, filters);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters, if there is room.
    /// </summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    /// <returns>False when the ring is full.</returns>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    public bool TryPublishBits(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> measureBits, ulong filters)
    {
        ThrowUnlessUsable(key);
        Span<long> words = stackalloc long[MeasureLimit.Count + 1];
        words = _writer.ToWords(measureBits, filters, words);
        return _writer.TryPublish(key, Source, timestampTicks, words[0], words[1..]);
    }

    /// <inheritdoc cref="TryPublishBits(EventKey{TKey}, long, ReadOnlySpan{long}, ulong)"
    /// path="/summary|/returns|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    public bool TryPublishBits(
        EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<long> measureBits, ulong filters) =>
        TryPublishBits(key, TicksOf(timestamp), measureBits, filters);

    /// <summary>
    /// Publishes an event with one value for each measure and the bits of the filters; waits without a thread.
    /// </summary>
    /// <remarks>Only a wait allocates: it keeps a copy of the event.</remarks>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishAsync(
        EventKey<TKey> key,
        long timestampTicks,
        ReadOnlySpan<double> measures,
        ulong filters,
        CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowUnlessUsable(key);
        Span<long> words = stackalloc long[MeasureLimit.Count + 1];
        return PublishOrWaitAsync(key, timestampTicks, _writer.ToWords(measures, filters, words), cancellationToken);
    }

    /// <inheritdoc cref="PublishAsync(EventKey{TKey}, long, ReadOnlySpan{double}, ulong, CancellationToken)"
    /// path="/summary|/remarks|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    public ValueTask PublishAsync(
        EventKey<TKey> key,
        DateTimeOffset timestamp,
        ReadOnlySpan<double> measures,
        ulong filters,
        CancellationToken cancellationToken = default) =>
        PublishAsync(key, TicksOf(timestamp), measures, filters, cancellationToken);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure and the bits of the filters; waits without a thread.
    /// </summary>
    /// <remarks>Only a wait allocates: it keeps a copy of the event.</remarks>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishBitsAsync(
        EventKey<TKey> key,
        long timestampTicks,
        ReadOnlySpan<long> measureBits,
        ulong filters,
        CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowUnlessUsable(key);
        Span<long> words = stackalloc long[MeasureLimit.Count + 1];
        return PublishOrWaitAsync(key, timestampTicks, _writer.ToWords(measureBits, filters, words), cancellationToken);
    }

    /// <inheritdoc cref="PublishBitsAsync(EventKey{TKey}, long, ReadOnlySpan{long}, ulong, CancellationToken)"
    /// path="/summary|/remarks|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    /// <param name="filters">
    /// The bits of the filters that the event passes: bit 0 is that of the filter that was declared first.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    public ValueTask PublishBitsAsync(
        EventKey<TKey> key,
        DateTimeOffset timestamp,
        ReadOnlySpan<long> measureBits,
        ulong filters,
        CancellationToken cancellationToken = default) =>
        PublishBitsAsync(key, TicksOf(timestamp), measureBits, filters, cancellationToken);

    /// <summary>Claims room for up to this many events at once; waits while the ring is full.</summary>
    /// <param name="count">At least 1. The claim may be shorter: where the ring wraps, and where less is free.</param>
    /// <returns>
    /// The claim, to be published or disposed soon: what others publish after it stays invisible until then.
    /// </returns>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    public EventClaim<TKey> Claim(int count)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new EventClaim<TKey>(_writer, Source, _writer.Ring.OpenClaim(count));
    }

    /// <summary>Publishes a ready event; waits while the ring is full.</summary>
    /// <param name="ready">The event.</param>
    /// <inheritdoc cref="Publish(ReadOnlySpan{KeyedEvent})" path="/exception"/>
    public void Publish(in KeyedEvent ready) => Publish(new ReadOnlySpan<KeyedEvent>(in ready));

    /// <summary>Publishes events that each have one measure, in their order; waits while the ring is full.</summary>
    /// <param name="events">The events. Nothing of them is kept; they must not change during the call.</param>
    /// <remarks>
    /// The fastest way in: the events go through in claims of some hundreds, with one interlocked operation each and
    /// without a look-up. Inline they are not even copied, but processed where they are. Where it throws, the first so
    /// many events are published as <see cref="PublishedCount.Of"/> says.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The processor declares more than one measure, or a value suits no integer measure, or an event was made with a
    /// handle of another processor, or of one that was disposed since. The events before it were published.
    /// </exception>
    /// <exception cref="ProcessorStoppedException">The processor takes no more events.</exception>
    /// <exception cref="PipelineException">A stage of the processor has failed.</exception>
    /// <exception cref="ResultBufferFullException">The ring is full because nobody reads the results.</exception>
    /// <exception cref="Emission.EngineHeldException">The ring is full, and nothing has moved for too long.</exception>
    /// <exception cref="InvalidOperationException">
    /// A call from inside that cannot be served: the message says why, and what to do instead.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The publisher was disposed.</exception>
    public void Publish(ReadOnlySpan<KeyedEvent> events)
    {
        ThrowIfDisposed();
        _writer.Publish(events, Source);
    }

    /// <summary>
    /// Tells the time of an event that a filter took out: the watermark moves as with one that is in no window. Waits
    /// while the ring is full.
    /// </summary>
    /// <param name="timestampTicks">Event time; ignored under processing time.</param>
    internal void PublishFiltered(long timestampTicks)
    {
        ThrowIfDisposed();
        _writer.PublishFiltered(Source, timestampTicks);
    }

    /// <summary>
    /// Publishes events whose parts lie beside each other, in their order; waits while the ring is full. Where it
    /// throws, the first so many events are published as <see cref="PublishedCount.Of"/> says.
    /// </summary>
    /// <param name="keyIds">What <see cref="StreamProcessor{TKey}.IdOf"/> gave of a processor that retires no
    /// keys.</param>
    /// <param name="timestampTicks">The times, in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">The 64 bits of each measure, those of an event beside each other.</param>
    internal void PublishKnown(
        ReadOnlySpan<int> keyIds, ReadOnlySpan<long> timestampTicks, ReadOnlySpan<long> measureBits)
    {
        ThrowIfDisposed();
        _writer.PublishKnown(keyIds, timestampTicks, measureBits, Source);
    }

    internal static long TicksOf(DateTimeOffset timestamp) => timestamp.UtcTicks - DateTime.UnixEpoch.Ticks;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowUnlessUsable(scoped EventKey<TKey> key)
    {
        key.ThrowIfNull();
        ThrowIfDisposed();
    }
}
