using System.Runtime.CompilerServices;

namespace DisruptorStream.Rings.Waiting;

/// <summary>
/// A lock that costs its owner no fence: guests, who come seldom, have all threads of the process fence instead.
/// </summary>
/// <remarks>
/// Dekker's handshake: who enters says so, then looks whether the other one has. The owner's write and read may change
/// places on its processor; the guest's barrier, which reaches all threads, makes sure that one of the two sees the
/// other. The owner may be another thread each time, if something else orders them. It is not recursive, and whoever
/// has it must not wait for the other side. Source: D. Dice, H. Huang, M. Yang, "Asymmetric Dekker synchronization",
/// 2001.
/// </remarks>
internal sealed class BiasedLock
{
    private readonly Lock _guests = new();
    private bool _isOwned;
    private bool _isAwaited;

    /// <summary>For the owner: waits for a guest that is inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EnterAsOwner()
    {
        // Both pair with those in EnterAsGuest.
        Volatile.Write(ref _isOwned, true);
        if (Volatile.Read(ref _isAwaited))
            EnterBehindGuests();
    }

    /// <summary>Pairs with the read in <see cref="EnterAsGuest"/>: a guest sees what the owner did.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ExitAsOwner() => Volatile.Write(ref _isOwned, false);

    /// <summary>For anybody else: waits for the owner and for other guests. Costs some microseconds.</summary>
    public void EnterAsGuest()
    {
        _guests.Enter();
        Volatile.Write(ref _isAwaited, true);
        Interlocked.MemoryBarrierProcessWide();
        var spin = default(SpinWait);
        while (Volatile.Read(ref _isOwned))
            spin.SpinOnce();
    }

    /// <summary>Pairs with the read in <see cref="EnterAsOwner"/>, and lets the next guest in.</summary>
    public void ExitAsGuest()
    {
        Volatile.Write(ref _isAwaited, false);
        _guests.Exit();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterBehindGuests()
    {
        do
        {
            Volatile.Write(ref _isOwned, false);

            // Whoever is inside has this lock.
            _guests.Enter();
            _guests.Exit();
            Volatile.Write(ref _isOwned, true);
        }
        while (Volatile.Read(ref _isAwaited));
    }
}
