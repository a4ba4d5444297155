namespace DisruptorStream.Sources;

/// <summary>Reads a source from a position on.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>One call at a time, on threads of the pool. It is disposed after its last call.</remarks>
public interface ISeekableReader<TEvent> : IAsyncDisposable
{
    /// <summary>Behind all that it has given: who opens the source there gets what comes next.</summary>
    /// <remarks>
    /// Asked after each read. Where it has given events, and this is still where it was, the source counts as failed.
    /// </remarks>
    SourcePosition Position { get; }

    /// <summary>
    /// How much there is that it has not read yet, in units of the source such as bytes; null where it does not know.
    /// </summary>
    /// <remarks>Asked after each read.</remarks>
    long? Lag { get; }

    /// <summary>Reads the next events.</summary>
    /// <param name="batch">
    /// Takes them, as many as it has room for; it is empty. Where there is nothing yet, wait for a while, and return
    /// with none.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the processor ends: give up then, soon.</param>
    /// <returns>False where the source has ended: nothing comes any more, ever.</returns>
    /// <remarks>
    /// Where it throws, the events that it has added are published, and the source is opened again later, where the
    /// batch had begun; those events are left out then.
    /// </remarks>
    ValueTask<bool> ReadAsync(SourceBatch<TEvent> batch, CancellationToken cancellationToken);
}
