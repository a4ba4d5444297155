using DisruptorStream.Cluster.Owning;

namespace DisruptorStream.Cluster.Writing;

/// <summary>Writes events to the partitions of their keys, many in a record.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>
/// <para>
/// The events of one caller and one key stay in their order. A record that fails is appended again until it is there,
/// once: meanwhile up to two records wait in each partition, and then the callers. What is written and not yet flushed
/// is lost where the process ends.
/// </para>
/// <para>Any thread. Any number of writers may write to a topic.</para>
/// </remarks>
public sealed class PartitionWriter<TEvent> : IAsyncDisposable
{
    private readonly Func<TEvent, int> _partitionOf;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly PartitionLane<TEvent>[] _lanes;
    private readonly CancellationTokenSource _end = new();
    private readonly LogRetry _retry;
    private int _isDisposed;

    internal PartitionWriter(
        PartitionOptions<TEvent> topic, Func<TEvent, int> partitionOf, PartitionWriterOptions options)
    {
        _partitionOf = partitionOf;
        _retry = new LogRetry(topic.TimeProvider, static (_, _) => { });
        _lanes = new PartitionLane<TEvent>[topic.Partitions];
        var id = Guid.NewGuid().ToString("N");
        for (var partition = 0; partition < _lanes.Length; partition++)
            _lanes[partition] = new PartitionLane<TEvent>(topic, partition, options, id, _retry, _end.Token);
    }

    /// <summary>What goes wrong now, so that events wait; null for nothing.</summary>
    public Exception? Failure => _retry.Failure;

    /// <summary>Writes an event. Completes when there is room for it, which is at once as a rule.</summary>
    /// <param name="one">The event.</param>
    /// <param name="cancellationToken">Ends the wait; the event is not written then.</param>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    /// <exception cref="Exception">
    /// What the key's selector or the format threw; or what the log refuses for good.
    /// </exception>
    public ValueTask WriteAsync(TEvent one, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        return _lanes[_partitionOf(one)].WriteAsync(one, cancellationToken);
    }

    /// <summary>Completes when all that was written before is in the logs.</summary>
    /// <param name="cancellationToken">Ends the wait, and nothing else.</param>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    /// <exception cref="Exception">What the log refuses for good, such as a record that is too large.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var flushes = Array.ConvertAll(_lanes, lane => lane.FlushAsync());
        await Task.WhenAll(flushes).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Says that the input has ended: behind all that was written, in each partition, so that all windows fire. Only
    /// where nobody writes any more, now or later.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, and nothing else.</param>
    /// <inheritdoc cref="FlushAsync" path="/exception"/>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var ends = Array.ConvertAll(_lanes, lane => lane.CompleteAsync());
        await Task.WhenAll(ends).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends it, once all that was written is in the logs: after two seconds at the latest. Where the logs may be away,
    /// flush before, which tells.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        var flushes = Task.WhenAll(Array.ConvertAll(_lanes, static lane => lane.FlushAsync()));
        await flushes.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        PromptCalls.Cancel(_end);
        await Task.WhenAll(Array.ConvertAll(_lanes, static lane => lane.DisposeAsync().AsTask()))
            .ConfigureAwait(false);
    }
}
