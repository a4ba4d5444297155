using DisruptorStream.Events;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Rings;
using DisruptorStream.Rings.Waiting;
using DisruptorStream.Slots;

namespace DisruptorStream.Ingest.Replay;

/// <summary>A ring that nobody reads: what is published is copied to where somebody wants it.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed unsafe class RemakingRing : EventRing
{
    private const int Capacity = 1024;

    private EventView _target;
    private int _filled;

    private RemakingRing(SlotBuffer slots, SourceRegistry sources)
        : base(
            slots,
            new ControlSlots(slots, new SlotFigures(slots.Sequencer), stamps: null),
            new NoGate(),
            sources.Removals)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="furtherWords">The words beside each slot.</param>
    /// <param name="sources">Its sources.</param>
    public static RemakingRing Of(int furtherWords, SourceRegistry sources)
    {
        var sequencer = new SingleProducerSequencer(
            Capacity, new BlockingWaitStrategy(), new BlockingWaitStrategy(), new RingFault());
        return new RemakingRing(new SlotBuffer(sequencer, furtherWords), sources);
    }

    /// <summary>From now on what is published goes there, one behind the other, as much as there is room.</summary>
    public void Begin(in EventView target)
    {
        _target = target;
        _filled = 0;
    }

    /// <summary>Ends that.</summary>
    public void End() => _target = default;

    // Nobody holds it back, so there is always room.
    public override SequenceRange Claim(int count, CancellationToken cancellationToken = default) =>
        Sequencer.Claim(count, cancellationToken);

    public override bool TryClaim(int count, out SequenceRange range) => Sequencer.TryClaim(count, out range);

    public override void PublishClaim(SequenceRange range, int filled)
    {
        Controls.VoidRest(range, filled);
        Publish(range);
    }

    public override void DropClaim(SequenceRange range) => PublishClaim(range, 0);

    public override bool TryClaimControl(out SequenceRange range) => Sequencer.TryClaim(1, out range);

    public override SequenceRange ClaimControl(CancellationToken cancellationToken) =>
        Sequencer.Claim(1, cancellationToken);

    public override void Publish(SequenceRange range)
    {
        var count = Math.Min(range.Count, _target.Count - _filled);
        if (count > 0)
        {
            var room = _target.Slice(_filled, count);
            Slots.View(range.First, count).CopyTo(room.Slots, room.FurtherMeasures);
            _filled += count;
        }

        Sequencer.Publish(range);
    }

    public override Task<bool> WaitForSpaceAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    private sealed class NoGate : IPublishGate
    {
        public StallTimer BeginWait() => default;

        public void ThrowIfBlocked(ref StallTimer timer)
        {
        }
    }
}
