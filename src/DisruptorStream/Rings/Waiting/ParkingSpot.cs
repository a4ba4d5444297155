using System.Runtime.Intrinsics.X86;

namespace DisruptorStream.Rings.Waiting;

/// <summary>Where threads sleep until others make progress.</summary>
/// <remarks>
/// <para>
/// Dekker's handshake: a sleeper raises the flag, then reads the condition; a waker writes progress, then reads the
/// flag, each with a full fence in between. At least one of them sees the other, so no wake-up is lost.
/// </para>
/// <para>
/// A waker's fence waits until the slots it wrote have come from the other core, for each event that is published
/// alone. So once many fences in a row found nobody asleep, the wakers do without, and the next sleeper fences all
/// threads at once (on Linux by membarrier(2)): the wakers' fence is back before it sleeps. That costs some
/// microseconds, and there are as many fences between two of them as cost more.
/// Source: D. Dice, H. Huang, M. Yang, "Asymmetric Dekker synchronization", Sun Microsystems 2001.
/// </para>
/// </remarks>
internal sealed class ParkingSpot
{
    private const int FencesForNobody = 1024;

    // Without membarrier(2) the runtime changes the protection of a page, which fences other threads on x86 alone.
    private static readonly bool FencesAllThreads = X86Base.IsSupported;

    private readonly object _gate = new();
    private int _fencesLeft = FencesForNobody;
    private int _isOccupied;

    /// <summary>Whether somebody may sleep here.</summary>
    // Pairs with the write in Park: without a fence, the sleeper's orders the caller's progress before this read.
    public bool IsOccupied => Volatile.Read(ref _fencesLeft) != 0 && IsOccupiedFenced();

    /// <summary>Sleeps until the next wake-up, unless the condition is met already. May return early.</summary>
    public void Park(IWaitCondition condition, int timeoutMilliseconds)
    {
        lock (_gate)
        {
            var wakersFence = _fencesLeft != 0;
            _isOccupied = 1;

            // Pairs with the reads in IsOccupied and IsOccupiedFenced.
            Volatile.Write(ref _fencesLeft, FencesForNobody);
            if (wakersFence)
                Interlocked.MemoryBarrier();
            else
                Interlocked.MemoryBarrierProcessWide();
            if (!condition.IsMet)
                Monitor.Wait(_gate, timeoutMilliseconds);
        }
    }

    public void WakeAll()
    {
        if (IsOccupied)
            WakeSleepers();
    }

    private bool IsOccupiedFenced()
    {
        // Pairs with the writes in Park and StopFencing: a count that has ended begins again in Park alone. The
        // exchange is a fence where it succeeds: the caller's progress comes before the read of the flag.
        var left = Volatile.Read(ref _fencesLeft);
        if (Interlocked.CompareExchange(ref _fencesLeft, Math.Max(1, left - 1), Math.Max(1, left)) != left)
            Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isOccupied) != 0)
            return true;
        if (left == 1)
            StopFencing();
        return false;
    }

    private void StopFencing()
    {
        if (!FencesAllThreads)
            return;
        lock (_gate)
        {
            if (_isOccupied == 0)
                _fencesLeft = 0;
        }
    }

    private void WakeSleepers()
    {
        lock (_gate)
        {
            // Lowered by the waker: the sleepers take microseconds to run, and nobody else need wake them meanwhile.
            _isOccupied = 0;

            // What was counted since then was not for nobody. Only Park begins a count that has ended.
            if (_fencesLeft != 0)
                _fencesLeft = FencesForNobody;
            Monitor.PulseAll(_gate);
        }
    }
}
