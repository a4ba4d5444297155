using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>The life of a processor: start, flush, stop, fault.</summary>
/// <remarks>Any thread; an Inline processor's caller is one at a time.</remarks>
internal sealed class ProcessorRuntime
{
    private const int WaitSliceMilliseconds = 100;

    private readonly RuntimeParts _parts;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;
    private bool _isAborted;
    private bool _isEndPublished;
    private bool _isStopPublished;
    private Task? _ending;

    public ProcessorRuntime(RuntimeParts parts)
    {
        _parts = parts;
        parts.Fault.Register(OnFault);

        // Without threads there is nothing to start, and the end may come at any call.
        if (parts.IsInline)
            _ = EndAsync();
    }

    /// <summary>
    /// Completes when the processor has stopped; faults with a <see cref="PipelineException"/> when a stage failed.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>Where the processor is in its life. Any thread.</summary>
    public ProcessorState State
    {
        get
        {
            if (_completion.Task.IsCompleted)
                return _completion.Task.IsFaulted ? ProcessorState.Faulted : ProcessorState.Stopped;
            if (_parts.Fault.IsFaulted && !Volatile.Read(ref _isAborted))
                return ProcessorState.Faulted;
            if (_parts.Ring.IsClosed)
                return ProcessorState.Stopping;
            return IsStarted || _parts.IsInline ? ProcessorState.Running : ProcessorState.Created;
        }
    }

    public bool IsStarted => Volatile.Read(ref _isStarted);

    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="ProcessorStoppedException">It was stopped.</exception>
    public void Start()
    {
        lock (_gate)
        {
            if (_parts.Ring.IsClosed)
            {
                throw new ProcessorStoppedException(
                    "The processor was stopped and cannot start again; build a new one.");
            }

            if (_isStarted)
                throw new InvalidOperationException("The processor has been started already; start it once.");

            // First, as it is the host's clock that makes it: where it cannot, nothing has been started.
            if (!_parts.IsInline)
                _parts.Ticker.StartTimer();
            StartLocked();
        }
    }

    /// <summary>Says why a publisher that finds no room must not wait on.</summary>
    public void ThrowIfBlocked()
    {
        if (!IsStarted && !_parts.IsInline)
        {
            throw new InvalidOperationException(
                $"The ring of {_parts.Ring.Capacity} slots is full and the processor has not been started; call "
                + "Start first.");
        }

        if (_parts.Results.IsBlockedWithoutReader)
            throw ResultBufferFullException.Of(_parts.Results.Capacity);
    }

    /// <summary>Completes when everything published so far has been delivered.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _parts.Fault.ThrowIfFaulted();
        if (_parts.IsInline)
            return;
        if (!IsStarted)
        {
            throw new InvalidOperationException(
                "The processor has not been started, so nothing can be flushed; call Start first.");
        }

        Task flushed;
        if (_parts.Ring.IsClosed)
        {
            flushed = Completion;
        }
        else
        {
            Rings.SequenceRange range;
            while (!_parts.Ring.TryClaimControl(out range))
                await _parts.Ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
            flushed = _parts.Emission.WaitFor(range.First);
            _parts.Ring.PublishAs(range, SlotKind.Flush);
        }

        await WaitUnlessBlocked(flushed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops, and completes when all threads have ended.</summary>
    /// <exception cref="PipelineException">A stage has failed.</exception>
    /// <exception cref="ResultBufferFullException">Results wait for a reader; read them and stop again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, and the processor was aborted.</exception>
    public async Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        OptionGuard.Defined(mode, nameof(mode));
        if (mode == StopMode.Abort)
        {
            await AbortAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await EndOnceAsync(mode, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            await WaitUnlessBlocked(Completion, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await AbortAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Aborts what still runs. Returns within the shutdown time-out, whatever user code does.</summary>
    public async ValueTask DisposeAsync() => await AbortAsync().ConfigureAwait(false);

    private void StartLocked()
    {
        // Pairs with the read in IsStarted.
        Volatile.Write(ref _isStarted, true);
        if (_parts.IsInline)
            return;
        _ = EndAsync();
        _parts.Execution.Start();
        RuntimeLog.Started(_parts.Logger, _parts.Name);
    }

    /// <summary>
    /// The end goes into the sequence once; a further stop waits for it, or takes up one that could not.
    /// </summary>
    private Task EndOnceAsync(StopMode mode, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_ending is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _parts.Ring.Close();
                if (!_isStarted && !_isAborted)
                    StartLocked();
                _parts.Ticker.Dispose();
                _ending = EndInputAsync(mode, cancellationToken);
            }

            return _ending;
        }
    }

    private async Task EndInputAsync(StopMode mode, CancellationToken cancellationToken)
    {
        if (_isAborted || _parts.Fault.IsFaulted)
            return;
        if (mode == StopMode.Complete && !_isEndPublished && !_isStopPublished)
        {
            await PublishAsync(SlotKind.EndOfInput, cancellationToken).ConfigureAwait(false);
            _isEndPublished = true;
        }

        if (_isStopPublished)
            return;
        await PublishAsync(SlotKind.Stop, cancellationToken).ConfigureAwait(false);
        _isStopPublished = true;
    }

    private async ValueTask PublishAsync(SlotKind kind, CancellationToken cancellationToken)
    {
        while (!_parts.Ring.TryPublishControl(kind))
            await _parts.Ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WaitUnlessBlocked(Task task, CancellationToken cancellationToken)
    {
        while (true)
        {
            var slice = Task.Delay(WaitSliceMilliseconds, cancellationToken);
            if (await Task.WhenAny(task, slice).ConfigureAwait(false) == task)
            {
                await task.ConfigureAwait(false);
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (_parts.Results.IsBlockedWithoutReader)
                throw ResultBufferFullException.Of(_parts.Results.Capacity);
        }
    }

    private async Task AbortAsync()
    {
        lock (_gate)
        {
            if (!_completion.Task.IsCompleted && !_isAborted)
            {
                _isAborted = true;
                _parts.Ring.Close();
                _parts.Ticker.Dispose();
                _parts.Abort.Cancel();
                if (_isStarted || _parts.IsInline)
                    _parts.Execution.Halt();
                else
                    Finish();
            }
        }

        var ended = Completion.WaitAsync(_parts.ShutdownTimeout);
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!Completion.IsCompleted)
            RuntimeLog.ShutdownTimedOut(_parts.Logger, _parts.Name, _parts.ShutdownTimeout);
    }

    private async Task EndAsync()
    {
        await _parts.Execution.Completion.ConfigureAwait(false);
        Finish();
    }

    private void OnFault()
    {
        _parts.Ticker.Dispose();
        if (!_isAborted)
        {
            var fault = _parts.Fault;
            RuntimeLog.Faulted(_parts.Logger, _parts.Name, fault.Stage, fault.Sequence, fault.Exception);
        }
    }

    /// <summary>Every thread has ended: tells who waits, and frees the state.</summary>
    private void Finish()
    {
        _parts.Ticker.Dispose();
        Exception? error = null;
        if (_parts.Fault.IsFaulted && !_isAborted)
            error = new PipelineException(_parts.Fault.Stage, _parts.Fault.Sequence, _parts.Fault.Exception);
        _parts.Ring.Close();
        _parts.Results.Complete(error);
        _parts.Emission.End(error ?? new ProcessorStoppedException(
            "The processor was stopped before what was waited for had been delivered."));
        _parts.Execution.Dispose();
        if (error is null)
        {
            RuntimeLog.Stopped(_parts.Logger, _parts.Name);
            _completion.TrySetResult();
            return;
        }

        _completion.TrySetException(error);

        // Whoever asks for the completion is told; nobody has to.
        _ = _completion.Task.Exception;
    }
}
