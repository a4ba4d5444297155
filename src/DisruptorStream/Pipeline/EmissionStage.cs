using DisruptorStream.Emission;
using DisruptorStream.Emission.Merging;

namespace DisruptorStream.Pipeline;

/// <summary>
/// Merges the rows of all shards into the one order, hands them on, and tells who waits how far it has come.
/// </summary>
/// <remarks>The emitting thread owns it; anybody may wait.</remarks>
internal sealed class EmissionStage
{
    private const int RowsPerStep = 1024;

    private readonly ResultMerger _merger;
    private readonly ResultOutput _output;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiters = new();
    private long _firstAwaited = long.MaxValue;
    private Exception? _end;

    public EmissionStage(ResultRing[] rings, ResultOutput output)
    {
        _merger = new ResultMerger(rings);
        _output = output;
    }

    /// <summary>For a shard on the emitting thread itself, whose rows need no merging.</summary>
    public ResultOutput Output => _output;

    /// <summary>Everything up to this sequence has been delivered.</summary>
    public long CompletedThrough => _merger.CompletedThrough;

    /// <summary>Delivers all that is ready. Returns whether there was anything.</summary>
    public bool Emit()
    {
        var any = false;
        while (_merger.TryTake(_output, RowsPerStep, out _))
            any = true;
        _output.Flush();

        // Pairs with the write in WaitFor: a waiter that registers later is seen at the latest at its own slot.
        if (_merger.CompletedThrough >= Volatile.Read(ref _firstAwaited))
            ReleaseWaiters();
        return any;
    }

    /// <summary>
    /// Completes once everything up to the sequence has been delivered. Register before publishing it.
    /// </summary>
    public Task WaitFor(long sequence)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_end is { } end)
                return Task.FromException(end);
            _waiters.Enqueue(waiter, sequence);
            Volatile.Write(ref _firstAwaited, Math.Min(_firstAwaited, sequence));
        }

        return waiter.Task;
    }

    /// <summary>Nothing more is emitted: whoever waits gets this.</summary>
    public void End(Exception end)
    {
        lock (_gate)
        {
            _end ??= end;
            while (_waiters.TryDequeue(out var waiter, out _))
                waiter.TrySetException(_end);
        }
    }

    private void ReleaseWaiters()
    {
        lock (_gate)
        {
            while (_waiters.TryPeek(out var waiter, out var sequence) && sequence <= _merger.CompletedThrough)
            {
                _waiters.Dequeue();
                waiter.TrySetResult();
            }

            var next = _waiters.TryPeek(out _, out var first) ? first : long.MaxValue;
            Volatile.Write(ref _firstAwaited, next);
        }
    }
}
