using System.Runtime.CompilerServices;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Emission.Calls;

/// <summary>Counts what sinks throw, and decides by their policies what happens next.</summary>
/// <remarks>The emitting thread writes; any thread reads the counts.</remarks>
internal sealed class SinkFailures
{
    private readonly CancellationToken _abort;
    private readonly TimeProvider _timeProvider;
    private readonly SinkCalls _calls;
    private readonly PublishedCopy<SinkFigures> _figures = new();
    private readonly Dictionary<object, long> _failing = new(ReferenceEqualityComparer.Instance);
    private Exception? _last;

    /// <param name="timeProvider">Says when a sink failed.</param>
    /// <param name="calls">Told of the waits between the calls.</param>
    /// <param name="abort">Ends those.</param>
    public SinkFailures(TimeProvider timeProvider, SinkCalls calls, CancellationToken abort)
    {
        _calls = calls;
        _abort = abort;
        _timeProvider = timeProvider;
    }

    /// <summary>Counts of one instant. Any thread.</summary>
    public SinkFigures Figures => _figures.Read();

    public Exception? Last => Volatile.Read(ref _last);

    /// <summary>
    /// Returns whether the sink is to be called again, after the policy's delay, rather than skipped.
    /// </summary>
    /// <param name="call">The call that threw.</param>
    /// <param name="policy">The sink's policy.</param>
    /// <param name="failure">What it threw.</param>
    /// <exception cref="SinkException">The policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted before the retry.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool ShouldRetry(in FailedCall call, SinkFailurePolicy policy, Exception failure)
    {
        if (!MayRetry(call, policy, failure))
            return false;
        WaitFor(policy.RetryDelay);
        NoteRetry();
        return true;
    }

    /// <summary>As <see cref="ShouldRetry"/>, but the caller itself waits, and notes the retry.</summary>
    /// <exception cref="SinkException">The policy says stop.</exception>
    public bool MayRetry(in FailedCall call, SinkFailurePolicy policy, Exception failure)
    {
        // Pairs with the read in Last: who sees the count finds the exception.
        Volatile.Write(ref _last, failure);
        Count(call.Sink);
        if (call.Attempts <= policy.Retries)
            return true;
        if (!policy.SkipsInTheEnd)
            throw new SinkException(call, policy, failure);

        _figures.Live.Skipped++;
        _figures.Publish();
        return false;
    }

    /// <summary>A call is made because the one before threw.</summary>
    public void NoteRetry()
    {
        _figures.Live.Retried++;
        _figures.Publish();
    }

    /// <summary>A call of the sink went well.</summary>
    public void OnSuccess(object sink)
    {
        if (_failing.Count > 0 && _failing.Remove(sink))
            ShowConsecutive();
    }

    private void Count(object sink)
    {
        _failing[sink] = _failing.GetValueOrDefault(sink) + 1;
        _figures.Live.Failed++;
        _figures.Live.LastFailureTicks = _timeProvider.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks;
        ShowConsecutive();
    }

    private void ShowConsecutive()
    {
        var most = 0L;
        foreach (var count in _failing.Values)
            most = Math.Max(most, count);
        _figures.Live.Consecutive = most;
        _figures.Publish();
    }

    private void WaitFor(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            _calls.IsPausing = true;
            _abort.WaitHandle.WaitOne(delay);
            _calls.IsPausing = false;
        }

        _abort.ThrowIfCancellationRequested();
    }
}
