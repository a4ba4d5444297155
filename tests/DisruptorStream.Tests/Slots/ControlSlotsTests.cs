using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;
using DisruptorStream.Tests.Pipeline;

namespace DisruptorStream.Tests.Slots;

public sealed unsafe class ControlSlotsTests
{
    [Fact]
    public void Fill_SlotThatHeldAnEvent_LeavesNothingOfIt()
    {
        var ring = new SlotRing(first: 70);
        var range = ring.Events.Claim(1);
        *ring.Slots.SlotAt(70) = new EventSlot
        {
            TimestampTicks = 1,
            Measure = 2,
            KeyId = 3,
            SourceId = 4,
            Kind = SlotKind.Refused,
            Reason = DropReason.Late,
        };

        ring.Controls.Fill(range, SlotKind.SourceWatermark, timestamp: 50, source: 65_535);

        var slot = *ring.Slots.SlotAt(70);
        Assert.Equal(
            (SlotKind.SourceWatermark, 50, 0, -1, (ushort)65_535, DropReason.None),
            (slot.Kind, slot.TimestampTicks, slot.Measure, slot.KeyId, slot.SourceId, slot.Reason));
        Assert.Equal(0, ring.Figures.EventsClaimed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public void VoidRest_SomeWereFilled_MakesTheOthersVoidAndCountsThem(int filled)
    {
        // The claim goes on in the same lap, in front of a slot of somebody else.
        var ring = new SlotRing(first: (1L << 31) + 10);
        var range = ring.Events.Claim(5);
        var next = ring.Events.Claim(1);

        ring.Controls.VoidRest(range, filled);

        for (var sequence = range.First; sequence <= next.Last; sequence++)
        {
            var isEvent = sequence < range.First + filled || sequence == next.First;
            Assert.Equal(isEvent ? SlotKind.Event : SlotKind.Void, ring.Slots.SlotAt(sequence)->Kind);
        }

        Assert.Equal(filled + 1, ring.Figures.EventsClaimed);
    }

    [Fact]
    public void TryPublishFromWorker_RoomThenFull_PublishesOnceAndNeverWaits()
    {
        var ring = new SlotRing();
        var consumer = new Sequence();
        ring.Slots.Sequencer.AddGatingSequences(consumer);
        ring.Events.Publish(ring.Events.Claim(SlotRing.Capacity - 1));

        Assert.True(ring.Controls.TryPublishFromWorker(SlotKind.KeyRetiring, keyId: 9, column: 2));
        Assert.False(ring.Controls.TryPublishFromWorker(SlotKind.KeyRetiring, keyId: 10, column: 2));

        var slot = *ring.Slots.SlotAt(SlotRing.Capacity - 1);
        Assert.Equal((SlotKind.KeyRetiring, 9, 2), (slot.Kind, slot.KeyId, slot.SourceId));
        Assert.Equal(SlotRing.Capacity - 1, ring.Slots.Sequencer.HighestPublished(0));
    }

    /// <summary>A claim that is never published would end the ring.</summary>
    [Fact]
    public void TryPublishFromWorker_ClockThrows_PublishesAllTheSame()
    {
        var ring = new SlotRing(stamps: new PublishStamps(new BrokenClock()));

        Assert.Throws<TimeZoneNotFoundException>(() => ring.Controls.TryPublishFromWorker(SlotKind.KeyRetiring, 1, 0));

        Assert.True(ring.Slots.Sequencer.IsPublished(0));
    }

    [Fact]
    public void Fill_StopSlot_IsWhereTheBacklogEnds()
    {
        var ring = new SlotRing(first: 9);
        ring.Slots.Sequencer.AddGatingSequences(new Sequence());
        ring.Events.PublishControl(SlotKind.Stop);
        ring.Events.PublishControl(SlotKind.Flush);

        Assert.Equal(1, ring.Figures.Backlog);
    }
}
