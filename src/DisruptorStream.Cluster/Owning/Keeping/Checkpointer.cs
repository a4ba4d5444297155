using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Owning.Keeping;

/// <summary>Writes the checkpoints of one owner or standby, one at a time, beside its work.</summary>
/// <remarks>
/// <para>
/// A standby has the state of its owner, and need not stand still for anybody. So the owner comes to a place where a
/// state can be kept in the middle of each interval, looks at the end of it whether somebody else has kept one, and
/// does it itself only where nobody has.
/// </para>
/// <para>One caller at a time; what is said so, any thread reads.</para>
/// </remarks>
internal sealed class Checkpointer
{
    private readonly ICheckpointStore _store;
    private readonly string _topic;
    private readonly int _partition;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Action<Exception> _onFailure;
    private readonly Action _onLooked;
    private Task _write = Task.CompletedTask;
    private long _revision;
    private long _putOffAt;
    private bool _hasOffered;
    private bool _hasLooked;
    private CheckpointPlace? _newest;

    /// <param name="store">Where they go.</param>
    /// <param name="topic">The topic of the results.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="interval">How often.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="onFailure">Told of a write that failed. Any thread.</param>
    /// <param name="onLooked">Called when there is a next step. Any thread.</param>
    public Checkpointer(
        ICheckpointStore store,
        string topic,
        int partition,
        TimeSpan interval,
        TimeProvider time,
        Action<Exception> onFailure,
        Action onLooked)
    {
        (_store, _topic, _partition) = (store, topic, partition);
        (_interval, _time, _onFailure, _onLooked) = (interval, time, onFailure, onLooked);
        PutOff();
    }

    /// <summary>Position and time of the newest one that is known; null for none. Any thread.</summary>
    public (long Position, DateTimeOffset At)? Newest =>
        Volatile.Read(ref _newest) is { } newest ? (newest.Position, newest.WrittenAt) : null;

    /// <summary>Whether a standby is to keep the next state that it can: before the owner looks.</summary>
    public bool IsDueForStandby => _write.IsCompleted && _time.GetElapsedTime(_putOffAt) >= _interval * 0.75;

    /// <summary>What the owner is to do now.</summary>
    public CheckpointStep NextStep(CancellationToken cancellationToken)
    {
        if (!_write.IsCompleted)
            return CheckpointStep.None;
        var elapsed = _time.GetElapsedTime(_putOffAt);
        if (elapsed >= _interval)
        {
            if (_hasLooked)
                return CheckpointStep.Keep;
            _hasLooked = true;
            _write = Task.Run(() => LookAsync(cancellationToken), CancellationToken.None);
            return CheckpointStep.None;
        }

        if (_hasOffered || elapsed < _interval / 2)
            return CheckpointStep.None;
        _hasOffered = true;
        return CheckpointStep.Offer;
    }

    /// <summary>The newest checkpoint there is.</summary>
    /// <exception cref="DamagedCheckpointException">It is damaged; the next one takes its place.</exception>
    public async ValueTask<StoredCheckpoint?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = _store.ReadAsync(_topic, _partition, cancellationToken);
            var stored = await PromptCalls.EndAsync(read, cancellationToken).ConfigureAwait(false);
            _revision = stored?.Revision ?? 0;
            Keep(stored is null
                ? null
                : new CheckpointPlace(
                    stored.Revision, stored.WrittenAt, stored.Checkpoint.Epoch, stored.Checkpoint.Position));
            return stored;
        }
        catch (DamagedCheckpointException damaged)
        {
            _revision = damaged.Revision;
            Keep(null);
            throw;
        }
    }

    /// <summary>The next one is due after the interval.</summary>
    public void PutOff()
    {
        _putOffAt = _time.GetTimestamp();
        (_hasOffered, _hasLooked) = (false, false);
    }

    /// <summary>Whether there is none yet at a position.</summary>
    public bool IsNews(long position) => Newest is not { } newest || newest.Position < position;

    /// <summary>
    /// Takes the state of a partition, and begins to write it. What fails is told, and tried again after the interval.
    /// </summary>
    public async ValueTask KeepAsync<TEvent, TKey>(
        PartitionReplica<TEvent, TKey> replica, CancellationToken cancellationToken)
        where TKey : notnull
    {
        PutOff();
        try
        {
            var state = await replica.SaveAsync(cancellationToken).ConfigureAwait(false);
            var checkpoint = new Checkpoint { Epoch = replica.Epoch, Position = replica.Position, State = state };
            _write = Task.Run(() => WriteAsync(checkpoint, cancellationToken), CancellationToken.None);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _onFailure(exception);
        }
    }

    /// <summary>Completes when none is being written. Never throws.</summary>
    public Task WaitAsync() => _write;

    private void Keep(CheckpointPlace? newest) => Volatile.Write(ref _newest, newest);

    /// <summary>Somebody else may have written: then the next one is due after the interval.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var before = _revision;
            await FindAsync(cancellationToken).ConfigureAwait(false);
            if (_revision != before)
                PutOff();
        }
        catch (Exception)
        {
            // A write that fails is told.
        }
        finally
        {
            _onLooked();
        }
    }

    private async ValueTask FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            var find = _store.FindAsync(_topic, _partition, cancellationToken);
            var newest = await PromptCalls.EndAsync(find, cancellationToken).ConfigureAwait(false);
            _revision = newest?.Revision ?? 0;
            Keep(newest);
        }
        catch (DamagedCheckpointException damaged)
        {
            // Its revision is all that is wanted.
            _revision = damaged.Revision;
            Keep(null);
        }
    }

    private async Task WriteAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await ReplaceAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The owner ends.
        }
        catch (Exception exception)
        {
            _onFailure(exception);
        }
    }

    /// <summary>
    /// Replaces the newest one: that of an owner before, or one of its own whose write failed and is there after all.
    /// Either holds what is in the log, which has one history, so that a later one may take its place.
    /// </summary>
    private async ValueTask ReplaceAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await WriteOnceAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (PartitionFencedException)
        {
            await FindAsync(cancellationToken).ConfigureAwait(false);
            if (IsNews(checkpoint.Position))
                await WriteOnceAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteOnceAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var write = _store.WriteAsync(_topic, _partition, checkpoint, _revision, cancellationToken);
        _revision = await PromptCalls.EndAsync(write, cancellationToken).ConfigureAwait(false);
        Keep(new CheckpointPlace(_revision, _time.GetUtcNow(), checkpoint.Epoch, checkpoint.Position));
    }
}
