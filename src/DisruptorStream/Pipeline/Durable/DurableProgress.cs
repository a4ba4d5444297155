using DisruptorStream.Emission.Gating;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>How far the journal has come: what is written, what is durable, and which results may go.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class DurableProgress
{
    private readonly SequenceWaiters _waiters;
    private readonly bool _awaitsSync;
    private readonly Action _onAwaited;
    private long _written;

    /// <param name="through">The last slot that was durable before.</param>
    /// <param name="awaitsSync">
    /// Whether results wait until what they depend on is durable, and not only written.
    /// </param>
    /// <param name="onAwaited">Called where somebody waits for a slot: it should be made durable soon.</param>
    public DurableProgress(long through, bool awaitsSync, Action onAwaited)
    {
        Results = new DeliveryGate(through);
        _waiters = new SequenceWaiters(through);
        _written = through;
        _awaitsSync = awaitsSync;
        _onAwaited = onAwaited;
    }

    /// <summary>Holds results back until they may go.</summary>
    public DeliveryGate Results { get; }

    /// <summary>The last slot that outlives the process. Pairs with the write in OnWritten.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>The last slot that outlives the machine's power.</summary>
    public long Durable => _waiters.Reached;

    /// <summary>Completes when a slot is durable; faults where the journal ends before.</summary>
    public Task WaitFor(long sequence)
    {
        var waiter = _waiters.WaitFor(sequence);
        if (!waiter.IsCompleted)
            _onAwaited();
        return waiter;
    }

    /// <summary>There is much to be made durable: that should be done soon.</summary>
    public void AskForSync() => _onAwaited();

    /// <summary>All up to a slot is written.</summary>
    public void OnWritten(long sequence)
    {
        Volatile.Write(ref _written, sequence);
        if (!_awaitsSync)
            Results.MoveTo(sequence);
    }

    /// <summary>All up to a slot is durable.</summary>
    public void OnDurable(long sequence)
    {
        _waiters.Release(sequence);
        if (_awaitsSync)
            Results.MoveTo(sequence);
    }

    /// <summary>Nothing is made durable any more: who waits gets this.</summary>
    public void End(Exception end) => _waiters.End(end);
}
