namespace DisruptorStream.Emission.Gating;

/// <summary>Tasks that complete once a sequence is reached.</summary>
/// <remarks>Any thread waits; one at a time releases. Who waits allocates, who releases does not.</remarks>
internal sealed class SequenceWaiters
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiters = new();
    private long _reached;
    private long _firstAwaited = long.MaxValue;
    private Exception? _end;

    /// <param name="reached">The sequence that is reached already; long.MinValue for none.</param>
    public SequenceWaiters(long reached = long.MinValue) => _reached = reached;

    /// <summary>The highest sequence of <see cref="Release"/>. Pairs with the write there.</summary>
    public long Reached => Volatile.Read(ref _reached);

    /// <summary>
    /// Whether <see cref="Release"/> would complete a task. Takes no lock; pairs with the write in
    /// <see cref="WaitFor"/>: who begins to wait before a slot is published is seen at that slot.
    /// </summary>
    public bool AreDue(long sequence) => sequence >= Volatile.Read(ref _firstAwaited);

    /// <summary>Completes once the sequence is reached; faults where the end comes before.</summary>
    public Task WaitFor(long sequence)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (sequence <= _reached)
                return Task.CompletedTask;
            if (_end is { } end)
                return Task.FromException(end);
            _waiters.Enqueue(waiter, sequence);
            Volatile.Write(ref _firstAwaited, Math.Min(_firstAwaited, sequence));
        }

        return waiter.Task;
    }

    /// <summary>All up to a sequence is reached.</summary>
    public void Release(long sequence)
    {
        lock (_gate)
        {
            Volatile.Write(ref _reached, Math.Max(_reached, sequence));
            while (_waiters.TryPeek(out var waiter, out var awaited) && awaited <= sequence)
            {
                _waiters.Dequeue();
                waiter.TrySetResult();
            }

            Volatile.Write(ref _firstAwaited, _waiters.TryPeek(out _, out var first) ? first : long.MaxValue);
        }
    }

    /// <summary>No further sequence is reached: who waits, now or later, gets this exception.</summary>
    public void End(Exception end)
    {
        lock (_gate)
        {
            _end ??= end;
            while (_waiters.TryDequeue(out var waiter, out _))
                waiter.TrySetException(_end);
        }
    }
}
