using DisruptorStream.Events;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Rings;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>The life of a processor: start, flush, stop, fault.</summary>
/// <remarks>
/// Any thread. What each call does in each state is the table in docs/lifecycle-and-errors.md. User code, which a
/// logger or an Inline processor's sink is, never runs under the lock.
/// </remarks>
internal sealed partial class ProcessorRuntime
{
    private const int WaitSliceMilliseconds = 100;

    private readonly RuntimeParts _parts;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Completes when no stage and no sink is called any more.
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarting;
    private bool _isAborted;
    private bool _isDelivered;
    private bool _isEndPublished;
    private bool _isStopPublished;
    private bool _isSuspending;
    private bool _isShutdown;
    private int _isFinished;
    private long _abortedTimestamp;
    private Task? _ending;

    public ProcessorRuntime(RuntimeParts parts)
    {
        _parts = parts;
        parts.Fault.Register(OnEnd);

        // Without threads there is nothing to start, and the end may come at any call.
        if (!parts.Status.NeedsStart)
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
            if (_parts.Fault.IsFailure)
                return ProcessorState.Faulted;
            if (_parts.Ring.IsClosed)
                return ProcessorState.Stopping;
            return _parts.Status is { NeedsStart: true, IsStarted: false }
                ? ProcessorState.Created
                : ProcessorState.Running;
        }
    }

    /// <summary>Whether all that was published has been handled and has arrived where it belongs.</summary>
    // Pairs with the write in EndOutputsAsync.
    private bool IsDrained => Volatile.Read(ref _isDelivered);

    // Pairs with the write in Abort.
    private bool IsAborted => Volatile.Read(ref _isAborted);

    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="ProcessorStoppedException">It was stopped.</exception>
    /// <exception cref="PipelineException">A stage has failed.</exception>
    public void Start()
    {
        lock (_gate)
        {
            ThrowUnlessStartable();
            _isStarting = true;
        }

        try
        {
            // First, as it is the host's clock that makes it: where it cannot, nothing has been started.
            if (_parts.Status.NeedsStart)
            {
                _parts.Ticker.StartTimer();
                _parts.Ticker.Begin();
            }

            lock (_gate)
            {
                _isStarting = false;
                ThrowUnlessStartable();
                StartLocked();
            }
        }
        finally
        {
            _isStarting = false;
        }

        RuntimeLog.Started(_parts.Logger, _parts.Name);
    }

    /// <summary>Completes when everything published so far has been delivered.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">Called from inside, or not started.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (!Completion.IsCompleted)
            _parts.Gate.ThrowIfInside("FlushAsync");
        return FlushFromOutsideAsync(cancellationToken);
    }

    private async ValueTask FlushFromOutsideAsync(CancellationToken cancellationToken)
    {
        if (_parts.Fault.IsFailure)
            _parts.Fault.ThrowIfFaulted();
        if (IsAborted)
        {
            ThrowUnlessDrained();
        }
        else if (_parts.Ring.IsClosed)
        {
            await WaitForAsync(Completion, cancellationToken).ConfigureAwait(false);
            ThrowUnlessDrained();
        }
        else if (_parts.Ring is InlineEventRing inline)
        {
            await FlushInlineAsync(inline, cancellationToken).ConfigureAwait(false);
        }
        else if (!_parts.Status.IsStarted)
        {
            throw new InvalidOperationException(
                "The processor has not been started, so nothing can be flushed; call Start first.");
        }
        else
        {
            await FlushRunningAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What was published has been delivered, unless a gate holds it back.</summary>
    private async ValueTask FlushInlineAsync(InlineEventRing inline, CancellationToken cancellationToken)
    {
        inline.Settle();
        var sequence = inline.Slots.Sequencer.Cursor.Value;
        await DeliverInlineAsync(inline, sequence, cancellationToken).ConfigureAwait(false);
        try
        {
            await WaitForAsync(_parts.Outputs.FlushAsync(), cancellationToken, sequence).ConfigureAwait(false);
        }
        catch (ProcessorStoppedException)
        {
            ThrowUnlessDrained();
        }

        if (IsAborted)
            ThrowUnlessDrained();
    }

    /// <summary>Delivers all up to a sequence, as gates let it go.</summary>
    private async Task DeliverInlineAsync(InlineEventRing inline, long sequence, CancellationToken cancellationToken)
    {
        var timer = _parts.Watch.Start(sequence);
        while (true)
        {
            var move = _parts.Deliveries.NextMove;
            if (inline.Flush(sequence))
                return;
            if (_parts.Fault.IsFaulted)
                ThrowUnlessDrained();
            await Task.WhenAny(move, Task.Delay(WaitSliceMilliseconds, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            _parts.Gate.ThrowIfBlocked(ref timer);
        }
    }

    /// <summary>Completes when the state of all that was published so far has been written.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">Called from inside, or not started.</exception>
    /// <exception cref="ProcessorStoppedException">The processor was stopped.</exception>
    public async Task SaveAsync(Stream state, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _parts.Gate.ThrowIfInside("SaveStateAsync");
        _parts.Ring.ThrowIfClosed();
        if (_parts.Status is { NeedsStart: true, IsStarted: false })
        {
            throw new InvalidOperationException(
                "The processor has not been started, so there is no state to save; call Start first.");
        }

        if (_parts.Ring is InlineEventRing inline)
        {
            await SaveInlineAsync(inline, state, cancellationToken).ConfigureAwait(false);
            return;
        }

        _parts.Ticker.Begin();
        await AwaitSlotAsync(SlotKind.Save, at => _parts.Saves.Add(at, state), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Has something done at a slot of its own, once all stages have handled it and before they go on. Never waits.
    /// </summary>
    /// <param name="save">Given the slot. On a thread of the engine, or on this one.</param>
    /// <param name="done">As <see cref="SavePoints.Add(long, Action{long})"/>.</param>
    /// <returns>False where there is no room now, or the processor does not run.</returns>
    public bool TryMeet(Action<long> save, out Task<bool> done)
    {
        var met = Task.FromResult(false);
        done = met;
        if (_parts.Ring.IsClosed || _parts.Fault.IsFaulted || _parts.Status is { NeedsStart: true, IsStarted: false })
            return false;
        try
        {
            if (_parts.Ring is InlineEventRing inline)
            {
                var isPublished = inline.TryPublishBeside(SlotKind.Save, at => met = _parts.Saves.Add(at, save));
                done = met;
                return isPublished;
            }

            _parts.Ring.Pending.Publish(_parts.Ring);
            if (!_parts.Ring.TryClaimControl(out var range))
                return false;
            done = _parts.Saves.Add(range.First, save);
            _parts.Ring.PublishAs(range, SlotKind.Save);
            return true;
        }
        catch (StreamProcessorException) when (_parts.Fault.IsFaulted)
        {
            // Who waits for the end is told.
            return false;
        }
    }

    /// <summary>
    /// Asks again once a gate has let go what it held at the slot: other calls may have come between.
    /// </summary>
    private async Task SaveInlineAsync(InlineEventRing inline, Stream state, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Another call is refused, as everywhere. What is published here is handled before it returns.
            var range = inline.ClaimControl(cancellationToken);
            var done = _parts.Saves.Add(range.First, state);
            inline.PublishAs(range, SlotKind.Save);
            if (await done.ConfigureAwait(false))
                return;
            await DeliverInlineAsync(inline, range.First, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask FlushRunningAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AwaitSlotAsync(SlotKind.Flush, _parts.Deliveries.WaitFor, cancellationToken).ConfigureAwait(false);
            await WaitForAsync(_parts.Outputs.FlushAsync(), cancellationToken).ConfigureAwait(false);
        }
        catch (ProcessorStoppedException)
        {
            // A stop that delivers everything was faster.
            ThrowUnlessDrained();
        }
    }

    /// <summary>Publishes a slot, and waits for what is to happen there.</summary>
    private async Task AwaitSlotAsync(SlotKind kind, Func<long, Task> awaited, CancellationToken cancellationToken)
    {
        _parts.Ring.Pending.Publish(_parts.Ring);
        var timer = _parts.Watch.Start();
        SequenceRange range;
        while (!_parts.Ring.TryClaimControl(out range))
        {
            if (!await _parts.Ring.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false))
                _parts.Gate.ThrowIfBlocked(ref timer);
        }

        var done = awaited(range.First);
        _parts.Ring.PublishAs(range, kind);
        await WaitForAsync(done, cancellationToken, range.First).ConfigureAwait(false);
    }

    /// <summary>All that was published is delivered, and then the state is kept.</summary>
    private async Task SuspendAsync()
    {
        var sequence = 0L;
        var delivered = Task.CompletedTask;
        var inline = _parts.Ring as InlineEventRing;
        await PublishAsync(range =>
        {
            sequence = range.First;
            if (inline is null)
                delivered = _parts.Deliveries.WaitFor(sequence);
            _parts.Ring.PublishAs(range, SlotKind.Flush);
        }).ConfigureAwait(false);
        if (inline is not null)
            await FlushHeldAsync(inline, sequence).ConfigureAwait(false);
        await delivered.ConfigureAwait(false);
        await _parts.Outputs.FlushAsync().ConfigureAwait(false);

        await KeepStateAsync(sequence).ConfigureAwait(false);
    }

    private async Task KeepStateAsync(long sequence)
    {
        // Pairs with the read in WaitForAsync.
        Volatile.Write(ref _isSuspending, true);
        try
        {
            var keeping = _parts.OnSuspend!(sequence, _parts.Abort.Token);
            if (await Task.WhenAny(keeping, Completion).ConfigureAwait(false) != keeping)
                ThrowUnlessDrained();
            await keeping.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (IsAborted)
        {
            throw Aborted();
        }
        finally
        {
            Volatile.Write(ref _isSuspending, false);
        }
    }

    private async Task FlushHeldAsync(InlineEventRing inline, long sequence)
    {
        while (true)
        {
            var move = _parts.Deliveries.NextMove;
            if (inline.TryFlush(sequence))
                return;
            if (_parts.Fault.IsFaulted)
                ThrowUnlessDrained();
            await Task.WhenAny(move, Task.Delay(WaitSliceMilliseconds)).ConfigureAwait(false);
        }
    }

    private void ThrowUnlessStartable()
    {
        _parts.Ring.ThrowIfClosed();
        if (_isStarting || _parts.Status.IsStarted)
            throw new InvalidOperationException("The processor has been started already; start it once.");
    }

    private void StartLocked()
    {
        _parts.Status.NoteStart();
        if (!_parts.Status.NeedsStart)
            return;
        _ = EndAsync();
        _parts.Execution.Start();
    }

    /// <summary>Waits for a task, for as long as the engine moves towards it.</summary>
    private async Task WaitForAsync(
        Task task, CancellationToken cancellationToken, long awaited = long.MaxValue, bool isStop = false)
    {
        var timer = _parts.Watch.Start(awaited);
        while (!task.IsCompleted)
        {
            var slice = Task.Delay(WaitSliceMilliseconds, cancellationToken);
            if (await Task.WhenAny(task, slice).ConfigureAwait(false) == task)
                break;
            cancellationToken.ThrowIfCancellationRequested();

            // The engine rests while its state is written, which takes as long as it takes.
            if (Volatile.Read(ref _isSuspending))
                timer = _parts.Watch.Start(awaited);
            else
                _parts.Gate.ThrowIfBlocked(ref timer, isStop);
        }

        await task.ConfigureAwait(false);
    }

    private void ThrowUnlessDrained()
    {
        if (_parts.Fault.IsFailure)
            _parts.Fault.ThrowIfFaulted();
        if (!IsDrained)
            throw Aborted();
    }

    private ProcessorStoppedException Aborted() => new(
        $"The processor '{_parts.Name}' was aborted before all that was published had been delivered; "
        + "ProcessorStats.EventsDiscarded says how many events were never handled.");
}
