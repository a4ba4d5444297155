using DisruptorStream.Cluster.Checkpoints;

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
    private long _dueAt;
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
    public bool IsDue => _write.IsCompleted && _time.GetTimestamp() >= _dueAt;

    /// <summary>The newest checkpoint there is.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the next one takes its place.</exception>
    public async ValueTask<StoredCheckpoint?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = _store.ReadAsync(_topic, _partition, cancellationToken);
        var stored = await PromptCalls.EndAsync(read, cancellationToken).ConfigureAwait(false);
        _revision = stored?.Revision ?? 0;
        Keep(stored);
        return stored;
    }

    /// <summary>The next one is due after the interval.</summary>
    public void PutOff() =>
        _dueAt = _time.GetTimestamp() + (long)(_interval.TotalSeconds * _time.TimestampFrequency);

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
            try
            {
                var write = _store.WriteAsync(_topic, _partition, checkpoint, _revision, cancellationToken);
                _revision = await PromptCalls.EndAsync(write, cancellationToken).ConfigureAwait(false);
                Keep(new StoredCheckpoint(_revision, _time.GetUtcNow(), checkpoint));
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // It may be there all the same, or another owner's: the next one takes its place either way, since
                // what it holds is in the log, and a log has one history.
                await ReadAgainAsync(cancellationToken).ConfigureAwait(false);
                throw;
            }
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

    private async ValueTask ReadAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            // The one that failed is what is told.
        }
    }
}
