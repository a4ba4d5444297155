using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Owning;

/// <summary>Writes the checkpoints of one owner, one at a time, beside its work.</summary>
/// <remarks>One caller at a time; what is said so, any thread reads.</remarks>
internal sealed class Checkpointer
{
    private readonly ICheckpointStore _store;
    private readonly string _topic;
    private readonly int _partition;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Action<Exception> _onFailure;
    private Task _write = Task.CompletedTask;
    private long _revision;
    private long _putOffAt;
    private StoredCheckpoint? _newest;

    /// <param name="store">Where they go.</param>
    /// <param name="topic">The topic of the results.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="interval">How often.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="onFailure">Told of a write that failed. Any thread.</param>
    public Checkpointer(
        ICheckpointStore store,
        string topic,
        int partition,
        TimeSpan interval,
        TimeProvider time,
        Action<Exception> onFailure)
    {
        (_store, _topic, _partition) = (store, topic, partition);
        (_interval, _time, _onFailure) = (interval, time, onFailure);
        PutOff();
    }

    /// <summary>Position and time of the newest one that is known; null for none. Any thread.</summary>
    public (long Position, DateTimeOffset At)? Newest =>
        Volatile.Read(ref _newest) is { } newest ? (newest.Checkpoint.Position, newest.WrittenAt) : null;

    /// <summary>Whether the next one is due, and none is being written.</summary>
    public bool IsDue => _write.IsCompleted && _time.GetElapsedTime(_putOffAt) >= _interval;

    /// <summary>The newest checkpoint there is.</summary>
    /// <exception cref="DamagedCheckpointException">It is damaged; the next one takes its place.</exception>
    public async ValueTask<StoredCheckpoint?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = _store.ReadAsync(_topic, _partition, cancellationToken);
            var stored = await PromptCalls.EndAsync(read, cancellationToken).ConfigureAwait(false);
            _revision = stored?.Revision ?? 0;
            Keep(stored);
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
    public void PutOff() => _putOffAt = _time.GetTimestamp();

    /// <summary>Whether there is none yet at a position.</summary>
    public bool IsNews(long position) => Newest is not { } newest || newest.Position < position;

    /// <summary>Begins to write one.</summary>
    public void Begin(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        PutOff();
        _write = Task.Run(() => WriteAsync(checkpoint, cancellationToken), CancellationToken.None);
    }

    /// <summary>Completes when none is being written. Never throws.</summary>
    public Task WaitAsync() => _write;

    private void Keep(StoredCheckpoint? stored) => Volatile.Write(
        ref _newest,
        stored is null ? null : stored with { Checkpoint = stored.Checkpoint with { State = default } });

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
            await ReadRevisionAsync(cancellationToken).ConfigureAwait(false);
            if (IsNews(checkpoint.Position))
                await WriteOnceAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReadRevisionAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DamagedCheckpointException)
        {
            // Its revision is known, and that is all that is wanted.
        }
    }

    private async ValueTask WriteOnceAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var write = _store.WriteAsync(_topic, _partition, checkpoint, _revision, cancellationToken);
        _revision = await PromptCalls.EndAsync(write, cancellationToken).ConfigureAwait(false);
        Keep(new StoredCheckpoint(_revision, _time.GetUtcNow(), checkpoint));
    }
}
