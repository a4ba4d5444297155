namespace DisruptorStream.Emission.Pumping;

/// <summary>Where among the results progress is to be reported, and where somebody waits.</summary>
/// <remarks>
/// Under the lock of its pump. Of the progress two marks are kept, the one to come and the newest: the sink is told
/// however fast others follow.
/// </remarks>
internal sealed class PumpMarks
{
    private readonly List<(long Position, TaskCompletionSource Waiter)> _flushes = [];
    private (long Position, SinkProgress Progress)? _next;
    private (long Position, SinkProgress Progress)? _newest;

    /// <summary>Whether somebody waits.</summary>
    public bool HasFlush => _flushes.Count > 0;

    /// <summary>All results before this position have been delivered up to the progress.</summary>
    public void Add(long position, in SinkProgress progress)
    {
        if (_next is null)
            _next = (position, progress);
        else
            _newest = (position, progress);
    }

    /// <summary>Somebody waits for all results before this position.</summary>
    public Task AddFlush(long position)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Add((position, waiter));
        return waiter.Task;
    }

    /// <summary>Takes the newest progress that the results before this position allow.</summary>
    public bool TryTakeProgress(long position, out SinkProgress progress)
    {
        progress = default;
        if (_next is not { } next || next.Position > position)
            return false;
        progress = next.Progress;
        _next = _newest;
        _newest = null;
        if (_next is not { } newest || newest.Position > position)
            return true;
        progress = newest.Progress;
        _next = null;
        return true;
    }

    /// <summary>Takes those who wait for no more than the results before this position.</summary>
    public TaskCompletionSource[] TakeFlushes(long position)
    {
        var reached = _flushes.FindAll(flush => flush.Position <= position);
        _flushes.RemoveAll(flush => flush.Position <= position);
        return [.. reached.ConvertAll(flush => flush.Waiter)];
    }
}
