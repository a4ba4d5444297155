using DisruptorStream.Ingest.Keys;
using DisruptorStream.Slots;

namespace DisruptorStream.Ingest;

/// <content>Publishing without blocking the caller's thread.</content>
public sealed partial class KeyedPublisher<TKey>
{
    /// <summary>Publishes an event if there is room in the ring; otherwise does nothing.</summary>
    /// <returns>False when the ring is full.</returns>
    /// <inheritdoc cref="Publish(TKey, long, double)"/>
    public bool TryPublish(TKey key, long timestampTicks, double value)
    {
        ThrowUnlessUsable(key);
        var reference = new KeyReference.ByKey<TKey>(key);
        return _writer.TryPublish(reference, Source, timestampTicks, _writer.ToSingleBits(value), default);
    }

    /// <inheritdoc cref="TryPublish(TKey, long, double)"/>
    public bool TryPublish(KeyHandle key, long timestampTicks, double value)
    {
        ThrowUnlessUsable(key);
        var reference = new KeyReference.ByHandle<TKey>(key);
        return _writer.TryPublish(reference, Source, timestampTicks, _writer.ToSingleBits(value), default);
    }

    /// <inheritdoc cref="TryPublish(TKey, long, double)" path="/summary|/returns|/exception"/>
    /// <param name="key">The key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measureBits">The 64 bits of each measure, as declared.</param>
    public bool TryPublishBits(TKey key, long timestampTicks, ReadOnlySpan<long> measureBits)
    {
        ThrowUnlessUsable(key);
        _writer.ThrowUnlessMeasures(measureBits.Length);
        var reference = new KeyReference.ByKey<TKey>(key);
        return _writer.TryPublish(reference, Source, timestampTicks, measureBits[0], measureBits[1..]);
    }

    /// <summary>Publishes an event; while the ring is full it waits without holding a thread.</summary>
    /// <param name="key">The key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="value">The measure.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <inheritdoc cref="Publish(TKey, long, double)" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishAsync(
        TKey key, long timestampTicks, double value, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        return TryPublish(key, timestampTicks, value)
            ? ValueTask.CompletedTask
            : WaitAndPublishAsync(key, timestampTicks, value, _writer.Ring.Gate.BeginWait(), cancellationToken);
    }

    private async ValueTask WaitAndPublishAsync(
        TKey key, long timestampTicks, double value, StallTimer timer, CancellationToken cancellationToken)
    {
        do
        {
            if (!await _writer.Ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false))
                _writer.Ring.Gate.ThrowIfBlocked(ref timer);
        }
        while (!TryPublish(key, timestampTicks, value));
    }
}
