using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Rings;

namespace DisruptorStream.Ingest.Slots;

/// <summary>The ring of a processor without threads: what is published is processed before the call returns.</summary>
/// <remarks>
/// <para>
/// One caller at a time, which is checked. A claim holds the ring until it is published, so a sink that publishes into
/// its own processor, and a second thread, get an error rather than a wrong result.
/// </para>
/// <para>
/// One word says who has the ring (<see cref="InlineState"/>). The end takes it like everybody else: at once where
/// nobody is in the stages, and otherwise when the call that is has left them. So nothing is freed under anybody.
/// </para>
/// </remarks>
internal sealed class InlineEventRing : EventRing
{
    private const int PollMilliseconds = 1;

    private ISlotConsumer? _consumer;
    private int _state;
    private int _holder;

    public InlineEventRing(RingBuffer<EventSlot> slots, int measureCount, IPublishGate gate)
        : base(slots, measureCount, gate) => slots.Sequencer.Fault.Register(End);

    /// <summary>Called once, when nobody is in the stages and nobody gets in any more.</summary>
    public Action? Ended { get; set; }

    public override bool TakesInPlace => true;

    /// <summary>Whether the calling thread is in the middle of a call: it must not wait for the end of that.</summary>
    public bool IsHeldByCaller => IsOfCaller && Volatile.Read(ref _state) is InlineState.Held or InlineState.Ending;

    /// <summary>Whether the calling thread has a claim open.</summary>
    public bool IsOpenByCaller => IsOfCaller && Volatile.Read(ref _state) == InlineState.Open;

    public override long? FirstOpenClaim =>
        Volatile.Read(ref _state) == InlineState.Open ? Sequencer.Cursor.Value + 1 : null;

    private bool IsOfCaller => Volatile.Read(ref _holder) == Environment.CurrentManagedThreadId;

    public void Attach(ISlotConsumer consumer) => _consumer = consumer;

    public override SequenceRange Claim(int count, CancellationToken cancellationToken = default)
    {
        TryClaim(count, out var range);
        return range;
    }

    public override bool TryClaim(int count, out SequenceRange range)
    {
        if (IsClosed)
            ThrowClosed();
        Sequencer.Fault.ThrowIfFaulted();
        if (Volatile.Read(ref _state) != InlineState.Free)
            ThrowBusy();
        _consumer!.BeforeClaim();
        Enter();
        range = ClaimHeld(count);
        return true;
    }

    public override SequenceRange OpenClaim(int count)
    {
        TryClaim(count, out var range);
        if (!TryMove(InlineState.Held, InlineState.Open))
        {
            Leave();
            ThrowEnded(range);
        }

        return range;
    }

    public override void PublishClaim(SequenceRange range, int filled)
    {
        if (!TryMove(InlineState.Open, InlineState.Held))
            ThrowEnded(range);
        VoidRest(range, filled);
        Publish(range);
    }

    public override void DropClaim(SequenceRange range)
    {
        Void(range);
        if (TryMove(InlineState.Open, InlineState.Held))
            Publish(range);
    }

    public override bool TryClaimControl(out SequenceRange range)
    {
        Sequencer.Fault.ThrowIfFaulted();
        range = default;
        if (!TryEnter())
            return false;
        range = ClaimHeld(1);
        return true;
    }

    public override SequenceRange ClaimControl(CancellationToken cancellationToken)
    {
        if (!TryClaimControl(out var range))
            ThrowBusy();
        return range;
    }

    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    public void ThrowIfBusy()
    {
        if (Volatile.Read(ref _state) != InlineState.Free)
            ThrowBusy();
    }

    public override void Publish(SequenceRange range)
    {
        if (Stamps is not { } stamps || !stamps.IsDue(range.Last))
        {
            Consume(range);
            return;
        }

        try
        {
            stamps.OnPublish(range.First, range.Last);
        }
        finally
        {
            // Whatever the host's clock does: what was claimed is processed, and the ring is free again.
            Consume(range);
        }
    }

    public override void PublishInPlace(SequenceRange range, in AcceptedEvents events)
    {
        try
        {
            Stamps?.OnPublish(range.First, range.Last);
        }
        finally
        {
            ConsumeInPlace(range, events);
        }
    }

    /// <summary>
    /// The worker is the publisher here, and in the middle of its call: the slot is handled within it.
    /// </summary>
    public override bool TryPublishFromWorker(SlotKind kind, int keyId)
    {
        var range = Sequencer.Claim(1);
        Fill(range, kind, timestamp: 0, source: 0, keyId);
        Sequencer.Publish(range);
        _consumer!.Consume(range.First, range.Last);
        return true;
    }

    /// <summary>For who ends the processor while another call is under way: looks again soon.</summary>
    public override async Task<bool> WaitForSpaceAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(PollMilliseconds, cancellationToken).ConfigureAwait(false);
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
            var next = state == InlineState.Held ? InlineState.Ending : InlineState.Ended;
            if (!TryMove(state, next))
                continue;
            if (next == InlineState.Ended)
                Ended?.Invoke();
            return;
        }
    }

    private void Consume(SequenceRange range)
    {
        Sequencer.Publish(range);
        try
        {
            _consumer!.Consume(range.First, range.Last);
        }
        finally
        {
            Leave();
        }
    }

    private void ConsumeInPlace(SequenceRange range, in AcceptedEvents events)
    {
        Sequencer.Publish(range);
        try
        {
            _consumer!.ConsumeInPlace(events, range.Last);
        }
        finally
        {
            Leave();
        }
    }

    private SequenceRange ClaimHeld(int count)
    {
        try
        {
            return Sequencer.Claim(count);
        }
        catch
        {
            // The processor has ended since the look before.
            Leave();
            throw;
        }
    }

    private void Enter()
    {
        if (!TryEnter())
            ThrowBusy();
    }

    private bool TryEnter()
    {
        if (!TryMove(InlineState.Free, InlineState.Held))
            return false;

        // Pairs with the read in IsOfCaller, which only the thread itself has to get right.
        Volatile.Write(ref _holder, Environment.CurrentManagedThreadId);
        return true;
    }

    private void Leave()
    {
        Volatile.Write(ref _holder, 0);
        if (!TryMove(InlineState.Held, InlineState.Free))
        {
            Volatile.Write(ref _state, InlineState.Ended);
            Ended?.Invoke();
        }
        else if (!Removals.IsEmpty)
        {
            // After the move: who adds one later finds the ring free.
            Removals.Publish(this);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMove(int from, int to) => Interlocked.CompareExchange(ref _state, to, from) == from;

    [DoesNotReturn]
    private void ThrowBusy()
    {
        if (Volatile.Read(ref _state) == InlineState.Ended)
            ThrowClosed();
        throw new InvalidOperationException((IsHeldByCaller, IsOpenByCaller) switch
        {
            (true, _) =>
                "The Inline processor is in the middle of another call of this very thread: a sink, a trigger or the "
                + "like calls back from inside; put what is to be done into a queue of your own, and do it when the "
                + "call that publishes has returned.",
            (_, true) =>
                "The Inline processor is in the middle of another call: a claim of this thread is open; publish or "
                + "dispose the claim first.",
            _ =>
                "The Inline processor is in the middle of another call, of another thread, which publishes or has a "
                + "claim open; let one thread at a time call it, or choose Fused execution, which takes any number.",
        });
    }
}
