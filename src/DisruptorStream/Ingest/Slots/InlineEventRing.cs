using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Events;
using DisruptorStream.Rings;

namespace DisruptorStream.Ingest.Slots;

/// <summary>The ring of a processor without threads: what is published is processed before the call returns.</summary>
/// <remarks>
/// One caller at a time, which is checked. A claim holds the ring until it is published, so a sink that publishes
/// into its own processor, and a second thread, get an error rather than a wrong result.
/// </remarks>
internal sealed class InlineEventRing : EventRing
{
    private ISlotConsumer? _consumer;
    private int _isBusy;

    public InlineEventRing(RingBuffer<EventSlot> slots, int measureCount)
        : base(slots, measureCount)
    {
    }

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
        ThrowIfBusy();
        _consumer!.BeforeClaim();
        Enter();
        range = Sequencer.Claim(count);
        return true;
    }

    public override bool TryClaimControl(out SequenceRange range)
    {
        Sequencer.Fault.ThrowIfFaulted();
        Enter();
        range = Sequencer.Claim(1);
        return true;
    }

    public override SequenceRange ClaimControl(CancellationToken cancellationToken)
    {
        TryClaimControl(out var range);
        return range;
    }

    public override bool TakesInPlace => true;

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

    public override Task WaitForSpaceAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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

    private void ThrowIfBusy()
    {
        if (Volatile.Read(ref _isBusy) != 0)
            ThrowBusy();
    }

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _isBusy, 1, 0) != 0)
            ThrowBusy();
    }

    // Pairs with the exchange in Enter.
    private void Leave() => Volatile.Write(ref _isBusy, 0);

    [DoesNotReturn]
    private static void ThrowBusy() => throw new InvalidOperationException(
        "The Inline processor is in the middle of another call: a claim is open, a second thread publishes, or a sink "
        + "publishes into its own processor. Finish that call first, or choose Fused execution, which takes any "
        + "number of publishers.");
}
