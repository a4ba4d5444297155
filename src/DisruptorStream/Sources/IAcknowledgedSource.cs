namespace DisruptorStream.Sources;

/// <summary>
/// Events that cannot be read again at will, but come again until they are acknowledged: a queue, a topic with a
/// subscription.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// An event is acknowledged only when no crash takes it back: it is in the journal, and that is synced. So none is
/// lost. One that had been published, and not yet acknowledged, comes again after a crash and counts twice.
/// </remarks>
public interface IAcknowledgedSource<TEvent>
{
    /// <summary>Opens the source: what was not acknowledged comes first, or again at some time.</summary>
    /// <param name="cancellationToken">Cancelled when the processor ends: give up then, soon.</param>
    ValueTask<IAcknowledgedReader<TEvent>> OpenAsync(CancellationToken cancellationToken);
}
