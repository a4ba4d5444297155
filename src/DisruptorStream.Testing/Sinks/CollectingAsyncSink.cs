using DisruptorStream.Emission;

namespace DisruptorStream.Testing.Sinks;

/// <summary>Keeps all results of an asynchronous sink, and what else it was told; writes may be held or fail.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Any thread may read while the processor writes.</remarks>
public sealed class CollectingAsyncSink<TKey> : IAsyncResultSink<TKey>
{
    private readonly Arrivals<WindowResult<TKey>> _arrivals = new("results");
    private readonly Arrivals<string> _calls = new("calls");
    private readonly Arrivals<int> _writes = new("writes");
    private readonly Func<int, CancellationToken, ValueTask>? _onWrite;
    private Exception? _failure;

    /// <param name="onWrite">
    /// Awaited in each write before its results are kept, with the number of the write, from 1, and its token: it may
    /// wait, or fail. Null for nothing.
    /// </param>
    public CollectingAsyncSink(Func<int, CancellationToken, ValueTask>? onWrite = null) => _onWrite = onWrite;

    /// <summary>The results so far, in their order. Each call makes a list of its own.</summary>
    public IReadOnlyList<WindowResult<TKey>> Results => _arrivals.ToArray();

    /// <summary>How many results there are.</summary>
    public int Count => _arrivals.Count;

    /// <summary>
    /// How many results each write had, those that failed included. Each call makes a list of its own.
    /// </summary>
    public IReadOnlyList<int> Writes => _writes.ToArray();

    /// <summary>
    /// The names of the calls so far, in their order, such as <c>StartAsync</c>; calls of the same name in a row count
    /// as one. Each call makes a list of its own.
    /// </summary>
    public IReadOnlyList<string> Calls => _calls.ToArray();

    /// <summary>What the sink was completed with; null for nothing, or not yet.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <inheritdoc cref="CollectingSink{TKey}.WaitForAsync"/>
    /// <summary>Waits until there are at least this many results, and gives all of them.</summary>
    public Task<IReadOnlyList<WindowResult<TKey>>> WaitForAsync(
        int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _arrivals.WaitForAsync(count, timeout, cancellationToken);

    /// <summary>Waits until this many writes have begun.</summary>
    /// <param name="writes">Zero or more. Default 1.</param>
    /// <param name="timeout">How long, by the system's clock. Null for 30 seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StreamTestException">They did not begin in time.</exception>
    public Task WaitForWriteAsync(
        int writes = 1, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _writes.WaitForAsync(writes, timeout, cancellationToken);

    /// <inheritdoc/>
    public ValueTask StartAsync(SinkContext context, CancellationToken cancellationToken) => Note(nameof(StartAsync));

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        IReadOnlyList<WindowResult<TKey>> results, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(results);
        await Note(nameof(WriteAsync)).ConfigureAwait(false);
        _writes.Add(results.Count);
        if (_onWrite is not null)
            await _onWrite(_writes.Count, cancellationToken).ConfigureAwait(false);
        foreach (var result in results)
            _arrivals.Add(result);
    }

    /// <inheritdoc/>
    public ValueTask ProgressAsync(SinkProgress progress, CancellationToken cancellationToken) =>
        Note(nameof(ProgressAsync));

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => Note(nameof(FlushAsync));

    /// <inheritdoc/>
    public ValueTask CompleteAsync(Exception? failure)
    {
        Volatile.Write(ref _failure, failure);
        return Note(nameof(CompleteAsync));
    }

    private ValueTask Note(string call)
    {
        if (!call.Equals(_calls.Last, StringComparison.Ordinal))
            _calls.Add(call);
        return ValueTask.CompletedTask;
    }
}
