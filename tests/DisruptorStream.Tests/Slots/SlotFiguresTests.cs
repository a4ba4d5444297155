using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Tests.Pipeline;
using DisruptorStream.Tests.Slots.Inline;

namespace DisruptorStream.Tests.Slots;

public sealed class SlotFiguresTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    [InlineData((1L << 31) + 5)]
    public void EventsClaimed_RingThatGoesOnAtASequence_CountsOnFromTheEventsBefore(long first)
    {
        var ring = new SlotRing(first);
        var figures = new SlotFigures(ring.Slots.Sequencer, eventsBefore: first / 2);
        Assert.Equal(first / 2, figures.EventsClaimed);

        ring.Events.Claim(5);
        figures.CountWithoutEvent(2);

        Assert.Equal((first / 2) + 3, figures.EventsClaimed);
    }

    [Fact]
    public void Backlog_RingThatBeginsInTheMiddleOfALap_IsWhatNobodyHasHandled()
    {
        var (ring, consumer) = Gated(first: (1L << 32) + 37);
        Assert.Equal(0, ring.Figures.Backlog);

        var range = ring.Events.Claim(6);
        Assert.Equal(6, ring.Figures.Backlog);
        consumer.SetRelease(range.First + 1);

        Assert.Equal(4, ring.Figures.Backlog);
    }

    [Fact]
    public void FirstOpenClaim_ClaimsPublishedOutOfOrder_IsTheOldestThatIsNot()
    {
        var (ring, consumer) = Gated(first: (1L << 31) + 60);
        Assert.Null(ring.Figures.FirstOpenClaim);
        var first = ring.Events.Claim(2);
        var second = ring.Events.Claim(3);
        ring.Events.Publish(second);
        Assert.Equal(first.First, ring.Figures.FirstOpenClaim);

        ring.Events.Publish(first);
        Assert.Null(ring.Figures.FirstOpenClaim);
        consumer.SetRelease(first.Last);
        var third = ring.Events.Claim(1);

        Assert.Equal(third.First, ring.Figures.FirstOpenClaim);
    }

    [Fact]
    public void FirstOpenClaim_RingWithoutThreads_IsTheClaimOfTheHostAlone()
    {
        var ring = new InlineRing(first: 40);
        Assert.Null(ring.Figures.FirstOpenClaim);
        var range = ring.Events.Claim(2);
        Assert.Null(ring.Figures.FirstOpenClaim);
        ring.Events.Publish(range);

        range = ring.Events.OpenClaim(3);

        Assert.Equal(42, ring.Figures.FirstOpenClaim);
        ring.Events.DropClaim(range);
        Assert.Null(ring.Figures.FirstOpenClaim);
    }

    [Fact]
    public void Backlog_NothingGatesTheRing_IsNone()
    {
        var ring = new SlotRing();
        ring.Events.PublishControl(SlotKind.Flush);

        Assert.Equal(0, ring.Figures.Backlog);
    }

    private static (SlotRing Ring, Sequence Consumer) Gated(long first)
    {
        var ring = new SlotRing(first);
        var consumer = new Sequence();
        ring.Slots.Sequencer.AddGatingSequences(consumer);
        return (ring, consumer);
    }

    /// <summary>Events that waited when the processor ended were published, and are not handled.</summary>
    [Fact]
    public void EventsClaimed_EventsWaitedAtTheEnd_AreCounted()
    {
        var ring = new SlotRing();
        var hold = new InlineHold();
        var gathering = new InlineGathering(hold, SlotRing.Capacity);
        var figures = new SlotFigures(ring.Slots.Sequencer, hold: hold, gathering: gathering);
        var alike = default(AlikeEvents);
        alike.Expect(source: 1, startTicks: 0, endTicks: 10);
        hold.AllowShort();
        gathering.Expect(alike, next: 0);

        Assert.False(gathering.TryEnter(10, 1, out _));
        Assert.False(gathering.TryEnter(9, 2, out _));
        Assert.True(gathering.TryEnter(9, 1, out var sequence));
        gathering.Leave(isFilled: true);
        var (claimed, backlog) = (figures.EventsClaimed, figures.Backlog);
        hold.End();

        Assert.Equal((0L, 0L, 0L), (sequence, claimed, backlog));
        Assert.Equal((1L, 1L), (figures.EventsClaimed, figures.Backlog));
        Assert.False(gathering.TryEnter(9, 1, out _));
    }
}
