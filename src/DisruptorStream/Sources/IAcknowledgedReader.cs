namespace DisruptorStream.Sources;

/// <summary>Reads a source that is told what is safe.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// Threads of the pool: one call of <see cref="ReadAsync"/> at a time, and beside it one of
/// <see cref="AcknowledgeAsync"/>. It is disposed after the last of both.
/// </remarks>
public interface IAcknowledgedReader<TEvent> : IAsyncDisposable
{
    /// <inheritdoc cref="ISeekableReader{TEvent}.Lag"/>
    long? Lag { get; }

    /// <summary>Reads the next events.</summary>
    /// <param name="batch">
    /// Takes them, as many as it has room for; it is empty. Where there is nothing yet, wait for a while, and return
    /// with none.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the processor ends: give up then, soon.</param>
    /// <returns>False where the source has ended: nothing comes any more, ever.</returns>
    /// <remarks>Where it throws, the source is opened again later.</remarks>
    ValueTask<bool> ReadAsync(SourceBatch<TEvent> batch, CancellationToken cancellationToken);

    /// <summary>The first events that this reader has given are safe: they need not come again.</summary>
    /// <param name="count">How many, of all since it was opened; more than at the call before.</param>
    /// <param name="cancellationToken">Cancelled when the processor ends.</param>
    /// <remarks>Where it throws, the source is opened again later.</remarks>
    ValueTask AcknowledgeAsync(long count, CancellationToken cancellationToken);
}
