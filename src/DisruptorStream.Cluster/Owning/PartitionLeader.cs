using System.Globalization;
using DisruptorStream.Cluster.Handling;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Owning.Keeping;

namespace DisruptorStream.Cluster.Owning;

/// <summary>Owns a partition: takes it, handles its inputs, and appends what comes out, until it is fenced.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// One record of results is on its way at a time; meanwhile the next one is gathered. A record has what of the inputs
/// was handled for it, so that both are in the log or neither. One caller.
/// </remarks>
internal sealed class PartitionLeader<TEvent, TKey>
    where TKey : notnull
{
    private const int MostTries = 10;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly PartitionPlan<TEvent, TKey> _plan;
    private readonly IPartitionLog _output;
    private readonly IPartitionLog? _dropped;
    private readonly PartitionReplica<TEvent, TKey> _replica;
    private readonly Checkpointer? _checkpoints;
    private readonly LogRetry _retry;
    private readonly WakeUp _wakeUp;
    private readonly TimeProvider _time;
    private readonly OrderRecord _order = new();
    private readonly string _owner = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
    private Task<long>? _append;
    private long _epoch;
    private long _tickedAt;
    private long _appendedAt;
    private long? _toldWatermark;
    private int _nextInput;

    /// <param name="plan">The query.</param>
    /// <param name="logs">The logs of its results, and of what is left out.</param>
    /// <param name="replica">The partition, as far as the log goes.</param>
    /// <param name="checkpoints">Writes checkpoints; null for none.</param>
    /// <param name="retry">Tries again.</param>
    /// <param name="wakeUp">Set when an input has more.</param>
    public PartitionLeader(
        PartitionPlan<TEvent, TKey> plan,
        PartitionLogs<TEvent> logs,
        PartitionReplica<TEvent, TKey> replica,
        Checkpointer? checkpoints,
        LogRetry retry,
        WakeUp wakeUp)
    {
        (_plan, _output, _dropped) = (plan, logs.Output, logs.Dropped);
        (_replica, _checkpoints) = (replica, checkpoints);
        (_retry, _wakeUp, _time) = (retry, wakeUp, plan.Options.TimeProvider);
    }

    private PartitionEngine<TEvent, TKey> Engine => _replica.Engine;

    /// <summary>Whether a record without results would say something.</summary>
    private bool HasNews => _order.HasRecords || Engine.WatermarkTicks != _toldWatermark;

    private PendingResults<TKey> Results => _replica.Engine.Results;

    /// <summary>Takes the next epoch, behind all that others have appended: from then on they are refused.</summary>
    /// <exception cref="PartitionFencedException">Others take it all the time.</exception>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            await _retry.RunAsync($"reading {_output.Name}", _replica.CatchUpAsync, cancellationToken)
                .ConfigureAwait(false);
            if (await TryTakeAsync(tries, cancellationToken).ConfigureAwait(false))
                break;
            await Task.Delay(Random.Shared.Next(1, 20 * tries), cancellationToken).ConfigureAwait(false);
        }

        // The owner before may have ended before it could.
        while (_replica.Drops.TryDequeue(out var left))
            await AppendDropsAsync(left.Position, left.Records, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>False where somebody else was before, and it is not the last try.</summary>
    private async ValueTask<bool> TryTakeAsync(int tries, CancellationToken cancellationToken)
    {
        _epoch = _replica.Epoch + 1;
        _replica.ThrowIfRefused();

        // The first time before anything is taken, since it may fail. It lasts: where others append meanwhile, the
        // partition is taken first.
        var next = tries == 1 ? await _replica.PrepareAsync(cancellationToken).ConfigureAwait(false) : null;
        var version = Math.Max(_replica.Version, _plan.Version);
        var record = new ResultRecord(_epoch, Results.NextNumber, 0)
        {
            Owner = _owner,
            Plan = _plan.Fingerprint,
            Version = version,
        };
        try
        {
            var position = await AppendOwnAsync(record, cancellationToken).ConfigureAwait(false);
            next ??= await _replica.PrepareAsync(cancellationToken).ConfigureAwait(false);
            await _replica.GoOnWithAsync(next, version).ConfigureAwait(false);
            next = null;
            _replica.MoveTo(position, _epoch);
            _appendedAt = _time.GetTimestamp();
            return true;
        }
        catch (PartitionFencedException) when (tries < MostTries)
        {
            return false;
        }
        finally
        {
            if (next is not null)
                await next.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Handles the inputs until it is stopped; all that was handled is in the log then.</summary>
    /// <param name="stop">Ends it, when all that was handled is in the log.</param>
    /// <param name="abort">Ends it at once.</param>
    /// <exception cref="PartitionFencedException">Somebody else owns the partition.</exception>
    /// <exception cref="PipelineException">The query has failed.</exception>
    /// <exception cref="BadInputException">A record is bad.</exception>
    public async ValueTask RunAsync(CancellationToken stop, CancellationToken abort)
    {
        await using var registration = stop.Register(static wakeUp => ((WakeUp)wakeUp!).Set(), _wakeUp);
        Tick();
        while (!stop.IsCancellationRequested)
        {
            abort.ThrowIfCancellationRequested();
            TickIfDue();
            var moved = HandleNext();
            moved |= await EndAppendAsync(waits: false).ConfigureAwait(false);
            moved |= TryBeginAppend(goes: UntilProgress() <= TimeSpan.Zero, abort);
            if (_checkpoints?.NextStep(_replica.Position, abort) is { } step and not CheckpointStep.None)
                await CheckpointAsync(step, abort).ConfigureAwait(false);
            if (!moved)
                await _wakeUp.WaitAsync(UntilDue(), abort).ConfigureAwait(false);
        }

        await AppendAllAsync(abort).ConfigureAwait(false);
        if (_checkpoints is null)
            return;
        await _checkpoints.WaitAsync().ConfigureAwait(false);
        await CheckpointAsync(CheckpointStep.Keep, abort).ConfigureAwait(false);
        await _checkpoints.WaitAsync().ConfigureAwait(false);
    }

    /// <summary>Completes when no record is on its way. Never throws.</summary>
    public async ValueTask EndAsync()
    {
        if (_append is Task append)
            await append.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Tick()
    {
        var now = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;

        // The clock of the owner before may be ahead of this one.
        now = Math.Max(now, Engine.ClockTicks);
        Engine.Tick(now);
        _order.AddTick(now);
        _tickedAt = _time.GetTimestamp();
    }

    private void TickIfDue()
    {
        // Where nothing goes by the clock, it moves with the input only.
        if (UntilTick() <= TimeSpan.Zero && !_order.IsFull && (_plan.ClockMatters || HasInput()))
            Tick();
    }

    private bool HasInput()
    {
        foreach (var reader in _replica.Readers)
        {
            if (reader.HasMore)
                return true;
        }

        return false;
    }

    /// <summary>Handles the next record, of each input in turn. False where there is none, or no room.</summary>
    private bool HandleNext()
    {
        if (_order.IsFull || IsAhead(Results.Bytes) || (Engine.Drops is { } drops && IsAhead(drops.Lines.Bytes)))
            return false;
        var readers = _replica.Readers;
        for (var tried = 0; tried < readers.Count; tried++)
        {
            var input = _nextInput;
            _nextInput = (_nextInput + 1) % readers.Count;
            if (!readers[input].TryTake(out var record))
                continue;
            Engine.Handle(input, record);
            _order.AddRecord(input, record.Position);
            return true;
        }

        return false;
    }

    private bool IsAhead(int bytes) => bytes >= 2L * _plan.Options.MaxRecordBytes;

    /// <summary>Begins to append what there is, unless a record is on its way.</summary>
    /// <param name="goes">Also where there is no result.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private bool TryBeginAppend(bool goes, CancellationToken cancellationToken)
    {
        if (_append is not null)
            return false;
        if (Results.Count == 0 && Engine.Drops is null or { Lines.Count: 0 } && !_order.IsFull && !(goes && HasNews))
            return false;
        BeginAppend(offers: false, cancellationToken);
        return true;
    }

    private void BeginAppend(bool offers, CancellationToken cancellationToken)
    {
        var first = Results.NextNumber;
        var body = Results.Take(_plan.Options.MaxRecordBytes, out var count);
        var drops = Engine.Drops?.TakeRecords() ?? [];
        var record = new ResultRecord(_epoch, first, count)
        {
            Body = body,
            Offers = offers && Results.Count == 0 && drops.Count == 0,
            Order = _order.IsEmpty ? null : _order.Take(),

            // Behind the results that have fired by it, and not before.
            WatermarkTicks = Results.Count == 0 ? Engine.WatermarkTicks : null,
        };
        if (record.WatermarkTicks is not null)
            _toldWatermark = record.WatermarkTicks;
        _appendedAt = _time.GetTimestamp();
        _append = AppendAndWakeAsync(record, drops, cancellationToken);
    }

    private async Task<long> AppendAndWakeAsync(
        ResultRecord record, IReadOnlyList<LogRecord> drops, CancellationToken cancellationToken)
    {
        try
        {
            var position = await AppendOwnAsync(record, cancellationToken).ConfigureAwait(false);
            await AppendDropsAsync(position, drops, cancellationToken).ConfigureAwait(false);
            return position;
        }
        finally
        {
            _wakeUp.Set();
        }
    }

    /// <summary>
    /// Appends what was left out for a record of results, behind it: so nothing is there that another owner handles in
    /// another way. Who replays the record gives the same with the same ids.
    /// </summary>
    private async ValueTask AppendDropsAsync(
        long position, IReadOnlyList<LogRecord> drops, CancellationToken cancellationToken)
    {
        for (var number = 0; number < drops.Count; number++)
        {
            var drop = drops[number];
            var id = string.Create(CultureInfo.InvariantCulture, $"{_output.Name}/{position}/{number}");
            await _retry.RunAsync(
                $"appending to {_dropped!.Name}",
                token => _dropped.AppendAsync(drop, id, token),
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> EndAppendAsync(bool waits)
    {
        if (_append is not { } append || (!waits && !append.IsCompleted))
            return false;
        var position = await append.ConfigureAwait(false);
        _append = null;
        _replica.MoveTo(position, _epoch);
        return true;
    }

    private async ValueTask AppendAllAsync(CancellationToken cancellationToken)
    {
        await EndAppendAsync(waits: true).ConfigureAwait(false);
        while (Results.Count > 0 || !_order.IsEmpty)
        {
            BeginAppend(offers: false, cancellationToken);
            await EndAppendAsync(waits: true).ConfigureAwait(false);
        }
    }

    /// <summary>Has standbys keep the state of the next record; or keeps it here.</summary>
    private async ValueTask CheckpointAsync(CheckpointStep step, CancellationToken cancellationToken)
    {
        var checkpoints = _checkpoints!;
        if (!checkpoints.IsNews(_replica.Position) && !_order.HasRecords)
        {
            if (step == CheckpointStep.Keep)
                checkpoints.PutOff(_replica.Position);
            return;
        }

        // What is left out comes behind its record: nothing may be for the record where a state is kept.
        await AppendAllAsync(cancellationToken).ConfigureAwait(false);

        // Who loads the state begins with the clock of the last tick, and ticks once more.
        Tick();
        BeginAppend(step == CheckpointStep.Offer, cancellationToken);
        await AppendAllAsync(cancellationToken).ConfigureAwait(false);
        if (step == CheckpointStep.Keep)
            await checkpoints.KeepAsync(_replica, cancellationToken).ConfigureAwait(false);
        else
            checkpoints.NoteOffer();
    }

    /// <summary>Appends a record, once, however often the log has to be asked.</summary>
    private async Task<long> AppendOwnAsync(ResultRecord record, CancellationToken cancellationToken)
    {
        var what = $"appending to {_output.Name}";
        try
        {
            return await AppendOwnAsync(what, record, record.ToLog(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _retry.NoteSuccess(what);
        }
    }

    private async Task<long> AppendOwnAsync(
        string what, ResultRecord record, LogRecord log, CancellationToken cancellationToken)
    {
        var last = _replica.Position;
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await _output.AppendAsync(log, last, cancellationToken).ConfigureAwait(false);
            }
            catch (PartitionFencedException)
            {
                // An earlier try may have come through after all.
                if (await FindOwnAsync(record, last, cancellationToken).ConfigureAwait(false) is { } position)
                    return position;
                throw;
            }
            catch (Exception exception) when (!LogRetry.IsFinal(exception, cancellationToken))
            {
                await _retry.WaitAsync(what, exception, failures, cancellationToken).ConfigureAwait(false);
                if (await FindOwnAsync(record, last, cancellationToken).ConfigureAwait(false) is { } position)
                    return position;
            }
        }
    }

    /// <summary>The position of a record of its own behind another one; null where nothing is behind that.</summary>
    /// <exception cref="PartitionFencedException">A record of somebody else is there.</exception>
    private async ValueTask<long?> FindOwnAsync(ResultRecord own, long last, CancellationToken cancellationToken)
    {
        var found = await _retry.RunAsync($"reading {_output.Name}", _output.ReadLastAsync, cancellationToken)
            .ConfigureAwait(false);
        if (found is not { } entry || entry.Position <= last)
            return null;
        var record = ResultRecord.Of(_output.Name, entry);
        if (record.Epoch == own.Epoch && string.Equals(record.Owner, own.Owner, StringComparison.Ordinal))
            return entry.Position;
        throw new PartitionFencedException(string.Create(
            CultureInfo.InvariantCulture,
            $"{_output.Name} goes on at {entry.Position} with epoch {record.Epoch}, and this is epoch {own.Epoch}."));
    }

    private TimeSpan UntilTick() => _plan.TickInterval - _time.GetElapsedTime(_tickedAt);

    private TimeSpan UntilProgress() => _plan.Options.ProgressInterval - _time.GetElapsedTime(_appendedAt);

    private TimeSpan UntilDue()
    {
        var wait = LongestWait;
        if (_append is null && HasNews)
            wait = Shorter(wait, UntilProgress());
        if (_plan.ClockMatters)
            wait = Shorter(wait, UntilTick());
        return wait > ShortestWait ? wait : ShortestWait;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
