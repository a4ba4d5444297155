using System.Diagnostics;
using DisruptorStream.Events;
using DisruptorStream.Messages;
using DisruptorStream.Rings;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <content>The ends: stop, abort, fault.</content>
internal sealed partial class ProcessorRuntime
{
    // Of files, on a disk that is busy, beside a thread of low priority that has to end first.
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(10);

    /// <summary>Stops, and completes when all threads have ended.</summary>
    /// <exception cref="PipelineException">A stage has failed.</exception>
    /// <exception cref="ProcessorStoppedException">The processor was aborted meanwhile.</exception>
    /// <exception cref="ResultBufferFullException">Results wait for a reader; read them and stop again.</exception>
    /// <exception cref="Emission.EngineHeldException">Nothing has moved for the shutdown time-out.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, and the processor was aborted.</exception>
    /// <exception cref="InvalidOperationException">
    /// Called from inside; or a suspension of a processor whose state is not durable.
    /// </exception>
    public Task StopAsync(StopMode mode, CancellationToken cancellationToken)
    {
        OptionGuard.Defined(mode, nameof(mode));
        if (mode == StopMode.Suspend)
            ThrowUnlessDurable();
        if (mode == StopMode.Abort)
            return AbortAsync();
        if (cancellationToken.IsCancellationRequested)
            return StopCancelledAsync(cancellationToken);
        if (!Completion.IsCompleted)
            _parts.Gate.ThrowIfInside("StopAsync");
        return StopFromOutsideAsync(mode, cancellationToken);
    }

    /// <summary>
    /// As <see cref="StopAsync"/>, because the host shuts down: where the input ends with it and nothing is durable,
    /// what fires then is marked as partial.
    /// </summary>
    /// <inheritdoc cref="StopAsync" path="/exception"/>
    public Task ShutDownAsync(StopMode mode, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isShutdown, _parts.OnSuspend is null);
        return StopAsync(mode, cancellationToken);
    }

    /// <summary>Aborts what still runs. Waits for user code within the shutdown time-out only.</summary>
    public async Task DisposeAsync()
    {
        try
        {
            await AbortAsync().ConfigureAwait(false);
        }
        finally
        {
            _parts.Outputs.CloseForGood();
        }
    }

    private async Task StopFromOutsideAsync(StopMode mode, CancellationToken cancellationToken)
    {
        // A stop after the end, or after the abort, only waits for it.
        var onlyWaits = IsAborted || Completion.IsCompleted;
        try
        {
            // Also while this very thread is in the stages, as Inline it is.
            await using var registration = cancellationToken.UnsafeRegister(
                static runtime => ((ProcessorRuntime)runtime!).Abort(), this).ConfigureAwait(false);
            await EndOnceAsync(mode, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            await WaitForAsync(Completion, cancellationToken, isStop: true).ConfigureAwait(false);
            if (!onlyWaits && !IsDrained)
                throw Aborted();
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested
            && exception is OperationCanceledException or ProcessorStoppedException)
        {
            await AbortAsync().ConfigureAwait(false);
            throw StopCancelled(exception, cancellationToken);
        }
    }

    /// <summary>A token that is cancelled from the beginning: nothing else is looked at.</summary>
    private async Task StopCancelledAsync(CancellationToken cancellationToken)
    {
        await AbortAsync().ConfigureAwait(false);
        throw StopCancelled(null, cancellationToken);
    }

    private void ThrowUnlessDurable()
    {
        if (_parts.OnSuspend is null)
        {
            throw new InvalidOperationException(
                $"The processor '{_parts.Name}' cannot be suspended, because its state is not durable: its open "
                + "windows would be lost. Build it with DurableIn and a directory to keep them; or stop it with "
                + "StopMode.Complete, which fires them, or with StopMode.Drain, which gives them up.");
        }
    }

    private static OperationCanceledException StopCancelled(
        Exception? cause, CancellationToken cancellationToken) =>
        new("The stop was cancelled, and the processor was aborted.", cause, cancellationToken);

    /// <summary>
    /// The end goes into the sequence once; a further stop waits for it. It goes in even where who asked for it gives
    /// up the wait, as soon as there is room.
    /// </summary>
    private async Task EndOnceAsync(StopMode mode, CancellationToken cancellationToken)
    {
        var mine = default(TaskCompletionSource);
        var starts = false;
        Task ending;
        lock (_gate)
        {
            if (_ending is null or { IsFaulted: true })
            {
                Close();
                mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ending = mine.Task;
                starts = !_parts.Status.IsStarted && !_isAborted && _parts.Status.NeedsStart;
                if (starts)
                    StartLocked();
            }

            ending = _ending;
        }

        if (mine is not null)
            _ = EnterEndAsync(mode, starts, mine);
        await WaitForAsync(ending, cancellationToken, isStop: true).ConfigureAwait(false);
    }

    private async Task EnterEndAsync(StopMode mode, bool starts, TaskCompletionSource ending)
    {
        try
        {
            _parts.Ticker.Dispose();
            if (starts)
                RuntimeLog.Started(_parts.Logger, _parts.Name);
            await EndInputAsync(mode).ConfigureAwait(false);
            ending.SetResult();
        }
        catch (Exception exception)
        {
            ending.SetException(exception);

            // Who waits is told; nobody has to.
            _ = ending.Task.Exception;
        }
    }

    private async Task EndInputAsync(StopMode mode)
    {
        if (IsAborted || _parts.Fault.IsFaulted || _isStopPublished)
            return;
        if (mode == StopMode.Complete && !_isEndPublished)
        {
            await PublishAsync(PublishEnd).ConfigureAwait(false);
            _isEndPublished = true;
        }

        if (mode == StopMode.Suspend)
            await SuspendAsync().ConfigureAwait(false);
        await PublishAsync(range => _parts.Ring.PublishAs(range, SlotKind.Stop)).ConfigureAwait(false);
        _isStopPublished = true;
        if (_parts.Ring is InlineEventRing inline)
            await DeliverHeldAsync(inline).ConfigureAwait(false);
    }

    /// <summary>
    /// No call comes any more that would deliver what a gate has held back: does it, as the gate moves.
    /// </summary>
    private async Task DeliverHeldAsync(InlineEventRing inline)
    {
        while (!_parts.Execution.IsDrained && !_parts.Fault.IsFaulted)
        {
            var move = _parts.Deliveries.NextMove;
            inline.TryDeliver();
            if (_parts.Execution.IsDrained)
                return;
            await Task.WhenAny(move, Task.Delay(WaitSliceMilliseconds)).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for room for as long as it takes: an abort, or a failure, ends the wait.</summary>
    /// <param name="publish">Publishes the slot, on the thread that has claimed it.</param>
    private async ValueTask PublishAsync(Action<SequenceRange> publish)
    {
        _parts.Ring.Pending.Publish(_parts.Ring);
        while (true)
        {
            if (_parts.Ring.TryClaimControl(out var range))
            {
                publish(range);
                return;
            }

            await _parts.Ring.WaitForSpaceAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void PublishEnd(SequenceRange range)
    {
        // Pairs with the write in ShutDownAsync.
        if (Volatile.Read(ref _isShutdown))
            _parts.Outputs.EndAt(range.First);
        _parts.Ring.PublishAs(range, SlotKind.EndOfInput);
    }

    private Task AbortAsync()
    {
        Abort();

        // From inside the end is asked for, and comes when the caller has returned.
        return Completion.IsCompleted || _parts.Gate.IsInside ? Task.CompletedTask : WaitForEndAsync();
    }

    /// <summary>Ends everything as soon as may be. Never waits for user code.</summary>
    private void Abort()
    {
        bool runs;
        _parts.Ring.Settle(mayWait: false);
        lock (_gate)
        {
            if (IsAborted || Completion.IsCompleted)
                return;
            _abortedTimestamp = Stopwatch.GetTimestamp();
            Volatile.Write(ref _isAborted, true);
            Close();
            _parts.Fault.TryStop();
            _parts.Abort.Cancel();
            _parts.Outputs.Close();
            TellWhoWaits();
            runs = _parts.Status.IsStarted || !_parts.Status.NeedsStart;
            if (runs)
                _parts.Execution.Halt();
        }

        _parts.Ticker.Dispose();
        if (!runs)
            Finish();
    }

    private void Close()
    {
        _parts.Status.NoteEnd();
        _parts.Ring.Close();
    }

    /// <summary>
    /// Waits for user code for the shutdown time-out; and where that has returned, for what the engine still closes.
    /// </summary>
    private async Task WaitForEndAsync()
    {
        await SettleAsync(_left.Task, _parts.Watch.RestAfter(_abortedTimestamp)).ConfigureAwait(false);

        // Who goes on from here may want the directory.
        if (_left.Task.IsCompleted)
            await SettleAsync(Completion, LongestClose).ConfigureAwait(false);
        if (Completion.IsCompleted)
            return;
        var holder = _left.Task.IsCompleted ? "it is closing its files" : _parts.Watch.Holder;
        RuntimeLog.ShutdownTimedOut(_parts.Logger, _parts.Name, _parts.ShutdownTimeout, holder);

        static async Task SettleAsync(Task task, TimeSpan atMost) =>
            await task.WaitAsync(atMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndAsync()
    {
        await _parts.Execution.Completion.ConfigureAwait(false);
        await EndOutputsAsync().ConfigureAwait(false);
        _left.TrySetResult();
        if (_parts.OnEnd is { } onEnd)
            await onEnd(IsDrained).ConfigureAwait(false);
        Finish();
    }

    /// <summary>Every thread has ended: what was delivered is written, and each sink gets its last call.</summary>
    private async Task EndOutputsAsync()
    {
        var sequence = _parts.Deliveries.CompletedThrough;
        if (_parts.Execution.IsDrained)
        {
            await GuardAsync(() => _parts.Outputs.DrainAsync(sequence), sequence).ConfigureAwait(false);

            // Pairs with the read in IsDrained.
            Volatile.Write(ref _isDelivered, !IsAborted && !_parts.Fault.IsFaulted);
        }

        var failure = _parts.Fault.IsFailure ? _parts.Fault.ToException() : IsDrained ? null : Aborted();
        await GuardAsync(() => _parts.Outputs.CompleteAsync(failure, sequence), sequence).ConfigureAwait(false);
    }

    /// <summary>Makes what a sink throws the failure of the processor, unless there is one.</summary>
    private async Task GuardAsync(Func<Task> call, long sequence)
    {
        try
        {
            Task task;
            _parts.Threads.Enter();
            try
            {
                // The thread calls sinks: those must not wait for it.
                task = call();
            }
            finally
            {
                _parts.Threads.Leave();
            }

            await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // An abort has set it before.
            _parts.Fault.TrySet(exception, "sinks", sequence);
        }
    }

    /// <summary>A stage has failed, or the processor was stopped.</summary>
    private void OnEnd()
    {
        var fault = _parts.Fault;
        if (!fault.IsFailure)
            return;
        _parts.Ticker.Dispose();
        _parts.Deliveries.End(fault.ToException());
        _parts.Saves.End(fault.ToException());
        var sequence = PipelineException.SequenceOf(fault.Exception, fault.Sequence);
        RuntimeLog.Faulted(_parts.Logger, _parts.Name, fault.Stage, sequence, fault.Exception);
    }

    /// <summary>Every thread has ended: tells who waits, and frees the state. Once.</summary>
    private void Finish()
    {
        if (Interlocked.Exchange(ref _isFinished, 1) != 0)
            return;

        _left.TrySetResult();

        // What a logger calls here must not wait for the end, which comes after it.
        _parts.Threads.Enter();
        var failure = _parts.Fault.IsFailure ? _parts.Fault.ToException() : null;
        try
        {
            _parts.Ticker.Dispose();
            Close();
            _parts.Fault.TryStop();
            TellWhoWaits();
            foreach (var reporter in _parts.Reporters)
                reporter.ReportEnd(_parts.Figures.EventsClaimed, failure is not null);
            _parts.Execution.Dispose();
            _parts.OnEnd?.Invoke(false).GetAwaiter().GetResult();
            if (failure is null)
                RuntimeLog.Stopped(_parts.Logger, _parts.Name);
        }
        finally
        {
            _parts.Threads.Leave();
            if (failure is null)
                _completion.TrySetResult();
            else
                _completion.TrySetException(failure);

            // Who asks for the completion is told; nobody has to.
            _ = _completion.Task.Exception;
        }
    }

    /// <summary>Readers get what is left, and then the end; who flushes gets it at once.</summary>
    private void TellWhoWaits()
    {
        var failure = _parts.Fault.IsFailure ? _parts.Fault.ToException() : null;
        _parts.Results.Complete(failure);
        _parts.Deliveries.End(failure ?? Aborted());
        _parts.Saves.End(failure ?? Aborted());
    }
}
