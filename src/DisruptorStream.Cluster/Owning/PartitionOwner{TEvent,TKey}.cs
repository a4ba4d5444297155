using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Handling;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Owning.Keeping;
using DisruptorStream.Saving;
using DisruptorStream.Telemetry.Guards;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DisruptorStream.Cluster.Owning;

/// <inheritdoc/>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
internal sealed class PartitionOwner<TEvent, TKey> : PartitionOwner
    where TKey : notnull
{
    private readonly PartitionPlan<TEvent, TKey> _plan;
    private readonly ILogger _logger;
    private readonly LogRetry _retry;
    private readonly Checkpointer? _checkpoints;
    private readonly WakeUp _wakeUp = new();
    private readonly LogEnds<TEvent> _ends;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _takeOver = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Lock _gate = new();
    private PartitionReplica<TEvent, TKey>? _replica;
    private PartitionState _state;
    private Exception? _failure;
    private volatile PartitionFencedException? _fence;

    /// <param name="plan">The query.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="standsBy">Whether it waits for <see cref="TakeOver"/>.</param>
    public PartitionOwner(PartitionPlan<TEvent, TKey> plan, int partition, bool standsBy)
        : base(plan.Name, partition)
    {
        _plan = plan;
        _logger = new GuardedLogger(plan.Options.Logger ?? NullLogger.Instance, new HostFailures());
        _retry = new LogRetry(
            plan.Options.TimeProvider,
            (what, failure) => PartitionLog.Retried(_logger, Query, Partition, what, failure));
        _ends = new LogEnds<TEvent>(plan.Options.TimeProvider);
        _checkpoints = plan.Checkpoints is { } store
            ? new Checkpointer(
                store,
                plan.Options.OutputTopic,
                partition,
                plan.Options.CheckpointInterval,
                plan.Options.TimeProvider,
                failure => PartitionLog.CheckpointFailed(_logger, Query, Partition, failure),
                _wakeUp.Set)
            : null;
        if (!standsBy)
            _takeOver.Cancel();

        // Nobody has to wait for it.
        _ = _completion.Task.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public override Task Completion => _completion.Task;

    public override void Start()
    {
        lock (_gate)
        {
            if (_state != PartitionState.Created)
            {
                throw new InvalidOperationException(
                    $"The owner of partition {Partition} of '{Query}' was started before, or has ended ({_state}); "
                    + "make another one.");
            }

            _state = PartitionState.Restoring;
        }

        _ = Task.Run(RunAsync);
    }

    public override void TakeOver() => PromptCalls.Cancel(_takeOver);

    public override async Task StopAsync(CancellationToken cancellationToken = default)
    {
        EndIfNotStarted();
        PromptCalls.Cancel(_stop);
        await using var registration = cancellationToken.Register(() => PromptCalls.Cancel(_abort));
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override PartitionStatus GetStatus()
    {
        var replica = Volatile.Read(ref _replica);
        var newest = _checkpoints?.Newest;
        return new PartitionStatus
        {
            Query = Query,
            Partition = Partition,
            State = _state,
            Epoch = replica?.Epoch ?? 0,
            Position = replica?.Position ?? 0,
            Results = replica is null ? 0 : replica.Engine.Results.NextNumber - 1,
            Inputs = replica is null ? [] : _ends.Statuses(replica.Readers),
            WatermarkTicks = replica?.Engine.WatermarkTicks,
            CheckpointPosition = newest?.Position,
            CheckpointAt = newest?.At,
            EventsHandled = replica?.Engine.Events ?? 0,
            BadRecords = replica?.Engine.BadRecords ?? 0,
            Stats = replica?.Engine.GetStats(),
            Failure = _failure ?? _retry.Failure,
        };
    }

    public override async ValueTask DisposeAsync()
    {
        EndIfNotStarted();
        PromptCalls.Cancel(_abort);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void EndIfNotStarted()
    {
        lock (_gate)
        {
            if (_state != PartitionState.Created)
                return;
            _state = PartitionState.Stopped;
        }

        _completion.TrySetResult();
    }

    private async Task RunAsync()
    {
        try
        {
            await OwnAsync().ConfigureAwait(false);
            PartitionLog.Ended(_logger, Query, Partition, _replica?.Position ?? 0);
            End(PartitionState.Stopped, null);
        }
        catch (OperationCanceledException) when (_fence is not null)
        {
            EndFenced(_fence);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested || _stop.IsCancellationRequested)
        {
            End(PartitionState.Stopped, null);
        }
        catch (PartitionFencedException exception)
        {
            EndFenced(exception);
        }
        catch (Exception exception)
        {
            PartitionLog.Failed(_logger, Query, Partition, _state, _replica?.Position ?? 0, exception);
            End(PartitionState.Failed, exception);
        }
    }

    /// <summary>An owner that has nothing to append learns by it that there is another one.</summary>
    private void FenceBy(string log, LogEntry last)
    {
        if (_state != PartitionState.Owning || ResultRecord.Of(log, last).Epoch <= _replica!.Epoch)
            return;
        _fence = new PartitionFencedException($"{log} has a record of a later owner at {last.Position}.");
        PromptCalls.Cancel(_abort);
    }

    private void EndFenced(PartitionFencedException exception)
    {
        PartitionLog.Fenced(_logger, Query, Partition, exception.Message);
        End(PartitionState.Fenced, exception);
    }

    private void End(PartitionState state, Exception? failure)
    {
        _failure = failure;
        _state = state;
        if (failure is null)
            _completion.TrySetResult();
        else
            _completion.TrySetException(failure);
    }

    /// <summary>From the first read to the last append. What it opened is closed then.</summary>
    private async Task OwnAsync()
    {
        // A stop while nothing is owned has nothing to write.
        using var begin = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _abort.Token);
        await using var logs = await _retry.RunAsync(
            $"opening {_plan.Options.OutputTopic}/{Partition}",
            token => PartitionLogs<TEvent>.OpenAsync(_plan, Partition, token),
            begin.Token).ConfigureAwait(false);
        await using var replica = await RestoreAsync(logs, begin.Token).ConfigureAwait(false);
        Volatile.Write(ref _replica, replica);
        await using var ends = _ends.Begin(logs, entry => FenceBy(logs.Output.Name, entry));
        var leader = new PartitionLeader<TEvent, TKey>(
            _plan, logs, replica, _checkpoints, _retry, _wakeUp);
        try
        {
            if (!_takeOver.IsCancellationRequested)
                await StandByAsync(logs, replica, begin.Token).ConfigureAwait(false);
            await leader.TakeAsync(begin.Token).ConfigureAwait(false);
            _state = PartitionState.Owning;
            PartitionLog.Owned(
                _logger, Query, Partition, replica.Position, replica.Epoch, replica.Engine.Results.NextNumber);
            await using var registration = _stop.Token.Register(() => _state = PartitionState.Stopping);
            await leader.RunAsync(_stop.Token, _abort.Token).ConfigureAwait(false);
        }
        finally
        {
            PromptCalls.Cancel(_abort);
            await leader.EndAsync().ConfigureAwait(false);
            if (_checkpoints is not null)
                await _checkpoints.WaitAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<PartitionReplica<TEvent, TKey>> RestoreAsync(
        PartitionLogs<TEvent> logs, CancellationToken cancellationToken)
    {
        StoredCheckpoint? stored = null;
        try
        {
            if (_checkpoints is { } checkpoints)
            {
                stored = await _retry.RunAsync("reading the checkpoint", checkpoints.ReadAsync, cancellationToken)
                    .ConfigureAwait(false);
            }

            return PartitionReplica<TEvent, TKey>.Open(_plan, logs, stored, _retry, _wakeUp.Set);
        }
        catch (Exception exception) when (
            exception is InvalidDataException or StateException or DamagedCheckpointException)
        {
            PartitionLog.CheckpointPassedOver(
                _logger, Query, Partition, stored?.Checkpoint.Position ?? 0, exception);
            return PartitionReplica<TEvent, TKey>.Open(_plan, logs, null, _retry, _wakeUp.Set);
        }
    }

    /// <summary>A standby keeps its state where it may, so that the owner need not stand still for it.</summary>
    private ValueTask KeepIfOfferedAsync(PartitionReplica<TEvent, TKey> replica, CancellationToken cancellationToken) =>
        _checkpoints is { IsIdle: true } checkpoints && replica.CanSave
            && checkpoints.IsNews(replica.Position)
                ? checkpoints.KeepAsync(replica, cancellationToken)
                : default;

    private async ValueTask StandByAsync(
        PartitionLogs<TEvent> logs, PartitionReplica<TEvent, TKey> replica, CancellationToken cancellationToken)
    {
        _state = PartitionState.Standby;
        using var until = CancellationTokenSource.CreateLinkedTokenSource(_takeOver.Token, cancellationToken);
        try
        {
            await _retry.FollowAsync(
                $"following {logs.Output.Name}",
                async token =>
                {
                    await replica.FollowAsync(
                        stop => KeepIfOfferedAsync(replica, stop), token, cancellationToken).ConfigureAwait(false);
                    return true;
                },
                until.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_takeOver.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
