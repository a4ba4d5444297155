namespace DisruptorStream.Rings.Waiting;

/// <summary>Where threads sleep until others make progress.</summary>
/// <remarks>
/// Dekker's handshake: a sleeper raises the flag, then reads the condition; a waker writes progress, then reads the
/// flag, each with a full fence in between. At least one of them sees the other, so no wake-up is lost.
/// </remarks>
internal sealed class ParkingSpot
{
    private readonly object _gate = new();
    private int _isOccupied;

    /// <summary>Whether somebody may sleep here.</summary>
    public bool IsOccupied
    {
        get
        {
            // Orders the caller's progress before the read of the flag: pairs with the exchange in Park.
            Interlocked.MemoryBarrier();
            return Volatile.Read(ref _isOccupied) != 0;
        }
    }

    /// <summary>Sleeps until the next wake-up, unless the condition is met already. May return early.</summary>
    public void Park(IWaitCondition condition, int timeoutMilliseconds)
    {
        lock (_gate)
        {
            // A full fence: pairs with the one in WakeAll.
            Interlocked.Exchange(ref _isOccupied, 1);
            if (!condition.IsMet)
                Monitor.Wait(_gate, timeoutMilliseconds);
        }
    }

    public void WakeAll()
    {
        if (IsOccupied)
            WakeSleepers();
    }

    private void WakeSleepers()
    {
        lock (_gate)
        {
            // Lowered by the waker: the sleepers take microseconds to run, and nobody else need wake them meanwhile.
            _isOccupied = 0;
            Monitor.PulseAll(_gate);
        }
    }
}
