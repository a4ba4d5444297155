using DisruptorStream.Rings;

namespace DisruptorStream.Pipeline.Staged;

/// <summary>Where the shards stop at the slot of a save, until the state has been written.</summary>
/// <remarks>
/// The thread of window assignment waits for all of them, and for what they fired to be delivered; then nobody moves.
/// An abort and a failure end every wait.
/// </remarks>
internal sealed class SaveMeeting
{
    private readonly object _gate = new();
    private readonly SavePoints _saves;
    private readonly RingFault _fault;
    private readonly int _shardCount;
    private int _arrived;
    private long _released = -1;

    /// <param name="saves">What was asked for.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    /// <param name="shardCount">The shards that come.</param>
    public SaveMeeting(SavePoints saves, RingFault fault, int shardCount)
    {
        _saves = saves;
        _fault = fault;
        _shardCount = shardCount;
        fault.Register(WakeAll);
    }

    /// <summary>A shard has handled all up to the slot and told so: it waits until the state has been written.</summary>
    public void Attend(long sequence)
    {
        lock (_gate)
        {
            _arrived++;
            Monitor.PulseAll(_gate);
            while (_released < sequence && !_fault.IsFaulted)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>Writes the state once all shards are here, and lets them go on.</summary>
    public void Hold(long sequence)
    {
        if (WaitForShards() && _saves.WaitForDelivery(sequence))
            _saves.Do(sequence);
        lock (_gate)
        {
            _arrived = 0;
            _released = sequence;
            Monitor.PulseAll(_gate);
        }
    }

    private bool WaitForShards()
    {
        lock (_gate)
        {
            while (_arrived < _shardCount && !_fault.IsFaulted)
                Monitor.Wait(_gate);
            return !_fault.IsFaulted;
        }
    }

    private void WakeAll()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
