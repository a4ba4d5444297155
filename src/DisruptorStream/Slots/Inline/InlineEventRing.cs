using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Rings;

namespace DisruptorStream.Slots.Inline;

/// <summary>The ring of a processor without threads: what is published is processed before the call returns.</summary>
/// <remarks>
/// One caller at a time, which is checked. A claim holds the ring until it is published, so a sink that publishes into
/// its own processor, and a second thread, get an error rather than a wrong result (<see cref="InlineHold"/>).
/// </remarks>
internal sealed partial class InlineEventRing : EventRing
{
    private const int PollMilliseconds = 1;

    private readonly InlineHold _hold;
    private readonly ISlotConsumer _consumer;
    private readonly ITickSource _ticks;

    // The hold knows one thread of the engine at a time.
    private readonly Lock _besideGate = new();

    /// <param name="slots">The slots.</param>
    /// <param name="controls">Fills those without an event.</param>
    /// <param name="gate">Asked by all who have to wait.</param>
    /// <param name="pending">What waits for room.</param>
    /// <param name="hold">Who has the ring.</param>
    /// <param name="consumer">Handles what is published.</param>
    /// <param name="ticks">When the clock is due.</param>
    /// <param name="gathering">Where single events wait for others; null where each is handled alone.</param>
    public InlineEventRing(
        SlotBuffer slots,
        ControlSlots controls,
        IPublishGate gate,
        IPendingSlots pending,
        InlineHold hold,
        ISlotConsumer consumer,
        ITickSource ticks,
        InlineGathering? gathering = null)
        : base(slots, controls, gate, pending, gathering)
    {
        _hold = hold;
        _consumer = consumer;
        _ticks = ticks;
    }

    public override bool TakesInPlace => true;

    /// <summary>Whether the calling thread is in the middle of a call, or has a claim open.</summary>
    public bool IsInsideCall => _hold.IsHeldByCaller || _hold.IsOpenByCaller;

    public override SequenceRange Claim(int count, CancellationToken cancellationToken = default)
    {
        if (TryClaim(count, out var range))
            return range;
        var timer = Gate.BeginWait();
        do
        {
            cancellationToken.WaitHandle.WaitOne(PollMilliseconds);
            cancellationToken.ThrowIfCancellationRequested();
            Gate.ThrowIfBlocked(ref timer);
        }
        while (!TryClaim(count, out range));
        return range;
    }

    public override bool TryClaim(int count, out SequenceRange range)
    {
        if (IsClosed)
            ThrowClosed();
        Sequencer.Fault.ThrowIfFaulted();
        if (!_hold.IsFree)
            ThrowBusy();
        if (!_consumer.TakesEvents() && !TryMakeRoom())
        {
            range = default;
            return false;
        }

        // What waits counts for the clock, too.
        if (Gathering is { Count: > 0 })
            EnterAndLeave();
        if (_ticks.IsDue())
            Tick();
        Enter();
        range = ClaimHeld(count);
        return true;
    }

    public override SequenceRange OpenClaim(int count)
    {
        var range = Claim(count);
        Open(range);
        return range;
    }

    public override bool TryOpenClaim(int count, out SequenceRange range)
    {
        if (!TryClaim(count, out range))
            return false;
        Open(range);
        return true;
    }

    public override void PublishClaim(SequenceRange range, int filled)
    {
        if (!_hold.TryReturn())
            ThrowEnded(range);
        Controls.VoidRest(range, filled);
        Publish(range);
    }

    public override void DropClaim(SequenceRange range)
    {
        Controls.Void(range);
        if (_hold.TryReturn())
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

    /// <summary>
    /// Claims slots for what another process has published, fewer where the ring wraps; no clock and no room for
    /// results is asked. Publish them as others.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    public SequenceRange ClaimReplayed(int count)
    {
        Enter();
        return ClaimHeld(count);
    }

    /// <summary>Puts the clock into the sequence, and tells the host afterwards what there is to tell.</summary>
    public void Tick()
    {
        var reading = _ticks.Read();
        if (!TryPublishTick(reading))
        {
            _ticks.GiveBack(reading);
            ThrowBusy();
        }

        // The call has left the ring by now: what is told here may call the processor itself.
        _ticks.Tell();
    }

    /// <summary>Delivers what may go. Has the sinks write it, once that is everything up to the sequence.</summary>
    /// <returns>Whether it is everything up to the sequence.</returns>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    public bool Flush(long sequence)
    {
        Enter();
        return FlushHeld(sequence);
    }

    /// <summary>As <see cref="Flush"/>, but returns false where another call is under way.</summary>
    public bool TryFlush(long sequence) => TryEnter() && FlushHeld(sequence);

    /// <summary>Delivers what may go, unless another call is under way or the processor has ended.</summary>
    public void TryDeliver()
    {
        if (!TryEnter())
            return;
        try
        {
            _consumer.Deliver();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>As <see cref="TryDeliver"/>, by a thread of the engine: who calls meanwhile waits for it.</summary>
    public void TryDeliverBeside()
    {
        using (BeginBeside())
            TryDeliver();
    }

    /// <summary>
    /// Publishes a slot by a thread of the engine: who calls meanwhile waits for it. Returns false where another call
    /// is under way or the processor has ended.
    /// </summary>
    /// <param name="kind">What the slot is.</param>
    /// <param name="before">Given the slot, before it is published.</param>
    public bool TryPublishBeside(SlotKind kind, Action<long> before)
    {
        using (BeginBeside())
        {
            if (!TryClaimControl(out var range))
                return false;
            before(range.First);
            PublishAs(range, kind);
            return true;
        }
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

    /// <summary>For who ends the processor while another call is under way: looks again soon.</summary>
    public override async Task<bool> WaitForSpaceAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(PollMilliseconds, cancellationToken).ConfigureAwait(false);
        return false;
    }

    private void Consume(SequenceRange range)
    {
        Sequencer.Publish(range);
        try
        {
            _consumer.Consume(range.First, range.Last);
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
            _consumer.ConsumeInPlace(events, range.Last);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The calling thread is one of the engine, until the answer is disposed.</summary>
    private BesideScope BeginBeside()
    {
        _besideGate.Enter();
        _hold.BeginBeside();
        return new BesideScope(this);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryMakeRoom()
    {
        TryDeliver();
        return _consumer.HasRoom();
    }

    private void Open(SequenceRange range)
    {
        if (_hold.TryOpen())
            return;
        Leave();
        ThrowEnded(range);
    }

    private bool FlushHeld(long sequence)
    {
        try
        {
            if (_consumer.Deliver() < sequence)
                return false;
            _consumer.FlushSinks();
            return true;
        }
        finally
        {
            Leave();
        }
    }

    private void Enter()
    {
        if (!TryEnter())
            ThrowBusy();
    }

    private bool TryEnter()
    {
        if (!_hold.TryEnter())
            return false;
        if (Gathering is { Count: > 0 } gathering)
            HandleGathered(gathering);
        return true;
    }

    private void Leave()
    {
        // After the move: who adds one later finds the ring free.
        if (_hold.Leave() && !Pending.IsEmpty)
            Pending.Publish(this);
    }

    [DoesNotReturn]
    private void ThrowBusy()
    {
        // A thread of the engine may have failed, and ended it, since the look before.
        Sequencer.Fault.ThrowIfFaulted();
        if (_hold.HasEnded)
            ThrowClosed();
        throw new InvalidOperationException((_hold.IsHeldByCaller, _hold.IsOpenByCaller) switch
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

    private readonly struct BesideScope : IDisposable
    {
        private readonly InlineEventRing _ring;

        public BesideScope(InlineEventRing ring) => _ring = ring;

        public void Dispose()
        {
            _ring._hold.EndBeside();
            _ring._besideGate.Exit();
        }
    }
}
