using DisruptorStream.Rings;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>Where threads that handle the same slots wait for each other at one of them.</summary>
/// <remarks>
/// The one that comes last does what all have come for, and lets them go on. All come to the same slots in the same
/// order, so one meeting is over before the next one begins. The end of the pipeline ends every wait.
/// </remarks>
internal sealed class SlotMeeting
{
    private readonly object _gate = new();
    private readonly RingFault _fault;
    private readonly int _count;
    private int _arrived;
    private long _meetings;

    /// <param name="count">The threads that come.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    public SlotMeeting(int count, RingFault fault)
    {
        _count = count;
        _fault = fault;
        if (count > 1)
            fault.Register(WakeAll);
    }

    /// <summary>
    /// Returns true to the one that comes last, which must call <see cref="Adjourn"/>; false to the others, after that,
    /// or when the pipeline has ended.
    /// </summary>
    public bool Attend()
    {
        lock (_gate)
        {
            if (++_arrived == _count)
                return true;
            var meeting = _meetings;
            while (_meetings == meeting && !_fault.IsFaulted)
                Monitor.Wait(_gate);
            return false;
        }
    }

    /// <summary>Lets all go on.</summary>
    public void Adjourn()
    {
        lock (_gate)
        {
            _arrived = 0;
            _meetings++;
            Monitor.PulseAll(_gate);
        }
    }

    private void WakeAll()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
