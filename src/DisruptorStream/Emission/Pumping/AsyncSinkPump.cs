using DisruptorStream.Emission.Calls;
using DisruptorStream.Messages;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Emission.Pumping;

/// <summary>Takes results from the emitting thread, and hands them to an asynchronous sink in batches.</summary>
/// <remarks>
/// The emitting thread starts it and adds; one task calls the sink; any thread waits, completes and reads the figures.
/// </remarks>
internal sealed partial class AsyncSinkPump<TKey>
{
    private const int BlockedSliceMilliseconds = 50;
    private const string StageName = "sinks";

    // Fewer are not worth another thread.
    private const int LeastAhead = 64;

    private readonly IAsyncResultSink<TKey> _sink;
    private readonly IAheadSink<TKey>? _aheadSink;
    private readonly AsyncSinkOptions _options;
    private readonly long _heldThrough;
    private readonly Func<CancellationToken, ValueTask<long>>? _open;
    private readonly TimeProvider _timeProvider;
    private readonly HostFailures _hostFailures;
    private readonly RingFault _fault;
    private readonly CancellationToken _abort;
    private readonly bool _overflowAllowed;
    private readonly object _gate = new();
    private readonly PumpQueue<TKey> _queue = new();
    private readonly PumpMarks _marks = new();
    private readonly SinkFailures _failures;
    private TaskCompletionSource? _wake;
    private ITimer? _timer;
    private Task _task = Task.CompletedTask;
    private SinkContext _context;
    private bool _isStarted;
    private bool _isFirst;
    private bool _isEnding;
    private bool _hasEnded;
    private bool _isFull;
    private bool _ignoresProgress;
    private long _sequence;
    private long _writing;
    private long _written;
    private long _held;
    private long _skipped;
    private long _discarded;
    private long _blocks;
    private long _blockedTicks;
    private long? _blockedSince;

    /// <param name="registration">The sink.</param>
    /// <param name="timeProvider">Measures how long results wait.</param>
    /// <param name="hostFailures">Counts what its timers throw.</param>
    /// <param name="fault">Set when the sink fails and its policy says stop; ends every wait.</param>
    /// <param name="overflowAllowed">
    /// Whether a full queue takes more, as the emitting thread must not wait: who publishes asks <see cref="IsFull"/>.
    /// </param>
    /// <param name="abort">Cancelled at an abort.</param>
    public AsyncSinkPump(
        AsyncSinkRegistration<TKey> registration,
        TimeProvider timeProvider,
        HostFailures hostFailures,
        RingFault fault,
        bool overflowAllowed,
        CancellationToken abort)
    {
        (_sink, _options) = registration;
        _aheadSink = _options.BatchSize >= LeastAhead ? _sink as IAheadSink<TKey> : null;
        _heldThrough = registration.HeldThrough;
        _held = registration.HeldThrough;
        _open = registration.Open;
        _timeProvider = timeProvider;
        _hostFailures = hostFailures;
        _fault = fault;
        _overflowAllowed = overflowAllowed;
        _abort = abort;
        _failures = new SinkFailures(timeProvider, Calls, abort);
    }

    /// <summary>Which call of the sink is under way, and whether there may be more.</summary>
    public SinkCalls Calls { get; } = new();

    /// <summary>What the calls came to.</summary>
    public SinkFailures Failures => _failures;

    /// <summary>The sink's type, for messages.</summary>
    public string Name => TypeText.Of(_sink.GetType());

    /// <summary>Whether nothing more fits, until half of it is written. Pairs with the writes under the lock.</summary>
    public bool IsFull => Volatile.Read(ref _isFull);

    /// <summary>Whether the sink does something with its progress, as far as is known.</summary>
    public bool FollowsProgress => !Volatile.Read(ref _ignoresProgress);

    /// <summary>As of one instant.</summary>
    public AsyncSinkStats Stats
    {
        get
        {
            lock (_gate)
            {
                return new AsyncSinkStats
                {
                    Name = Name,
                    Capacity = _options.Capacity,
                    ResultsQueued = _queue.Count + _writing,
                    ResultsWritten = _written,
                    NumberHeld = _held,
                    ResultsSkipped = _skipped,
                    ResultsDiscarded = _discarded,
                    Failures = _failures.Figures.Failed,
                    Retries = _failures.Figures.Retried,
                    LastFailure = _failures.Last is { } last ? HostFailures.TextOf(last) : null,
                    Blocks = _blocks,
                    BlockedTime = TimeSpan.FromTicks(_blockedTicks),
                };
            }
        }
    }

    /// <summary>Begins. Before anything is added.</summary>
    /// <param name="context">For the sink.</param>
    /// <param name="isFirst">Whether the sink is to be told: another pump may have done so before.</param>
    public void Start(in SinkContext context, bool isFirst = true)
    {
        _context = context;
        _isFirst = isFirst;
        _sequence = context.FirstSequence - 1;
        _isStarted = true;
        _timer = NewTimer();
        _abort.UnsafeRegister(static pump => ((AsyncSinkPump<TKey>)pump!).WakeAll(), this);
        _fault.Register(WakeAll);
        _task = Task.Run(RunAsync);
    }

    /// <summary>
    /// Adds all results of an owned batch that the sink does not hold, and waits while there is no room.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// The processor has ended, or the sink has failed for good.
    /// </exception>
    public void Add(ResultBatch<TKey> owned)
    {
        for (var row = (int)Math.Clamp(_heldThrough - owned.FirstNumber + 1, 0, owned.Count); ;)
        {
            lock (_gate)
            {
                ThrowIfEnded();
                row += AddSome(owned, row);
                if (row == owned.Count)
                    return;
                NoteBlocked();
                Monitor.Wait(_gate, BlockedSliceMilliseconds);
            }

            if (_fault.IsFaulted)
                throw Ended();
        }
    }

    /// <summary>All that was added is everything up to here.</summary>
    public void Advance(in SinkProgress progress)
    {
        lock (_gate)
        {
            _marks.Add(_queue.Added, progress);
            Wake();
        }
    }

    /// <summary>A publisher finds it full.</summary>
    public void NoteRefusal()
    {
        lock (_gate)
        {
            if (_isFull)
                NoteBlocked();
        }
    }

    /// <summary>Completes when the sink has written all that was added, and has flushed.</summary>
    /// <exception cref="StreamProcessorException">The processor has ended before.</exception>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (!_isStarted)
                return Task.CompletedTask;
            if (_hasEnded)
                return _fault.IsFaulted ? Task.FromException(_fault.ToException()) : Task.CompletedTask;
            var flushed = _marks.AddFlush(_queue.Added);
            Wake();
            return flushed;
        }
    }

    /// <summary>
    /// Nothing is added any more: writes what is left, unless that was aborted, and makes the last call.
    /// </summary>
    /// <param name="failure">Why not all was delivered; null where it was.</param>
    /// <exception cref="SinkException">The sink failed, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public async Task CompleteAsync(Exception? failure)
    {
        lock (_gate)
        {
            if (!_isStarted)
                return;
            _isEnding = true;
            Wake();
        }

        await _task.ConfigureAwait(false);
        if (_timer is { } timer)
            await timer.DisposeAsync().ConfigureAwait(false);
        await CallAsync(
            () => _sink.CompleteAsync(failure), nameof(_sink.CompleteAsync), isLast: true).ConfigureAwait(false);
    }

    private int AddSome(ResultBatch<TKey> owned, int firstRow)
    {
        var room = _overflowAllowed ? long.MaxValue : _options.Capacity - _queue.Count;
        var count = (int)Math.Min(owned.Count - firstRow, room);
        if (count > 0)
        {
            var isFirst = _queue.Count == 0;
            _queue.Add(owned, firstRow, count, _timeProvider.GetTimestamp());

            // The first one begins the wait for others.
            if (isFirst || _queue.Count >= _options.BatchSize || _queue.Count >= _options.Capacity)
                Wake();
        }

        if (_queue.Count >= _options.Capacity)
            Volatile.Write(ref _isFull, true);
        return count;
    }

    private void NoteBlocked()
    {
        if (_blockedSince is not null)
            return;
        _blocks++;
        _blockedSince = _timeProvider.GetTimestamp();
    }

    /// <summary>
    /// Results were taken: half a queue at a time, so that the two do not wake each other for each batch.
    /// </summary>
    private void NoteRoom()
    {
        if (!_isFull || _queue.Count > _options.Capacity / 2)
            return;
        Volatile.Write(ref _isFull, false);
        if (_blockedSince is { } since)
            _blockedTicks += _timeProvider.GetElapsedTime(since).Ticks;
        _blockedSince = null;
        Monitor.PulseAll(_gate);
    }

    private void Wake() => Interlocked.Exchange(ref _wake, null)?.TrySetResult();

    private void WakeAll()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
            Wake();
        }
    }

    private void ThrowIfEnded()
    {
        if (_hasEnded)
            throw Ended();
    }

    private static OperationCanceledException Ended() =>
        new("The asynchronous sink, or the processor, has ended: nothing is handed to the sink any more.");

    private ITimer? NewTimer()
    {
        if (_options.MaxDelay == TimeSpan.Zero)
            return null;
        try
        {
            return _timeProvider.CreateTimer(
                static pump => ((AsyncSinkPump<TKey>)pump!).WakeAll(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // Then nothing waits for its batch to fill.
            _hostFailures.Note();
            return null;
        }
    }
}
