using System.Runtime.CompilerServices;

namespace DisruptorStream.Emission.Delivery;

/// <summary>Counts what sinks throw, and decides by their policies what happens next.</summary>
/// <remarks>The emitting thread writes; any thread reads the counts.</remarks>
internal sealed class SinkFailures
{
    private readonly CancellationToken _abort;
    private long _failed;
    private long _retried;
    private long _skipped;
    private Exception? _last;

    public SinkFailures(CancellationToken abort) => _abort = abort;

    /// <summary>Calls that threw, retries included.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Calls made because the one before threw.</summary>
    public long Retried => Volatile.Read(ref _retried);

    /// <summary>Batches, and dropped events, that a sink went without.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    public Exception? Last => Volatile.Read(ref _last);

    /// <summary>
    /// Returns whether the sink is to be called again, after the policy's delay, rather than skipped.
    /// </summary>
    /// <param name="sink">The sink that threw.</param>
    /// <param name="policy">Its policy.</param>
    /// <param name="failure">What it threw.</param>
    /// <param name="attempt">How many calls with these rows have failed before this one.</param>
    /// <param name="firstSequence">The first sequence of these rows.</param>
    /// <param name="lastSequence">The last sequence of these rows.</param>
    /// <exception cref="SinkException">The policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted before the retry.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool ShouldRetry(
        object sink, SinkFailurePolicy policy, Exception failure, int attempt, long firstSequence, long lastSequence)
    {
        // One thread writes: the releases pair with the reads of the properties above, on other threads.
        Volatile.Write(ref _failed, _failed + 1);
        Volatile.Write(ref _last, failure);
        if (attempt < policy.Retries)
        {
            WaitFor(policy.RetryDelay);
            Volatile.Write(ref _retried, _retried + 1);
            return true;
        }

        if (!policy.SkipsInTheEnd)
            throw new SinkException(sink, firstSequence, lastSequence, attempt + 1, failure);

        Volatile.Write(ref _skipped, _skipped + 1);
        return false;
    }

    private void WaitFor(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
            _abort.WaitHandle.WaitOne(delay);

        _abort.ThrowIfCancellationRequested();
    }
}
