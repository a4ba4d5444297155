using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Slots;

namespace DisruptorStream.Ingest;

/// <content>Publishing without blocking the caller's thread.</content>
public sealed partial class KeyedPublisher<TKey>
{
    /// <summary>Publishes an event if there is room in the ring; otherwise does nothing.</summary>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)"/>
    /// <returns>False when the ring is full.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPublish(EventKey<TKey> key, long timestampTicks, double value)
    {
        ThrowUnlessUsable(key);
        return _writer.TryPublish(key, Source, timestampTicks, _writer.ToSingleBits(value), default);
    }

    /// <inheritdoc cref="TryPublish(EventKey{TKey}, long, double)" path="/summary|/returns|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="value">The measure. Minus zero is taken for zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPublish(EventKey<TKey> key, DateTimeOffset timestamp, double value) =>
        TryPublish(key, TicksOf(timestamp), value);

    /// <summary>
    /// Publishes an event with one value for each measure, if there is room in the ring; otherwise does nothing.
    /// </summary>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, ReadOnlySpan{double})"/>
    /// <returns>False when the ring is full.</returns>
    public bool TryPublish(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<double> measures)
    {
        ThrowUnlessUsable(key);
        Span<long> bits = stackalloc long[MeasureLimit.Count];
        bits = _writer.ToBits(measures, bits);
        return _writer.TryPublish(key, Source, timestampTicks, bits[0], bits[1..]);
    }

    /// <inheritdoc cref="TryPublish(EventKey{TKey}, long, ReadOnlySpan{double})" path="/summary|/returns|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    public bool TryPublish(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<double> measures) =>
        TryPublish(key, TicksOf(timestamp), measures);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure, if there is room in the ring; otherwise does nothing.
    /// </summary>
    /// <inheritdoc cref="PublishBits(EventKey{TKey}, long, ReadOnlySpan{long})"/>
    /// <returns>False when the ring is full.</returns>
    public bool TryPublishBits(EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> measureBits)
    {
        ThrowUnlessUsable(key);
        _writer.ThrowUnlessMeasures(measureBits.Length);
        return _writer.TryPublish(key, Source, timestampTicks, measureBits[0], measureBits[1..]);
    }

    /// <inheritdoc cref="TryPublishBits(EventKey{TKey}, long, ReadOnlySpan{long})"
    /// path="/summary|/returns|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    public bool TryPublishBits(EventKey<TKey> key, DateTimeOffset timestamp, ReadOnlySpan<long> measureBits) =>
        TryPublishBits(key, TicksOf(timestamp), measureBits);

    /// <summary>As <see cref="Claim"/> if there is room in the ring; otherwise claims nothing.</summary>
    /// <param name="count">At least 1. The claim may be shorter: where the ring wraps, and where less is free.</param>
    /// <param name="claim">
    /// The claim, to be published or disposed soon: what others publish after it stays invisible until then.
    /// </param>
    /// <returns>False when the ring is full; the claim has no room then.</returns>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    public bool TryClaim(int count, out EventClaim<TKey> claim)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var isClaimed = _writer.Ring.TryOpenClaim(count, out var range);
        claim = isClaimed ? new EventClaim<TKey>(_writer, Source, range) : default;
        return isClaimed;
    }

    /// <summary>Publishes a ready event if there is room in the ring; otherwise does nothing.</summary>
    /// <param name="ready">The event.</param>
    /// <returns>False when the ring is full.</returns>
    /// <inheritdoc cref="Publish(ReadOnlySpan{KeyedEvent})" path="/exception"/>
    public bool TryPublish(in KeyedEvent ready) => TryPublish(new ReadOnlySpan<KeyedEvent>(in ready)) == 1;

    /// <summary>Publishes ready events in their order, as many of the first ones as there is room for.</summary>
    /// <param name="events">The events. Nothing of them is kept; they must not change during the call.</param>
    /// <returns>How many of the first events were published; 0 when the ring is full.</returns>
    /// <remarks>
    /// It throws only where none was published: what happens after some, such as an event that cannot be used, is
    /// thrown by the call for the rest.
    /// </remarks>
    /// <inheritdoc cref="Publish(ReadOnlySpan{KeyedEvent})" path="/exception"/>
    public int TryPublish(ReadOnlySpan<KeyedEvent> events)
    {
        ThrowIfDisposed();
        var done = 0;
        try
        {
            _writer.PublishWhileRoom(events, Source, ref done);
        }
        catch (Exception) when (done > 0)
        {
            // The call for the rest throws it, with nothing taken.
        }

        return done;
    }

    /// <summary>Publishes an event; while the ring is full it waits without holding a thread.</summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="value">The measure. Minus zero is taken for zero.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <remarks>Only a wait allocates: it keeps a copy of the event.</remarks>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, double)" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishAsync(
        EventKey<TKey> key, long timestampTicks, double value, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowUnlessUsable(key);
        return PublishOrWaitAsync(key, timestampTicks, [_writer.ToSingleBits(value)], cancellationToken);
    }

    /// <inheritdoc cref="PublishAsync(EventKey{TKey}, long, double, CancellationToken)"
    /// path="/summary|/remarks|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="value">The measure. Minus zero is taken for zero.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    public ValueTask PublishAsync(
        EventKey<TKey> key, DateTimeOffset timestamp, double value, CancellationToken cancellationToken = default) =>
        PublishAsync(key, TicksOf(timestamp), value, cancellationToken);

    /// <summary>
    /// Publishes an event with one value for each measure; while the ring is full it waits without holding a thread.
    /// </summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <remarks>Only a wait allocates: it keeps a copy of the event.</remarks>
    /// <inheritdoc cref="Publish(EventKey{TKey}, long, ReadOnlySpan{double})" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishAsync(
        EventKey<TKey> key,
        long timestampTicks,
        ReadOnlySpan<double> measures,
        CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowUnlessUsable(key);
        Span<long> bits = stackalloc long[MeasureLimit.Count];
        return PublishOrWaitAsync(key, timestampTicks, _writer.ToBits(measures, bits), cancellationToken);
    }

    /// <inheritdoc cref="PublishAsync(EventKey{TKey}, long, ReadOnlySpan{double}, CancellationToken)"
    /// path="/summary|/remarks|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measures">As many as there are; those of an integer measure must be whole.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    public ValueTask PublishAsync(
        EventKey<TKey> key,
        DateTimeOffset timestamp,
        ReadOnlySpan<double> measures,
        CancellationToken cancellationToken = default) =>
        PublishAsync(key, TicksOf(timestamp), measures, cancellationToken);

    /// <summary>
    /// Publishes an event with the 64 bits of each measure; while the ring is full it waits without holding a thread.
    /// </summary>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <remarks>Only a wait allocates: it keeps a copy of the event.</remarks>
    /// <inheritdoc cref="PublishBits(EventKey{TKey}, long, ReadOnlySpan{long})" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishBitsAsync(
        EventKey<TKey> key,
        long timestampTicks,
        ReadOnlySpan<long> measureBits,
        CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowUnlessUsable(key);
        _writer.ThrowUnlessMeasures(measureBits.Length);
        return PublishOrWaitAsync(key, timestampTicks, measureBits, cancellationToken);
    }

    /// <inheritdoc cref="PublishBitsAsync(EventKey{TKey}, long, ReadOnlySpan{long}, CancellationToken)"
    /// path="/summary|/remarks|/exception"/>
    /// <param name="key">The key, a handle of it, or the text of a string key.</param>
    /// <param name="timestamp">Event time; ignored under processing time.</param>
    /// <param name="measureBits">As many as there are measures.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    public ValueTask PublishBitsAsync(
        EventKey<TKey> key,
        DateTimeOffset timestamp,
        ReadOnlySpan<long> measureBits,
        CancellationToken cancellationToken = default) =>
        PublishBitsAsync(key, TicksOf(timestamp), measureBits, cancellationToken);

    /// <summary>Publishes a ready event; while the ring is full it waits without holding a thread.</summary>
    /// <param name="ready">The event.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <remarks>Only a wait allocates: it keeps a copy of the event.</remarks>
    /// <inheritdoc cref="Publish(ReadOnlySpan{KeyedEvent})" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishAsync(KeyedEvent ready, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowIfDisposed();
        var done = 0;
        _writer.PublishWhileRoom(new ReadOnlySpan<KeyedEvent>(in ready), Source, ref done);
        return done == 1
            ? ValueTask.CompletedTask
            : WaitAndPublishAsync(new[] { ready }, 0, _writer.Ring.Gate.BeginWait(), cancellationToken);
    }

    /// <summary>
    /// Publishes ready events in their order; while the ring is full it waits without holding a thread.
    /// </summary>
    /// <param name="events">The events: they must not change before the end.</param>
    /// <param name="cancellationToken">
    /// Ends the wait: what was published before stays so. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <remarks>
    /// It ends when all are published, at once where there is room; only a wait allocates. Where it throws, the first
    /// events are published, as many as <see cref="PublishedCount.Of"/> says. Other publishers' events may come between
    /// these.
    /// </remarks>
    /// <inheritdoc cref="Publish(ReadOnlySpan{KeyedEvent})" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishAsync(ReadOnlyMemory<KeyedEvent> events, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowIfDisposed();
        var done = 0;
        try
        {
            _writer.PublishWhileRoom(events.Span, Source, ref done);
            return done == events.Length
                ? ValueTask.CompletedTask
                : WaitAndPublishAsync(events, done, _writer.Ring.Gate.BeginWait(), cancellationToken);
        }
        catch (Exception failure)
        {
            PublishedCount.Note(failure, done);
            throw;
        }
    }

    private ValueTask PublishOrWaitAsync(
        EventKey<TKey> key, long timestampTicks, ReadOnlySpan<long> bits, CancellationToken cancellationToken)
    {
        if (_writer.TryPublish(key, Source, timestampTicks, bits[0], bits[1..]))
            return ValueTask.CompletedTask;
        var timer = _writer.Ring.Gate.BeginWait();
        var handle = key.Keep(out var kept);
        return WaitAndPublishAsync(handle, kept, timestampTicks, bits.ToArray(), timer, cancellationToken);
    }

    private async ValueTask WaitAndPublishAsync(
        KeyHandle? handle,
        TKey? key,
        long timestampTicks,
        long[] bits,
        StallTimer timer,
        CancellationToken cancellationToken)
    {
        do
        {
            if (!await _writer.Ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false))
                _writer.Ring.Gate.ThrowIfBlocked(ref timer);
            ThrowIfDisposed();
        }
        while (!(handle is null
            ? _writer.TryPublish(new KeyReference.ByKey<TKey>(key!), Source, timestampTicks, bits[0], bits.AsSpan(1))
            : _writer.TryPublish(
                new KeyReference.ByHandle<TKey>(handle), Source, timestampTicks, bits[0], bits.AsSpan(1))));
    }

    private async ValueTask WaitAndPublishAsync(
        ReadOnlyMemory<KeyedEvent> events, int done, StallTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            while (done < events.Length)
            {
                if (!await _writer.Ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false))
                    _writer.Ring.Gate.ThrowIfBlocked(ref timer);
                ThrowIfDisposed();
                _writer.PublishWhileRoom(events.Span, Source, ref done);
            }
        }
        catch (Exception failure)
        {
            PublishedCount.Note(failure, done);
            throw;
        }
    }
}
