using System.Runtime.CompilerServices;

namespace DisruptorStream.Slots.Inline;

/// <summary>Who has the ring of a processor without threads: one word, which each caller takes.</summary>
/// <remarks>
/// The end takes it like everybody else: at once where nobody is in the stages, and otherwise when the call that is has
/// left them. So nothing is freed under anybody.
/// <para>
/// One thread may be let in by a short way, without interlocked operations: it says that it is inside, then looks
/// whether the ring is free. Any other thread that takes the ring takes that way from it, has all threads of the
/// process fence, and waits until it is out (<see cref="Rings.Waiting.BiasedLock"/> has the source). The end does not
/// wait for it: who is inside by the short way only fills a slot.
/// </para>
/// </remarks>
internal sealed class InlineHold
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private int _holder;
    private int _beside;
    private int _short;
    private bool _isShortInside;

    /// <summary>Completes once, when nobody is in the stages and nobody gets in any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether the ring can be taken now, if need be after a wait for a thread of the engine.</summary>
    public bool IsFree => Volatile.Read(ref _state) is var state
        && (state == InlineState.Free || (state == InlineState.Beside && !IsOfCaller));

    /// <summary>Whether a claim of the host's is open.</summary>
    public bool IsOpen => Volatile.Read(ref _state) == InlineState.Open;

    /// <summary>Whether nobody gets in any more.</summary>
    public bool HasEnded => Volatile.Read(ref _state) == InlineState.Ended;

    /// <summary>Whether the calling thread is in the middle of a call: it must not wait for the end of that.</summary>
    public bool IsHeldByCaller => IsOfCaller
        && Volatile.Read(ref _state) is InlineState.Held or InlineState.Ending or InlineState.Beside;

    /// <summary>Whether the calling thread has a claim open.</summary>
    public bool IsOpenByCaller => IsOfCaller && Volatile.Read(ref _state) == InlineState.Open;

    private bool IsOfCaller => Volatile.Read(ref _holder) == Environment.CurrentManagedThreadId;

    /// <summary>
    /// Takes the ring, where a thread of the engine has it as soon as that has left it. Returns false where another
    /// call has it, or it has ended.
    /// </summary>
    public bool TryEnter()
    {
        var caller = Environment.CurrentManagedThreadId;
        var taken = caller == Volatile.Read(ref _beside) ? InlineState.Beside : InlineState.Held;
        var seen = Interlocked.CompareExchange(ref _state, taken, InlineState.Free);
        if (seen != InlineState.Free && !(seen == InlineState.Beside && TryEnterBehind()))
            return false;

        // Pairs with the read in IsOfCaller, which only the thread itself has to get right.
        Volatile.Write(ref _holder, caller);
        if (Volatile.Read(ref _short) is var thread && thread != 0 && thread != caller)
            CloseShort();
        return true;
    }

    /// <summary>Whether the calling thread may take the ring by the short way.</summary>
    public bool IsShortForCaller => Volatile.Read(ref _short) == Environment.CurrentManagedThreadId;

    /// <summary>From the next call on the calling thread, which has the ring, may take it by the short way.</summary>
    public void AllowShort() => Volatile.Write(ref _short, Environment.CurrentManagedThreadId);

    /// <summary>Takes the ring by the short way, for less than it takes to handle a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnterShort()
    {
        if (Volatile.Read(ref _short) != Environment.CurrentManagedThreadId)
            return false;

        // Both pair with those in TryEnter and CloseShort: a write there, then a barrier for all threads, then a read.
        Volatile.Write(ref _isShortInside, true);
        if (Volatile.Read(ref _state) == InlineState.Free)
            return true;
        Volatile.Write(ref _isShortInside, false);
        return false;
    }

    /// <summary>Pairs with the read in CloseShort: who takes the ring then sees what was done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LeaveShort() => Volatile.Write(ref _isShortInside, false);

    /// <summary>The calling thread is one of the engine: while it has the ring, callers wait for it.</summary>
    public void BeginBeside() => Volatile.Write(ref _beside, Environment.CurrentManagedThreadId);

    /// <summary>From now on it is like every other.</summary>
    public void EndBeside() => Volatile.Write(ref _beside, 0);

    /// <summary>The call leaves a claim open; returns false where the processor ends.</summary>
    public bool TryOpen() => TryMove(InlineState.Held, InlineState.Open);

    /// <summary>The open claim is published or dropped; returns false where the processor has ended.</summary>
    public bool TryReturn() => TryMove(InlineState.Open, InlineState.Held);

    /// <summary>The call is over. Returns false where the processor has ended; else the ring is free.</summary>
    public bool Leave()
    {
        Volatile.Write(ref _holder, 0);
        if (TryMove(InlineState.Held, InlineState.Free) || TryMove(InlineState.Beside, InlineState.Free))
            return true;
        Volatile.Write(ref _state, InlineState.Ended);
        _ended.TrySetResult();
        return false;
    }

    /// <summary>Lets nobody in from now on. Any thread; who is in a call leaves it first.</summary>
    public void End()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state is InlineState.Ending or InlineState.Ended)
                return;
            var next = state is InlineState.Held or InlineState.Beside ? InlineState.Ending : InlineState.Ended;
            if (!TryMove(state, next))
                continue;
            if (next == InlineState.Ended)
                _ended.TrySetResult();
            return;
        }
    }

    /// <summary>
    /// Takes the ring behind a thread of the engine, which also may end it, unless that is the caller.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEnterBehind()
    {
        if (IsOfCaller)
            return false;
        var spin = default(SpinWait);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _state, InlineState.Held, InlineState.Free);
            if (seen is not (InlineState.Beside or InlineState.Ending))
                return seen == InlineState.Free;
            spin.SpinOnce();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CloseShort()
    {
        Volatile.Write(ref _short, 0);
        Interlocked.MemoryBarrierProcessWide();
        var spin = default(SpinWait);
        while (Volatile.Read(ref _isShortInside))
            spin.SpinOnce();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMove(int from, int to) => Interlocked.CompareExchange(ref _state, to, from) == from;
}
