using DisruptorStream.Emission;

namespace DisruptorStream.Testing.Sinks;

/// <summary>Keeps copies of all results, and what else the sink was told.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Any thread may read while the processor writes. Each result costs a few small arrays.</remarks>
public sealed class CollectingSink<TKey> : IResultSink<TKey>
{
    private readonly Arrivals<WindowResult<TKey>> _arrivals = new("results");
    private readonly Arrivals<string> _calls = new("calls");
    private readonly Lock _gate = new();
    private SinkContext? _context;
    private SinkProgress? _progress;
    private Exception? _failure;

    /// <summary>How many results there are.</summary>
    public int Count => _arrivals.Count;

    /// <summary>The results so far, in their order. Each call makes a list of its own.</summary>
    public IReadOnlyList<WindowResult<TKey>> Results => _arrivals.ToArray();

    /// <summary>
    /// The names of the calls so far, in their order, such as <c>OnStart</c>; calls of the same name in a row count as
    /// one. Each call makes a list of its own.
    /// </summary>
    public IReadOnlyList<string> Calls => _calls.ToArray();

    /// <summary>What the sink was started with; null for not yet.</summary>
    public SinkContext? Context
    {
        get
        {
            lock (_gate)
                return _context;
        }
    }

    /// <summary>How far it was told that results are delivered; null for not yet.</summary>
    public SinkProgress? Progress
    {
        get
        {
            lock (_gate)
                return _progress;
        }
    }

    /// <summary>What it was completed with; null for nothing, or not yet.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Waits until there are at least this many results, and gives all of them.</summary>
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
        Note(nameof(OnResults));
        foreach (var result in batch)
            _arrivals.Add(result.ToOwned());
    }

    /// <inheritdoc/>
    public void OnStart(in SinkContext context)
    {
        Note(nameof(OnStart));
        lock (_gate)
            _context = context;
    }

    /// <inheritdoc/>
    public void OnProgress(in SinkProgress progress)
    {
        Note(nameof(OnProgress));
        lock (_gate)
            _progress = progress;
    }

    /// <inheritdoc/>
    public void OnFlush() => Note(nameof(OnFlush));

    /// <inheritdoc/>
    public void OnComplete(Exception? failure)
    {
        Volatile.Write(ref _failure, failure);
        Note(nameof(OnComplete));
    }

    private void Note(string call)
    {
        if (!call.Equals(_calls.Last, StringComparison.Ordinal))
            _calls.Add(call);
    }
}
