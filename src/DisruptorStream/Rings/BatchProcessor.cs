using DisruptorStream.Telemetry;

namespace DisruptorStream.Rings;

/// <summary>A thread that takes a handler through the sequences of a ring, in batches.</summary>
/// <remarks>
/// Its own sequence advances when a batch is done. It ends when it is halted, when its handler says so, and when the
/// pipeline faults, each after the current batch. When its own handler throws, that fault is set with the handler's
/// name and the exact sequence, so no producer waits for it in vain.
/// </remarks>
internal sealed class BatchProcessor
{
    private const int DefaultBatchEvents = 1024;

    private readonly IBatchHandler _handler;
    private readonly SequenceBarrier _barrier;
    private readonly Sequencer _toSignal;
    private readonly RingFault _fault;
    private readonly int _maxBatch;
    private readonly bool _idlesBetween;
    private readonly StageClock? _clock;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;
    private bool _isHalted;

    /// <param name="handler">The work.</param>
    /// <param name="barrier">How far it may go; of this processor alone.</param>
    /// <param name="toSignal">The ring whose producers and later consumers wait for this one.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    /// <param name="maxBatch">The most events per batch: slots are given back at its end.</param>
    /// <param name="idlesBetween">Whether <see cref="IBatchHandler.OnIdle"/> is called after each batch too.</param>
    /// <param name="clock">Told when the thread waits; null for nobody.</param>
    /// <param name="first">The first sequence that it consumes.</param>
    public BatchProcessor(
        IBatchHandler handler,
        SequenceBarrier barrier,
        Sequencer toSignal,
        RingFault fault,
        int maxBatch = DefaultBatchEvents,
        bool idlesBetween = false,
        StageClock? clock = null,
        long first = 0)
    {
        Sequence = new Sequence(first - 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        _handler = handler;
        _barrier = barrier;
        _toSignal = toSignal;
        _fault = fault;
        _maxBatch = maxBatch;
        _idlesBetween = idlesBetween;
        _clock = clock;
    }

    /// <summary>The last sequence consumed.</summary>
    public Sequence Sequence { get; }

    /// <summary>Completes when the thread has ended; faults with the handler's exception.</summary>
    public Task Completion => _completed.Task;

    /// <summary>Starts the thread and waits until the handler has started; throws what it threw.</summary>
    public void Start() => StartAsync().GetAwaiter().GetResult();

    /// <summary>Starts the thread; completes once the handler has started, faults when that throws.</summary>
    public Task StartAsync()
    {
        lock (_gate)
        {
            if (_isStarted || _isHalted)
            {
                throw new InvalidOperationException(
                    $"The processor '{_handler.Name}' was started or halted before: make a new one to go on.");
            }

            _isStarted = true;
        }

        new Thread(Run) { IsBackground = true, Name = _handler.Name }.Start();
        return _started.Task;
    }

    /// <summary>Ends the thread after the current batch, whatever is left in the ring. Does not wait for it.</summary>
    public void Halt()
    {
        lock (_gate)
        {
            _isHalted = true;
            if (!_isStarted)
                _completed.TrySetResult();
        }

        _barrier.Alert();
    }

    /// <summary>Has <see cref="IBatchHandler.OnIdle"/> called soon, also while no events come. Any thread.</summary>
    public void Wake() => _barrier.Wake();

    private void Run()
    {
        try
        {
            _handler.OnStart();
        }
        catch (Exception exception)
        {
            Fail(exception, Sequence.Value + 1);
            Observe(_started, exception);
            Observe(_completed, exception);
            return;
        }

        _clock?.Start();
        _started.SetResult();
        var failure = Consume();
        _clock?.Stop();
        try
        {
            _handler.OnStop();
        }
        catch (Exception exception)
        {
            Fail(exception, Sequence.Value + 1);
            failure ??= exception;
        }

        if (failure is null)
            _completed.TrySetResult();
        else
            Observe(_completed, failure);
    }

    private Exception? Consume()
    {
        var next = Sequence.Value + 1;
        var last = next - 1;
        try
        {
            while (!_barrier.IsAlerted && !_fault.IsFaulted)
            {
                last = Math.Min(_barrier.Available(next), next + _maxBatch - 1);
                if (last < next)
                {
                    _toSignal.SignalSpace();
                    if (!_handler.OnIdle())
                        Wait(next);

                    continue;
                }

                var outcome = _handler.OnBatch(next, last);
                Sequence.SetRelease(last);
                _toSignal.SignalProgress();
                if (outcome == BatchOutcome.Stop)
                    break;

                var first = next;
                next = last + 1;
                if (_idlesBetween)
                    _handler.OnIdle();

                _barrier.Pace(first, last);
            }

            return null;
        }
        catch (Exception exception)
        {
            var reported = _handler.FaultSequence;
            Fail(exception, reported >= next && reported <= last ? reported : next);
            return exception;
        }
        finally
        {
            _toSignal.SignalSpace();
        }
    }

    private void Wait(long next)
    {
        _clock?.BeginWait();
        _barrier.Wait(next);
        _clock?.EndWait();
    }

    private void Fail(Exception exception, long sequence) => _fault.TrySet(exception, _handler.Name, sequence);

    private static void Observe(TaskCompletionSource source, Exception exception)
    {
        source.TrySetException(exception);

        // The fault tells of the exception already: nobody has to await the task for it not to be reported as lost.
        _ = source.Task.Exception;
    }
}
