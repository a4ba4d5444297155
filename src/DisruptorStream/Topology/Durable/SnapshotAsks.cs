namespace DisruptorStream.Topology.Durable;

/// <summary>Who waits for a snapshot.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class SnapshotAsks
{
    private readonly Lock _gate = new();
    private readonly List<(TaskCompletionSource Done, long Through)> _asks = [];
    private Exception? _end;

    /// <summary>Whether somebody waits.</summary>
    public bool Any
    {
        get
        {
            lock (_gate)
                return _asks.Count > 0;
        }
    }

    /// <summary>Completes with a snapshot that goes so far; faults where none comes any more.</summary>
    /// <param name="through">The last slot that is to be in it.</param>
    public Task Add(long through)
    {
        var ask = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_end is { } end)
                return Task.FromException(end);
            _asks.Add((ask, through));
        }

        return ask.Task;
    }

    /// <summary>A snapshot was taken.</summary>
    /// <param name="through">The last slot that is in it.</param>
    public void Complete(long through)
    {
        foreach (var (ask, _) in Take(through))
            ask.TrySetResult();
    }

    /// <summary>This time none could be taken.</summary>
    public void Fail(Exception failure)
    {
        foreach (var (ask, _) in Take(long.MaxValue))
            ask.TrySetException(failure);
    }

    /// <summary>None is taken any more.</summary>
    public void End(Exception end)
    {
        lock (_gate)
            _end ??= end;
        Fail(end);
    }

    private List<(TaskCompletionSource Done, long Through)> Take(long through)
    {
        lock (_gate)
        {
            var asks = _asks.FindAll(ask => ask.Through <= through);
            _asks.RemoveAll(ask => ask.Through <= through);
            return asks;
        }
    }
}
