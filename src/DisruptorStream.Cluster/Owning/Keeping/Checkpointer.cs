using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Owning.Keeping;

/// <summary>Writes the checkpoints of one owner or standby, one at a time, beside its work.</summary>
/// <remarks>
/// <para>
/// A standby has the state of its owner, and need not stand still for anybody. So in the middle of each interval the
/// owner offers a record of the log at which standbys keep the state, looks at the end of it whether somebody has, and
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
    private long _position;
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
        PutOff(0);
    }

    /// <summary>Position and time of the newest one that is known; null for none. Any thread.</summary>
    public (long Position, DateTimeOffset At)? Newest =>
        Volatile.Read(ref _newest) is { } newest ? (newest.Position, newest.WrittenAt) : null;

    /// <summary>Whether none is being written.</summary>
    public bool IsIdle => _write.IsCompleted;

    /// <summary>What the owner is to do now.</summary>
    /// <param name="position">Of the last record of results.</param>
    /// <param name="cancellationToken">Ends what it begins.</param>
    public CheckpointStep NextStep(long position, CancellationToken cancellationToken)
    {
        if (!_write.IsCompleted)
            return CheckpointStep.None;
        var elapsed = _time.GetElapsedTime(_putOffAt);
        if (elapsed >= _interval)
        {
            if (_hasLooked)
                return CheckpointStep.Keep;
            _hasLooked = true;
            _write = Task.Run(() => LookAsync(position, cancellationToken), CancellationToken.None);
            _ = _write.ContinueWith(
                static (_, onLooked) => ((Action)onLooked!)(),
                _onLooked,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            return CheckpointStep.None;
        }

        return _hasOffered || elapsed < _interval / 2 ? CheckpointStep.None : CheckpointStep.Offer;
    }

    /// <summary>Standbys were offered a record.</summary>
    public void NoteOffer() => _hasOffered = true;

    /// <summary>The newest checkpoint there is.</summary>
    /// <exception cref="DamagedCheckpointException">It is damaged; the next one takes its place.</exception>
    public async ValueTask<StoredCheckpoint?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = _store.ReadAsync(_topic, _partition, cancellationToken);
            var stored = await PromptCalls.EndAsync(read, cancellationToken).ConfigureAwait(false);
            _revision = stored?.Revision ?? 0;
            Keep(stored?.Place);
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
    /// <param name="position">Of the last record of results.</param>
    public void PutOff(long position)
    {
        (_putOffAt, _position) = (_time.GetTimestamp(), position);
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
        PutOff(replica.Position);
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

    /// <summary>
    /// Somebody else may have written, of this interval: then the next one is due after another one.
    /// </summary>
    private async Task LookAsync(long position, CancellationToken cancellationToken)
    {
        try
        {
            var before = _revision;
            await FindAsync(cancellationToken).ConfigureAwait(false);
            if (_revision != before && Newest is { } newest && newest.Position >= _position)
                PutOff(position);
        }
        catch (Exception)
        {
            // A write that fails is told.
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
