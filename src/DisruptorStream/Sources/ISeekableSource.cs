namespace DisruptorStream.Sources;

/// <summary>Events that can be read again from any place: a file, a log, a table that only grows.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// <para>
/// The processor keeps the position with its journal, so that after any end each event is in once: it opens the source
/// at that position, and reads on.
/// </para>
/// <para>
/// What it asks for: the same position gives the same events in the same order, always. It is called on threads of the
/// pool, one call at a time.
/// </para>
/// </remarks>
public interface ISeekableSource<TEvent>
{
    /// <summary>Opens the source at a position.</summary>
    /// <param name="from">
    /// What <see cref="ISeekableReader{TEvent}.Position"/> of a reader was, also in another process; or
    /// <see cref="SourcePosition.Start"/>.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the processor ends: give up then, soon.</param>
    /// <exception cref="SourcePositionException">
    /// What lies at the position is no longer what it was, or no longer there. Whatever it throws, the processor tells
    /// of it and tries again later.
    /// </exception>
    ValueTask<ISeekableReader<TEvent>> OpenAsync(SourcePosition from, CancellationToken cancellationToken);
}
