using DisruptorStream.Emission;

namespace DisruptorStream.Testing.Sinks;

/// <summary>
/// Holds the emitting thread until it is opened: for tests of back-pressure, time-outs and stopping.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Closed at first. In Inline execution it holds the publisher itself. Any thread may call the other members.
/// </remarks>
public sealed class GatedSink<TKey> : IResultSink<TKey>, IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly Arrivals<int> _calls = new("calls of the sink");
    private readonly IResultSink<TKey>? _inner;

    /// <param name="inner">Gets the batches that come through; null for nobody.</param>
    public GatedSink(IResultSink<TKey>? inner = null) => _inner = inner;

    /// <summary>How often it was called; a call that is held counts.</summary>
    public int Calls => _calls.Count;

    /// <summary>Lets the call that is held go on, and all after it through.</summary>
    public void Open() => _gate.Set();

    /// <summary>Holds the next call.</summary>
    public void Close() => _gate.Reset();

    /// <summary>Waits until it was called so often: while it is closed, the last of these calls is held.</summary>
    /// <param name="calls">Zero or more, counted from the first. Default 1.</param>
    /// <param name="timeout">How long, by the system's clock. Null for 30 seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StreamTestException">It was not called so often in time.</exception>
    public Task WaitForCallAsync(
        int calls = 1, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        _calls.WaitForAsync(calls, timeout, cancellationToken);

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _calls.Add(batch.Count);
        _gate.Wait();
        _inner?.OnResults(batch);
    }

    /// <inheritdoc/>
    public void OnStart(in SinkContext context) => _inner?.OnStart(context);

    /// <inheritdoc/>
    public void OnProgress(in SinkProgress progress) => _inner?.OnProgress(progress);

    /// <inheritdoc/>
    public void OnFlush() => _inner?.OnFlush();

    /// <inheritdoc/>
    public void OnComplete(Exception? failure) => _inner?.OnComplete(failure);

    /// <summary>Opens it for good, so that no thread stays held.</summary>
    public void Dispose() => _gate.Set();
}
