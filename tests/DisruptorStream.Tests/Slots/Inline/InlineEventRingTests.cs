using DisruptorStream.Events;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Tests.Slots.Inline;

public sealed class InlineEventRingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData((1L << 31) + 15)]
    public void Publish_RingThatBeginsAnywhere_HandlesEachSlotInOrderAcrossTheWrap(long first)
    {
        var ring = new InlineRing(first);
        var next = first;
        for (var round = 0; round < 12; round++)
        {
            var range = ring.Events.Claim(5);
            Assert.Equal(next, range.First);
            Assert.Equal(Math.Min(5, InlineRing.Capacity - (int)(next % InlineRing.Capacity)), range.Count);
            ring.Events.Publish(range);
            Assert.Equal($"{next}: {string.Join(' ', Enumerable.Repeat("Event", range.Count))}", ring.Log[^1]);
            next = range.Last + 1;
        }

        Assert.True(ring.Hold.IsFree);
    }

    [Fact]
    public void Claim_FromInsideTheStages_SaysSoAndTheCallOutsideGoesOn()
    {
        var ring = new InlineRing();
        string? message = null;
        ring.OnConsume = () =>
            message = Assert.Throws<InvalidOperationException>(() => ring.Events.Claim(1)).Message;

        ring.Events.Publish(ring.Events.Claim(1));

        Assert.Contains("call of this very thread", message, StringComparison.Ordinal);
        ring.Events.Publish(ring.Events.Claim(1));
        Assert.Equal(["0: Event", "1: Event"], ring.Log);
    }

    [Fact]
    public void Claim_WhileAClaimIsOpen_SaysWhoseItIs()
    {
        var ring = new InlineRing();
        ring.Events.OpenClaim(1);

        var own = Assert.Throws<InvalidOperationException>(() => ring.Events.Claim(1));
        Exception? others = null;
        var other = new Thread(() => others = Record.Exception(() => ring.Events.Claim(1)));
        other.Start();
        Assert.True(other.Join(Processors.Patience));

        Assert.Contains("a claim of this thread is open", own.Message, StringComparison.Ordinal);
        Assert.Contains(
            "of another thread",
            Assert.IsType<InvalidOperationException>(others).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ring.Events.ClaimControl(CancellationToken.None));
        Assert.False(ring.Events.TryClaimControl(out _));
    }

    [Fact]
    public void Claim_TickIsDue_ComesFirstAndIsToldWithTheRingFree()
    {
        var ring = new InlineRing { IsTickDue = true };

        var range = ring.Events.Claim(1);
        ring.Events.Publish(range);

        Assert.Equal(1, range.First);
        Assert.Equal(["0: Tick", "told, free", "1: Event"], ring.Log);
    }

    [Fact]
    public void Claim_ResultsMustBeReadFirst_TakesNothing()
    {
        var ring = new InlineRing { IsTickDue = true, OnAsk = () => throw new TimeoutException("full") };

        Assert.Throws<TimeoutException>(() => ring.Events.Claim(1));

        Assert.Empty(ring.Log);
        Assert.True(ring.Hold.IsFree);
        Assert.Equal(-1, ring.Events.Slots.Sequencer.LastClaimed);
    }

    [Fact]
    public void PublishClaim_PartlyFilled_MakesTheRestVoid()
    {
        var ring = new InlineRing();

        ring.Events.PublishClaim(ring.Events.OpenClaim(3), filled: 1);

        Assert.Equal(["0: Event Void Void"], ring.Log);
        Assert.Equal(1, ring.Figures.EventsClaimed);
    }

    [Fact]
    public void DropClaim_Open_IsVoidAndTheRingIsFree()
    {
        var ring = new InlineRing();

        ring.Events.DropClaim(ring.Events.OpenClaim(2));

        Assert.Equal(["0: Void Void"], ring.Log);
        Assert.True(ring.Hold.IsFree);
    }

    [Fact]
    public void PublishClaim_ProcessorHasEndedMeanwhile_ThrowsAndHandlesNothing()
    {
        var ring = new InlineRing();
        var range = ring.Events.OpenClaim(2);
        ring.Fault.TryStop();
        ring.Hold.End();

        Assert.Throws<InvalidOperationException>(() => ring.Events.PublishClaim(range, filled: 2));

        Assert.Empty(ring.Log);
        Assert.Equal(0, ring.Figures.EventsClaimed);
        Assert.True(ring.Hold.HasEnded);
    }

    [Fact]
    public void DropClaim_ProcessorHasEndedMeanwhile_DoesNotThrow()
    {
        var ring = new InlineRing();
        var range = ring.Events.OpenClaim(2);
        ring.Hold.End();

        ring.Events.DropClaim(range);

        Assert.Empty(ring.Log);
    }

    [Fact]
    public void OpenClaim_ProcessorEndsDuringTheTick_Throws()
    {
        var ring = new InlineRing();
        ring.OnConsume = ring.Hold.End;
        ring.IsTickDue = true;

        Assert.Throws<InvalidOperationException>(() => ring.Events.OpenClaim(1));

        Assert.True(ring.Hold.Ended.IsCompleted);
        Assert.Equal(["0: Tick", "told, held"], ring.Log);
    }

    /// <summary>The end finds the ring held, so the call itself has to give it up.</summary>
    [Fact]
    public void OpenClaim_ProcessorEndsDuringTheClaim_LeavesTheRingSoThatItEnds()
    {
        var ring = new InlineRing { KeepsSlots = true };
        ring.Events.Publish(ring.Events.Claim(InlineRing.Capacity));
        ring.OnWait = () =>
        {
            ring.Hold.End();
            Assert.False(ring.Hold.HasEnded);
            ring.Release();
        };

        Assert.Throws<InvalidOperationException>(() => ring.Events.OpenClaim(1));

        Assert.True(ring.Hold.Ended.IsCompleted);
        Assert.Equal(InlineRing.Capacity, ring.Figures.EventsClaimed);
    }

    [Fact]
    public void Publish_StageThrows_FreesTheRing()
    {
        var ring = new InlineRing { OnConsume = () => throw new TimeoutException("stage") };

        Assert.Throws<TimeoutException>(() => ring.Events.Publish(ring.Events.Claim(1)));

        Assert.True(ring.Hold.IsFree);
    }

    [Fact]
    public void Publish_SlotWaitsForRoom_IsPublishedWhenTheCallHasLeft()
    {
        var ring = new InlineRing();
        ring.OnConsume = () => ring.Waiting = SlotKind.SourceRemoved;

        ring.Events.Publish(ring.Events.Claim(2));

        Assert.Equal(["0: Event Event", "2: SourceRemoved"], ring.Log);
    }

    [Fact]
    public void Publish_EndsWithASlotThatWaits_IsNotPublished()
    {
        var ring = new InlineRing();
        ring.OnConsume = () =>
        {
            ring.Waiting = SlotKind.SourceRemoved;
            ring.Hold.End();
        };

        ring.Events.Publish(ring.Events.Claim(1));

        Assert.Equal(["0: Event"], ring.Log);
        Assert.True(ring.Hold.HasEnded);
    }

    [Fact]
    public void Claim_Closed_ThrowsAndTheEnginesOwnSlotsStillCome()
    {
        var ring = new InlineRing();
        ring.Events.Close();

        Assert.Throws<InvalidOperationException>(() => ring.Events.Claim(1));

        Assert.Equal(0, ring.Events.PublishControl(SlotKind.Stop));
        Assert.Equal(["0: Stop"], ring.Log);
    }

    [Fact]
    public void Claim_StageHasFailed_ThrowsThatAndLeavesTheRingFree()
    {
        var ring = new InlineRing();
        ring.Fault.TrySet(new TimeoutException("stage"), "shard 0", 3);

        var thrown = Assert.Throws<InvalidOperationException>(() => ring.Events.Claim(1));

        Assert.IsType<TimeoutException>(thrown.InnerException);
        Assert.Throws<InvalidOperationException>(() => ring.Events.TryClaimControl(out _));
        Assert.True(ring.Hold.IsFree);
    }

    /// <summary>The fault comes between the look at it and the claim.</summary>
    [Fact]
    public void Claim_StageFailsDuringTheCall_LeavesTheRingFree()
    {
        var ring = new InlineRing();
        ring.OnAsk = () => ring.Fault.TryStop();

        Assert.Throws<InvalidOperationException>(() => ring.Events.Claim(1));

        Assert.True(ring.Hold.IsFree);
    }

    [Fact]
    public unsafe void PublishInPlace_Events_AreHandledWhereTheyAre()
    {
        var ring = new InlineRing(first: 20);
        var slots = stackalloc EventSlot[2];
        var range = ring.Events.Claim(3);

        ring.Events.PublishInPlace(
            range, new AcceptedEvents(new EventView(slots, null, 0, range.First, 2), 4, new TimestampRange(1, 2)));

        Assert.Equal(["20: 2 in place, up to 22"], ring.Log);
        Assert.True(ring.InPlace[0].View.Slots == slots);
        Assert.Equal((4, new TimestampRange(1, 2)), (ring.InPlace[0].Source, ring.InPlace[0].Timestamps));
        Assert.True(ring.Hold.IsFree);
    }

    [Fact]
    public void Publish_HostsClockThrows_HandlesTheSlotsAllTheSame()
    {
        var ring = new InlineRing(stamps: new PublishStamps(new BrokenClock()));

        Assert.Throws<TimeZoneNotFoundException>(() => ring.Events.Publish(ring.Events.Claim(1)));
        Assert.Throws<TimeZoneNotFoundException>(
            () => ring.Events.PublishInPlace(ring.Events.Claim(1), default(AcceptedEvents)));
        Assert.Throws<TimeZoneNotFoundException>(() => ring.Events.PublishControl(SlotKind.Flush));

        Assert.Equal(["0: Event", "0: 0 in place, up to 1", "2: Flush"], ring.Log);
        Assert.True(ring.Hold.IsFree);
    }
}
