namespace DisruptorStream.Pipeline;

/// <summary>Saves that were asked for: each is done when the stages reach its slot.</summary>
/// <remarks>Any thread asks. The thread that sees all stages at the slot does it.</remarks>
internal sealed class SavePoints
{
    private readonly IStateSaver _saver;
    private readonly Lock _gate = new();
    private readonly Deliveries _deliveries;
    private readonly Dictionary<long, SavePoint> _waiting = [];
    private Exception? _end;

    /// <param name="saver">Writes the state.</param>
    /// <param name="deliveries">What fires up to a slot.</param>
    public SavePoints(IStateSaver saver, Deliveries deliveries)
    {
        _saver = saver;
        _deliveries = deliveries;
    }

    /// <summary>
    /// Completes with true when the state has been written, with false when the save was put off. Call before the slot
    /// is published.
    /// </summary>
    /// <param name="sequence">The slot.</param>
    /// <param name="stream">Where the state goes.</param>
    public Task<bool> Add(long sequence, Stream stream) => Add(sequence, at => _saver.Save(stream, at));

    /// <summary>As the other one, for a save of the caller's own.</summary>
    /// <param name="sequence">The slot.</param>
    /// <param name="save">Given the slot, while no stage moves.</param>
    public Task<bool> Add(long sequence, Action<long> save)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_end is { } end)
                return Task.FromException<bool>(end);
            _waiting.Add(sequence, new SavePoint(save, done, _deliveries.WaitFor(sequence)));
        }

        return done.Task;
    }

    /// <summary>
    /// Waits until what fired up to the slot is delivered, which is another thread's business. Returns false where the
    /// processor has ended before.
    /// </summary>
    public bool WaitForDelivery(long sequence)
    {
        SavePoint? wanted;
        lock (_gate)
            _waiting.TryGetValue(sequence, out wanted);
        try
        {
            wanted?.Delivered.GetAwaiter().GetResult();
            return wanted is not null;
        }
        catch (StreamProcessorException)
        {
            return false;
        }
    }

    /// <summary>Every stage has handled the slot, and what it fired is delivered: writes the state.</summary>
    public void Do(long sequence)
    {
        SavePoint? wanted;
        lock (_gate)
        {
            if (!_waiting.Remove(sequence, out wanted))
                return;
        }

        try
        {
            wanted.Save(sequence);
            wanted.Done.TrySetResult(true);
        }
        catch (Exception exception)
        {
            // The stream is the host's: what it throws is told to who asked, and the stages go on.
            wanted.Done.TrySetException(exception);
        }
    }

    /// <summary>
    /// A gate holds back what fired up to the slot, on a thread that must not wait for it: nothing is written.
    /// </summary>
    public void PutOff(long sequence)
    {
        lock (_gate)
        {
            if (_waiting.Remove(sequence, out var wanted))
                wanted.Done.TrySetResult(false);
        }
    }

    /// <summary>No slot is handled any more: who waits gets this.</summary>
    public void End(Exception end)
    {
        lock (_gate)
        {
            _end ??= end;
            foreach (var point in _waiting.Values)
                point.Done.TrySetException(_end);
            _waiting.Clear();
        }
    }

    private sealed record SavePoint(Action<long> Save, TaskCompletionSource<bool> Done, Task Delivered);
}
