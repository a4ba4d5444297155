using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace DisruptorStream.Emission.Delivery;

/// <summary>The bounded buffer between the emitting thread and a host that reads results at its own pace.</summary>
/// <remarks>
/// One thread writes. One reads at a time: by an enumeration, or by <see cref="TryRead"/>. The results in it own their
/// memory. A full stream holds the emitting thread, and in the end the publishers; where overflow is allowed it takes
/// everything, and publishers check <see cref="IsFull"/> before the next event.
/// </remarks>
internal sealed partial class ResultStream<TKey>
{
    private readonly object _gate = new();
    private readonly Queue<WindowResult<TKey>> _results = new();
    private readonly TimeProvider _timeProvider;
    private readonly bool _overflowAllowed;
    private TaskCompletionSource? _arrival;
    private Exception? _error;
    private bool _isCompleted;
    private bool _isBlocked;
    private bool _isEnumerated;
    private bool _isPulled;
    private bool _hasReader;
    private bool _isExpected;
    private int _count;
    private long _steps;
    private long _read;
    private long _dropped;
    private bool _isClosed;
    private long _blockedCount;
    private long _blockedTicks;

    public ResultStream(int capacity, bool overflowAllowed = false, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        _overflowAllowed = overflowAllowed;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Called when an enumeration begins to wait; what it returns is disposed at the end of the enumeration.
    /// </summary>
    public Func<IDisposable?>? OnWait { get; init; }

    /// <summary>
    /// Called once, when the stream has become full and nobody has ever read it. On the emitting thread, which does not
    /// hold the lock.
    /// </summary>
    public Action? OnUnread { get; set; }

    /// <summary>The name of the reader that it belongs to; null for the processor's own stream.</summary>
    public string? ReaderName { get; init; }

    /// <summary>Whether a full stream gives up its oldest results, and holds nobody.</summary>
    public bool DropsOldest { get; init; }

    /// <summary>The emitting thread's: which row of a batch comes next.</summary>
    public int NextRow { get; set; }

    /// <summary>How many results fit before the stream is full.</summary>
    public int Capacity { get; }

    /// <summary>Appends as many results as there is room for, without waiting.</summary>
    /// <param name="ownedBatch">An owned batch; the results refer to it.</param>
    /// <param name="firstRow">The row to begin with.</param>
    /// <returns>How many were appended; 0 when the stream is full or completed.</returns>
    public int TryWrite(ResultBatch<TKey> ownedBatch, int firstRow)
    {
        var arrival = default(TaskCompletionSource);
        var count = 0;
        lock (_gate)
        {
            if (!_isCompleted)
            {
                var wanted = ownedBatch.Count - firstRow;
                count = _overflowAllowed || DropsOldest ? wanted : Math.Min(wanted, Capacity - _results.Count);
            }

            for (var row = firstRow; row < firstRow + count; row++)
            {
                if (DropsOldest && _results.Count == Capacity)
                    DropOldest();
                _results.Enqueue(ownedBatch[row]);
            }

            Volatile.Write(ref _count, _results.Count);
            _steps += count;

            if (count > 0)
            {
                _isBlocked = false;
                (arrival, _arrival) = (_arrival, null);
            }
        }

        arrival?.TrySetResult();
        if (IsFull && !HasReader && OnUnread is { } tell)
        {
            OnUnread = null;
            tell();
        }

        return count;
    }

    /// <summary>
    /// Holds the emitting thread until the stream is half empty, the time is over, or the token is cancelled.
    /// </summary>
    /// <returns>Whether there is room.</returns>
    public bool WaitToWrite(int timeoutMilliseconds, CancellationToken abort)
    {
        using var registration = abort.UnsafeRegister(
            static stream => ((ResultStream<TKey>)stream!).WakeWriter(), this);
        lock (_gate)
        {
            if (_isCompleted || _overflowAllowed || _results.Count < Capacity)
                return !_isCompleted;

            if (!_isBlocked)
            {
                _isBlocked = true;
                _blockedCount++;
            }

            var begin = _timeProvider.GetTimestamp();
            if (!abort.IsCancellationRequested)
                Monitor.Wait(_gate, timeoutMilliseconds);

            _blockedTicks += _timeProvider.GetElapsedTime(begin).Ticks;
            return !_isCompleted && _results.Count < Capacity;
        }
    }

    /// <summary>
    /// Somebody is going to read: from here on the stream is fed, also where there are sinks, and a full one waits.
    /// </summary>
    public void ExpectReader()
    {
        lock (_gate)
            _isExpected = true;

        // Pairs with the read in HasReader.
        Volatile.Write(ref _hasReader, true);
    }

    /// <summary>Who was expected to read has done so, or never will.</summary>
    public void ForgetReader()
    {
        lock (_gate)
            _isExpected = false;
    }

    /// <summary>Ends the stream: readers get what is left, and then the end, or the error.</summary>
    /// <remarks>The first call counts. What is written afterwards is not taken.</remarks>
    public void Complete(Exception? error = null)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            if (_isCompleted)
                return;

            _isCompleted = true;
            _isBlocked = false;
            _error = error;
            (arrival, _arrival) = (_arrival, null);
            Monitor.PulseAll(_gate);
        }

        arrival?.TrySetResult();
    }

    /// <summary>Its reader goes: what waits is given up, nothing more is taken, and an enumeration ends.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_results.Count > 0)
                DropOldest();
            Volatile.Write(ref _count, 0);
            _steps++;
            _error = null;
        }

        Complete();
    }

    /// <summary>Takes the oldest result, without waiting.</summary>
    /// <returns>False when there is none now.</returns>
    /// <exception cref="InvalidOperationException">An enumeration is under way.</exception>
    /// <exception cref="Exception">
    /// The stream ended with this error, and everything before it has been read.
    /// </exception>
    public bool TryRead(out WindowResult<TKey> result)
    {
        lock (_gate)
        {
            if (_isEnumerated)
                ThrowSecondReader();

            _isPulled = true;
            Volatile.Write(ref _hasReader, true);
        }

        return TryDequeue(out result, out _);
    }

    /// <summary>
    /// Reads to the end. Leaving early leaves the place to another reader, who goes on where this one left.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another enumeration is under way.</exception>
    public async IAsyncEnumerable<WindowResult<TKey>> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Attach();
        var waits = false;
        IDisposable? wait = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TryDequeue(out var result, out var arrival))
                {
                    yield return result;
                    continue;
                }

                if (arrival is null)
                    yield break;
                if (!waits)
                    wait = OnWait?.Invoke();
                waits = true;
                await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            wait?.Dispose();
            lock (_gate)
                _isEnumerated = false;
        }
    }

    private void Attach()
    {
        lock (_gate)
        {
            if (_isEnumerated)
                ThrowSecondReader();

            _isEnumerated = true;
            Volatile.Write(ref _hasReader, true);
        }
    }

    /// <summary>
    /// Takes the oldest result; where there is none gives what to wait for, or null at the end of the stream.
    /// </summary>
    private bool TryDequeue(out WindowResult<TKey> result, out Task? arrival)
    {
        arrival = null;
        lock (_gate)
        {
            if (_results.TryDequeue(out result))
            {
                Volatile.Write(ref _count, _results.Count);
                _steps++;
                _read++;

                // Half a stream at a time, so that writer and reader do not wake each other for each result.
                if (_isBlocked && _results.Count <= Capacity / 2)
                    Monitor.PulseAll(_gate);

                return true;
            }

            if (!_isCompleted)
            {
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }
            else if (_error is { } error)
            {
                ExceptionDispatchInfo.Throw(error);
            }

            return false;
        }
    }

    private void DropOldest()
    {
        _results.Dequeue();
        _dropped++;
    }

    private void WakeWriter()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    [DoesNotReturn]
    private static void ThrowSecondReader() => throw new InvalidOperationException(
        "The results are being enumerated already, and each result goes to one reader only; end that enumeration " +
        "first, or give each further consumer a reader of its own (CreateResultReader) or an IResultSink.");
}
