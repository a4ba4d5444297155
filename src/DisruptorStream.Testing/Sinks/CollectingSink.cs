using DisruptorStream.Emission;

namespace DisruptorStream.Testing.Sinks;

/// <summary>Keeps copies of all results.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Any thread may read while the processor writes. Each result costs a few small arrays.</remarks>
public sealed class CollectingSink<TKey> : IResultSink<TKey>
{
    private readonly Arrivals<WindowResult<TKey>> _arrivals = new("results");

    /// <summary>How many results there are.</summary>
    public int Count => _arrivals.Count;

    /// <summary>The results so far, in their order. Each call makes a list of its own.</summary>
    public IReadOnlyList<WindowResult<TKey>> Results => _arrivals.ToArray();

    /// <summary>Waits until there are so many results or more, and gives all of them.</summary>
    /// <param name="count">Zero or more, counted from the last <see cref="Clear"/>.</param>
    /// <param name="timeout">How long, by the system's clock. Null for 30 seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StreamTestException">They did not come in time; the message says how many did.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public Task<IReadOnlyList<WindowResult<TKey>>> WaitForAsync(
        int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _arrivals.WaitForAsync(count, timeout, cancellationToken);

    /// <summary>Forgets the results.</summary>
    public void Clear() => _arrivals.Clear();

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var result in batch)
            _arrivals.Add(result.ToOwned());
    }
}
