using DisruptorStream.Ingest;

namespace DisruptorStream.Hosting;

/// <summary>The way to the publisher of a hosted processor or stream that may still recover.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <remarks>
/// Who takes the <see cref="EventPublisher{TEvent}"/> itself from the container waits there, on its thread, until it is
/// built. A host makes all its hosted services before it starts any: one that takes the publisher in its constructor
/// has the whole host wait. It takes this instead, and asks once it runs. Any thread.
/// </remarks>
public sealed class HostedPublisher<TEvent>
{
    private readonly HostedProcessor _processor;
    private readonly Func<EventPublisher<TEvent>> _publisher;

    internal HostedPublisher(HostedProcessor processor, Func<EventPublisher<TEvent>> publisher)
    {
        _processor = processor;
        _publisher = publisher;
    }

    /// <summary>Completes with the publisher when the processor has started, after its recovery.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The publisher that the container has.</returns>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled, or the host stopped while the processor recovered.
    /// </exception>
    /// <exception cref="Durability.DurabilityException">It could not recover.</exception>
    public async Task<EventPublisher<TEvent>> WhenStartedAsync(CancellationToken cancellationToken = default)
    {
        await _processor.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _publisher();
    }
}
