using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Records;

namespace DisruptorStream.Emission.Reading;

/// <summary>A reader of its own: gets all results from its creation on, whatever others read.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Made by <see cref="StreamProcessor{TKey}.CreateResultReader"/>. Its results own their memory. One thread reads at a
/// time, by an enumeration or by <see cref="TryRead"/>; any thread may do the rest. At the end of the processor it
/// gives what is left, and then ends, or throws what has failed.
/// </remarks>
public sealed class ResultReader<TKey> : IAsyncEnumerable<WindowResult<TKey>>, IDisposable
    where TKey : notnull
{
    private readonly ResultReaders<TKey> _readers;

    internal ResultReader(ResultReaders<TKey> readers, ResultStream<TKey> stream)
    {
        _readers = readers;
        Stream = stream;
    }

    /// <summary>Its name, of its own among the readers of its processor.</summary>
    public string Name => Stream.ReaderName!;

    /// <summary>How many results may wait for it.</summary>
    public int Capacity => Stream.Capacity;

    /// <summary>How many results wait for it.</summary>
    public int Count => Stream.Count;

    /// <summary>
    /// Results that it will never give: the oldest ones of a full buffer, with
    /// <see cref="ResultReaderFullMode.DropOldest"/>, and those that waited when it was disposed.
    /// </summary>
    public long Dropped => Stream.Dropped;

    internal ResultStream<TKey> Stream { get; }

    /// <summary>Takes the oldest result that is waiting, if there is one.</summary>
    /// <param name="result">The result.</param>
    /// <returns>False when there is none now.</returns>
    /// <exception cref="InvalidOperationException">An enumeration of this reader is under way.</exception>
    /// <exception cref="PipelineException">A stage has failed, and everything before has been read.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public bool TryRead(out WindowResult<TKey> result)
    {
        ThrowIfDisposed();
        return Stream.TryRead(out result);
    }

    /// <summary>
    /// The results, in their order, to the end. To leave early leaves the place to another enumeration, which goes on
    /// there. Disposing the reader ends it.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration. Looked at before all else.</param>
    /// <exception cref="InvalidOperationException">Another enumeration of this reader is under way.</exception>
    /// <exception cref="PipelineException">A stage has failed, and everything before has been read.</exception>
    /// <exception cref="ObjectDisposedException">The reader was disposed before.</exception>
    public IAsyncEnumerable<WindowResult<TKey>> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return Stream.ReadAllAsync(cancellationToken);
    }

    /// <summary>
    /// As <see cref="ReadAllAsync(CancellationToken)"/>, with rows of the host's own type.
    /// </summary>
    /// <typeparam name="TRow">The type, marked with <see cref="ResultRowAttribute"/>.</typeparam>
    /// <param name="binding">Of <see cref="StreamProcessor{TKey}.BindResults{TRow}"/>.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public IAsyncEnumerable<TRow> ReadAllAsync<TRow>(
        ResultBinding<TRow, TKey> binding, CancellationToken cancellationToken = default)
        where TRow : IResultRow<TRow, TKey>
    {
        ArgumentNullException.ThrowIfNull(binding);
        return binding.ReadAllAsync(ReadAllAsync(cancellationToken), CancellationToken.None);
    }

    /// <summary>As <see cref="ReadAllAsync(CancellationToken)"/>.</summary>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public IAsyncEnumerator<WindowResult<TKey>> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>
    /// Takes no more results, and drops those that wait. It holds nobody from here on, and its enumeration ends.
    /// </summary>
    public void Dispose() => _readers.Remove(this);

    private void ThrowIfDisposed()
    {
        if (Stream.IsClosed)
        {
            throw new ObjectDisposedException(
                Name, $"The result reader '{Name}' was disposed; create another one with CreateResultReader.");
        }
    }
}
