using DisruptorStream.Emission.Calls;
using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Emission.Pumping;

/// <content>The task that calls the sink.</content>
internal sealed partial class AsyncSinkPump<TKey>
{
    private async Task RunAsync()
    {
        try
        {
            await BeginAsync().ConfigureAwait(false);
            while (true)
            {
                switch (Next(out var results, out var progress, out var waiters, out var wake))
                {
                    case PumpStep.Write:
                        await WriteAsync(results!).ConfigureAwait(false);
                        break;
                    case PumpStep.Progress:
                        await ReportAsync(progress).ConfigureAwait(false);
                        break;
                    case PumpStep.Flush:
                        await FlushAsync(waiters!).ConfigureAwait(false);
                        break;
                    case PumpStep.Wait:
                        await wake!.ConfigureAwait(false);
                        break;
                    default:
                        return;
                }
            }
        }
        catch (Exception exception)
        {
            // An abort has set it before.
            _fault.TrySet(exception, StageName, _sequence);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Tells the sink that it begins, unless a recovery has done so.</summary>
    private async ValueTask BeginAsync()
    {
        if (!_isFirst)
            return;
        if (_open is { } open)
        {
            await CallAsync(
                async () => await open(_context.Aborted).ConfigureAwait(false),
                nameof(IDurableStore.OpenAsync)).ConfigureAwait(false);
        }

        await CallAsync(
            () => _sink.StartAsync(_context, _context.Aborted), nameof(_sink.StartAsync)).ConfigureAwait(false);
    }

    private PumpStep Next(
        out WindowResult<TKey>[]? results,
        out SinkProgress progress,
        out TaskCompletionSource[]? waiters,
        out Task? wake)
    {
        (results, progress, waiters, wake) = (null, default, null, null);
        lock (_gate)
        {
            if (_abort.IsCancellationRequested)
                return PumpStep.End;
            if (_queue.Count > 0 && IsDue())
            {
                results = _queue.Take(_options.BatchSize);
                _writing = results.Length;
                if (_aheadSink is not null && _queue.Count >= _options.BatchSize)
                    _aheadSink.Announce(_queue.LookAhead(_options.BatchSize));
                NoteRoom();
                return PumpStep.Write;
            }

            if (_marks.TryTakeProgress(_queue.Taken, out progress))
                return PumpStep.Progress;
            waiters = _marks.TakeFlushes(_queue.Taken);
            if (waiters.Length > 0)
                return PumpStep.Flush;
            if (_isEnding)
                return PumpStep.End;
            _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            wake = _wake.Task;
            if (_queue.Count > 0)
                SetTimer();
            return PumpStep.Wait;
        }
    }

    private bool IsDue() =>
        _queue.Count >= _options.BatchSize
        || _queue.Count >= _options.Capacity
        || _isEnding
        || _marks.HasFlush
        || _timer is null
        || _timeProvider.GetElapsedTime(_queue.OldestTimestamp) >= _options.MaxDelay;

    private void SetTimer()
    {
        var rest = _options.MaxDelay - _timeProvider.GetElapsedTime(_queue.OldestTimestamp);
        var shortest = TimeSpan.FromMilliseconds(1);
        try
        {
            _timer!.Change(rest > shortest ? rest : shortest, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // Then nothing waits for its batch to fill.
            _hostFailures.Note();
            _timer = null;
            Wake();
        }
    }

    private async ValueTask WriteAsync(WindowResult<TKey>[] results)
    {
        var (first, last) = (results[0].Sequence, results[^1].Sequence);
        var number = results[^1].Number;
        var isWritten = false;
        var isOver = false;
        try
        {
            isWritten = await CallAsync(() => _sink.WriteAsync(results, _context.Aborted), null, first, last)
                .ConfigureAwait(false);
            isOver = true;
        }
        finally
        {
            lock (_gate)
            {
                _writing = 0;
                _sequence = last;
                if (isWritten)
                    (_written, _held) = (_written + results.Length, number);
                else if (isOver)
                    _skipped += results.Length;
                else
                    _discarded += results.Length;
            }
        }
    }

    private async ValueTask ReportAsync(SinkProgress progress)
    {
        _sequence = progress.Sequence;
        await CallAsync(
            () =>
            {
                var told = _sink.ProgressAsync(progress, _context.Aborted);
                if (SinkDefaults.TakeIgnored(_sink))
                    Volatile.Write(ref _ignoresProgress, true);
                return told;
            },
            nameof(_sink.ProgressAsync)).ConfigureAwait(false);
    }

    private async ValueTask FlushAsync(TaskCompletionSource[] waiters)
    {
        try
        {
            await CallAsync(() => _sink.FlushAsync(_context.Aborted), nameof(_sink.FlushAsync)).ConfigureAwait(false);
            foreach (var waiter in waiters)
                waiter.TrySetResult();
        }
        catch (Exception exception)
        {
            _fault.TrySet(exception, StageName, _sequence);
            Fail(waiters);
            throw;
        }
    }

    private ValueTask<bool> CallAsync(Func<ValueTask> call, string name, bool isLast = false) =>
        CallAsync(call, name, _sequence, _sequence, isLast);

    /// <summary>Makes a call, as often as the policy says. Returns false where the sink went without it.</summary>
    private async ValueTask<bool> CallAsync(
        Func<ValueTask> call, string? name, long first, long last, bool isLast = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            Calls.Begin(_sink, isLast);
            try
            {
                try
                {
                    await call().ConfigureAwait(false);
                }
                finally
                {
                    Calls.End();
                }

                _failures.OnSuccess(_sink);
                return true;
            }
            catch (Exception failure) when (!IsAbort(failure))
            {
                var failed = new FailedCall(_sink, name, first, last, attempt);
                if (!_failures.MayRetry(failed, _options.FailurePolicy, failure))
                    return false;
            }

            await PauseAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask PauseAsync()
    {
        Calls.IsPausing = true;
        try
        {
            await Task.Delay(_options.FailurePolicy.RetryDelay, _abort).ConfigureAwait(false);
        }
        finally
        {
            Calls.IsPausing = false;
        }

        _failures.NoteRetry();
    }

    /// <summary>Whether the sink ended its call because of the abort; all else that it throws is a failure.</summary>
    private bool IsAbort(Exception failure) => failure is OperationCanceledException && _abort.IsCancellationRequested;

    /// <summary>Nothing is written any more: what is left was in vain, and nobody waits for it.</summary>
    private void End()
    {
        TaskCompletionSource[] waiters;
        lock (_gate)
        {
            _hasEnded = true;
            _discarded += _queue.Clear();
            NoteRoom();
            Monitor.PulseAll(_gate);
            waiters = _marks.TakeFlushes(long.MaxValue);
        }

        Fail(waiters);
    }

    private void Fail(TaskCompletionSource[] waiters)
    {
        foreach (var waiter in waiters)
        {
            waiter.TrySetException(_fault.ToException());

            // Who waits is told; nobody has to.
            _ = waiter.Task.Exception;
        }
    }
}
