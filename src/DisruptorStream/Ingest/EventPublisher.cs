using DisruptorStream.Ingest.Sources;
using DisruptorStream.Slots;

namespace DisruptorStream.Ingest;

/// <summary>Publishes the host's own events, as one source.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// The selectors run on the caller's thread, before anything is claimed: what they throw, the caller gets, and the
/// events before that one are published. Where the publisher is disposed meanwhile, they are not.
/// </remarks>
public abstract class EventPublisher<TEvent> : SourcePublisher
{
    /// <summary>The most events that are read before the first is claimed.</summary>
    private protected const int BlockEvents = 256;

    private readonly EventRing _ring;

    private protected EventPublisher(string name, EventRing ring, SourceRegistry registry)
        : base(name, ring, registry) => _ring = ring;

    /// <summary>
    /// For how many events at a time selectors are run where nobody waits. At least one: Inline, the claim itself may
    /// make room.
    /// </summary>
    private int Room => (int)Math.Clamp(_ring.Slots.Sequencer.RemainingCapacity, 1, BlockEvents);

    /// <summary>Publishes an event; waits while the ring is full.</summary>
    /// <param name="published">The event; it is read, and not kept.</param>
    /// <exception cref="ProcessorStoppedException">The processor takes no more events.</exception>
    /// <exception cref="PipelineException">A stage of the processor has failed.</exception>
    /// <exception cref="ResultBufferFullException">The ring is full because nobody reads the results.</exception>
    /// <exception cref="Emission.EngineHeldException">The ring is full, and nothing has moved for too long.</exception>
    /// <exception cref="InvalidOperationException">
    /// A call from inside that cannot be served: the message says why, and what to do instead.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The publisher was disposed.</exception>
    public abstract void Publish(in TEvent published);

    /// <summary>Publishes events in their order; waits while the ring is full.</summary>
    /// <param name="published">The events. They are read, and not kept.</param>
    /// <remarks>
    /// Where it throws, the first events are published, as many as <see cref="PublishedCount.Of"/> says.
    /// </remarks>
    /// <inheritdoc cref="Publish(in TEvent)" path="/exception"/>
    public void Publish(ReadOnlySpan<TEvent> published)
    {
        var done = 0;
        try
        {
            ThrowIfDisposed();
            while (done < published.Length)
                PublishBlock(published, BlockEvents, waits: true, ref done);
        }
        catch (Exception failure)
        {
            PublishedCount.Note(failure, done);
            throw;
        }
    }

    /// <summary>Publishes an event if there is room in the ring; otherwise does nothing.</summary>
    /// <returns>False when the ring is full.</returns>
    /// <inheritdoc cref="Publish(in TEvent)"/>
    public abstract bool TryPublish(in TEvent published);

    /// <summary>Publishes events in their order, as many of the first ones as there is room for.</summary>
    /// <param name="published">The events. They are read, and not kept.</param>
    /// <returns>How many of the first events were published; 0 when the ring is full.</returns>
    /// <remarks>
    /// It throws only where none was published: what happens after some is thrown by the call for the rest. Selectors
    /// run for an event again where it was not published at first.
    /// </remarks>
    /// <inheritdoc cref="Publish(in TEvent)" path="/exception"/>
    public int TryPublish(ReadOnlySpan<TEvent> published)
    {
        var done = 0;
        try
        {
            PublishWhileRoom(published, ref done);
        }
        catch (Exception)
        {
            // The call for the rest throws it, with nothing taken. No filter asks: it would see what was taken before
            // the publisher has counted it.
            if (done == 0)
                throw;
        }

        return done;
    }

    /// <summary>Publishes an event; while the ring is full it waits without holding a thread.</summary>
    /// <param name="published">The event.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the event is then not published. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <inheritdoc cref="Publish(in TEvent)" path="/exception"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask PublishAsync(TEvent published, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        return TryPublish(published)
            ? ValueTask.CompletedTask
            : WaitAndPublishAsync(published, _ring.Gate.BeginWait(), cancellationToken);
    }

    /// <summary>Publishes events in their order; while the ring is full it waits without holding a thread.</summary>
    /// <param name="published">The events: they must not change before the end.</param>
    /// <param name="cancellationToken">
    /// Ends the wait: what was published before stays so. Looked at first: one that is cancelled already publishes
    /// nothing.
    /// </param>
    /// <remarks>
    /// It ends when all are published, at once where there is room; only a wait allocates. Where it throws, the first
    /// events are published, as many as <see cref="PublishedCount.Of"/> says. Other publishers' events may come between
    /// these. Selectors run for an event again where it had to wait, then on a thread of the pool.
    /// </remarks>
    /// <inheritdoc cref="PublishAsync(TEvent, CancellationToken)" path="/exception"/>
    public ValueTask PublishAsync(
        ReadOnlyMemory<TEvent> published, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var done = 0;
        try
        {
            PublishWhileRoom(published.Span, ref done);
            return done == published.Length
                ? ValueTask.CompletedTask
                : WaitAndPublishAsync(published, done, _ring.Gate.BeginWait(), cancellationToken);
        }
        catch (Exception failure)
        {
            PublishedCount.Note(failure, done);
            throw;
        }
    }

    /// <summary>Publishes a block of events.</summary>
    /// <param name="published">The events, 1 to <see cref="BlockEvents"/>.</param>
    /// <param name="waits">Whether it waits while the ring is full.</param>
    /// <param name="done">Raised by how many were published: also where it throws.</param>
    /// <returns>False where the room has ended before all were published.</returns>
    private protected abstract bool PublishSeveral(ReadOnlySpan<TEvent> published, bool waits, ref int done);

    private void PublishWhileRoom(ReadOnlySpan<TEvent> published, ref int done)
    {
        ThrowIfDisposed();
        while (done < published.Length && PublishBlock(published, Room, waits: false, ref done))
        {
        }
    }

    /// <summary>Publishes the next events; false where the room has ended before them.</summary>
    private bool PublishBlock(ReadOnlySpan<TEvent> published, int most, bool waits, ref int done)
    {
        var block = published.Slice(done, Math.Min(most, published.Length - done));

        // Inline, the call that publishes may fail after the event is in, which only the way for several can tell.
        if (block.Length > 1 || _ring.TakesInPlace)
            return PublishSeveral(block, waits, ref done);
        if (waits)
            Publish(in block[0]);
        else if (!TryPublish(in block[0]))
            return false;
        done++;
        return true;
    }

    private async ValueTask WaitAndPublishAsync(
        TEvent published, StallTimer timer, CancellationToken cancellationToken)
    {
        do
        {
            if (!await _ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false))
                _ring.Gate.ThrowIfBlocked(ref timer);
        }
        while (!TryPublish(published));
    }

    private async ValueTask WaitAndPublishAsync(
        ReadOnlyMemory<TEvent> published, int done, StallTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            while (done < published.Length)
            {
                if (!await _ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false))
                    _ring.Gate.ThrowIfBlocked(ref timer);
                PublishWhileRoom(published.Span, ref done);
            }
        }
        catch (Exception failure)
        {
            PublishedCount.Note(failure, done);
            throw;
        }
    }
}
