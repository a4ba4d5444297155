using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Slots;

/// <summary>The one sequence of a processor, as its publishers see it: they claim slots and publish them.</summary>
/// <remarks>
/// A claim must be published, and is at once: what follows it stays invisible until then. What a publisher leaves
/// unfilled is made void before.
/// </remarks>
internal abstract class EventRing
{
    private bool _isClosed;

    /// <param name="slots">The slots.</param>
    /// <param name="controls">Fills those without an event.</param>
    /// <param name="gate">Asked by all who have to wait for room.</param>
    /// <param name="pending">What waits for room.</param>
    /// <param name="gathering">Where single events wait for others; null where each is handled alone.</param>
    protected EventRing(
        SlotBuffer slots,
        ControlSlots controls,
        IPublishGate gate,
        IPendingSlots pending,
        InlineGathering? gathering = null)
    {
        Gathering = gathering;
        Slots = slots;
        Controls = controls;
        Gate = gate;
        Pending = pending;
    }

    public SlotBuffer Slots { get; }

    /// <summary>Fills slots without an event.</summary>
    public ControlSlots Controls { get; }

    /// <summary>Asked by all who have to wait for room.</summary>
    public IPublishGate Gate { get; }

    /// <summary>Slots that wait for room.</summary>
    public IPendingSlots Pending { get; }

    /// <summary>Whether events are still taken. Pairs with the write in <see cref="Close"/>.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>
    /// Whether <see cref="PublishInPlace"/> may be called: nobody else reads the slots, now or later.
    /// </summary>
    public virtual bool TakesInPlace => false;

    /// <summary>Where single events wait for others, to be handled with them; null where none does.</summary>
    public InlineGathering? Gathering { get; }

    protected Sequencer Sequencer => Slots.Sequencer;

    protected PublishStamps? Stamps => Controls.Stamps;

    /// <summary>Claims sequences, fewer where the ring wraps, and waits while it is full.</summary>
    /// <exception cref="ProcessorStoppedException">The processor takes no more events.</exception>
    /// <exception cref="ResultBufferFullException">The ring is full because nobody reads the results.</exception>
    public abstract SequenceRange Claim(int count, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="Claim"/>, but returns false where the ring is full.</summary>
    public abstract bool TryClaim(int count, out SequenceRange range);

    /// <summary>As <see cref="Claim"/>, for one that stays with the host until it is published or dropped.</summary>
    public virtual SequenceRange OpenClaim(int count) => Claim(count);

    /// <summary>As <see cref="OpenClaim"/>, but returns false where the ring is full.</summary>
    public virtual bool TryOpenClaim(int count, out SequenceRange range) => TryClaim(count, out range);

    /// <summary>Publishes a claim of the host's, of which the first slots were filled.</summary>
    /// <exception cref="ProcessorStoppedException">The processor has ended: none of the events is taken.</exception>
    /// <exception cref="PipelineException">A stage has failed: none of the events is taken.</exception>
    public abstract void PublishClaim(SequenceRange range, int filled);

    /// <summary>Gives a claim of the host's up. Does not throw where the processor has ended.</summary>
    public abstract void DropClaim(SequenceRange range);

    /// <summary>As <see cref="TryClaim"/>, for the engine's own slots: also when the ring is closed.</summary>
    public abstract bool TryClaimControl(out SequenceRange range);

    /// <summary>As <see cref="Claim"/>, for the engine's own slots: also when the ring is closed.</summary>
    public abstract SequenceRange ClaimControl(CancellationToken cancellationToken);

    /// <summary>Makes claimed slots visible; inline, processes them.</summary>
    public abstract void Publish(SequenceRange range);

    /// <summary>
    /// As <see cref="Publish"/>, but the first of the claimed slots were not filled: their events are processed where
    /// they are.
    /// </summary>
    public virtual void PublishInPlace(SequenceRange range, in AcceptedEvents events) =>
        throw new NotSupportedException("Only a ring without threads processes events where they are.");

    /// <summary>
    /// Completes when there may be room, or soon; then with false, and the caller asks the gate before it waits on.
    /// </summary>
    public abstract Task<bool> WaitForSpaceAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Has all handled whose publishing has returned, where calls handle what they publish: for who asks for anything.
    /// Does not throw.
    /// </summary>
    /// <param name="mayWait">Whether it waits for a call of another thread that handles them.</param>
    public virtual void Settle(bool mayWait = true)
    {
    }

    /// <summary>From now on no event is taken; slots of the engine itself still are.</summary>
    public virtual void Close()
    {
        // Pairs with the read in IsClosed. What is claimed after the Stop slot, which follows this, sees it.
        Volatile.Write(ref _isClosed, true);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Publishes one slot of the engine itself, and waits for room if it must; returns its sequence.</summary>
    public long PublishControl(SlotKind kind, long timestamp = 0, int source = 0, long measure = 0)
    {
        var range = ClaimControl(CancellationToken.None);
        PublishAs(range, kind, timestamp, source, measure);
        return range.First;
    }

    /// <summary>As <see cref="PublishControl"/>, but returns false where the ring is full.</summary>
    public bool TryPublishControl(
        SlotKind kind, out long sequence, long timestamp = 0, int source = 0, long measure = 0)
    {
        var isClaimed = TryClaimControl(out var range);
        sequence = range.First;
        if (isClaimed)
            PublishAs(range, kind, timestamp, source, measure);
        return isClaimed;
    }

    /// <summary>Publishes a claimed slot as one of the engine's own, whatever the host's clock does.</summary>
    public void PublishAs(SequenceRange range, SlotKind kind, long timestamp = 0, int source = 0, long measure = 0)
    {
        Controls.Fill(range, kind, timestamp, source, measure: measure);
        PublishFilled(range);
    }

    /// <summary>Publishes a tick, and waits for room if it must.</summary>
    public void PublishTick(in TickReading reading)
    {
        var range = ClaimControl(CancellationToken.None);
        Controls.FillTick(range, reading);
        PublishFilled(range);
    }

    /// <summary>As <see cref="PublishTick"/>, but returns false where the ring is full.</summary>
    public bool TryPublishTick(in TickReading reading)
    {
        if (!TryClaimControl(out var range))
            return false;
        Controls.FillTick(range, reading);
        PublishFilled(range);
        return true;
    }

    private void PublishFilled(SequenceRange range)
    {
        try
        {
            Stamps?.OnControl(range.First);
        }
        finally
        {
            Publish(range);
        }
    }

    /// <summary>Says why the ring is closed, if it is: a stage has failed, or the processor was stopped.</summary>
    public void ThrowIfClosed()
    {
        if (IsClosed)
            ThrowClosed();
    }

    /// <summary>Says why the ring is closed: a stage has failed, or the processor was stopped.</summary>
    [DoesNotReturn]
    protected void ThrowClosed()
    {
        throw Sequencer.Fault.ToException();
    }

    /// <summary>Makes a claim of the host's void, as the processor has ended meanwhile, and says so.</summary>
    [DoesNotReturn]
    protected void ThrowEnded(SequenceRange range)
    {
        Controls.Void(range);
        Sequencer.Publish(range);
        ThrowClosed();
    }
}
