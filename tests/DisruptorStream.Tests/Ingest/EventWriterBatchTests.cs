using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Tests.Pipeline;
using DisruptorStream.Tests.Slots.Inline;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Ingest;

/// <summary>Many events at a time: copied into a ring with threads, handled in place in one without.</summary>
public sealed unsafe class EventWriterBatchTests
{
    private readonly KeyTable<string> _keys = new(20);
    private readonly KeyHandle[] _handles;

    public EventWriterBatchTests() => _handles = [.. Enumerable.Range(0, 4).Select(index => _keys.Pin($"key {index}"))];

    [Fact]
    public void Publish_MoreEventsThanALap_FillsTheSlotsInOrderAcrossTheWrap()
    {
        var ring = new SlotRing(first: (1L << 31) + 40);
        KeyedEvent[] events = [.. Enumerable.Range(0, 80).Select(index => Event(index % 4, index, -index))];

        NewWriter(ring.Events).Publish(events, source: 6);

        // The last lap is what lies there now.
        for (var index = 80 - SlotRing.Capacity; index < 80; index++)
        {
            var slot = *ring.Slots.SlotAt((1L << 31) + 40 + index);
            Assert.Equal(
                (SlotKind.Event, DropReason.None, index, index % 4, (ushort)6),
                (slot.Kind, slot.Reason, slot.TimestampTicks, slot.KeyId, slot.SourceId));
            Assert.Equal(0.0 - index, BitConverter.Int64BitsToDouble(slot.Measure));
        }

        Assert.Equal(80, ring.Slots.Sequencer.LastClaimed + 1 - ((1L << 31) + 40));
    }

    [Fact]
    public void Publish_EventsThatNeedACloserLook_AreJudgedInTheirPlaces()
    {
        var ring = new SlotRing();
        var writer = NewWriter(ring.Events);

        writer.Publish(
            [Event(0, 1), Event(1, 5000), Event(2, 2, double.NaN), Event(3, 3, -0.0), Event(0, 4)], source: 0);

        Assert.Equal(
            ["Event 1", "Refused 5000 TimestampOutOfRange", "Refused 2 NotFinite", "Event 3", "Event 4"],
            Read(ring.Slots, 0, 5));
        Assert.Equal(0, ring.Slots.SlotAt(3)->Measure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Publish_EventThatCannotBeUsed_PublishesThoseBeforeItAndVoidsTheRest(bool inPlace)
    {
        var inline = new InlineRing();
        EventRing ring = inPlace ? inline.Events : new SlotRing().Events;
        KeyedEvent[] events = [.. Enumerable.Range(0, 8).Select(index => Event(index < 6 ? 0 : 3, index))];
        _handles[3].Dispose();

        var thrown = Assert.Throws<ArgumentException>(() => NewWriter(ring).Publish(events, source: 0));

        Assert.Contains("The event at index 6", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("The 6 events before it were published", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(7, ring.Slots.Sequencer.HighestPublished(0));
        Assert.Equal(["Event 4", "Event 5", "Void 0", "Void 0"], Read(ring.Slots, 4, 4));
        Assert.Equal(inPlace ? ["0: 4 in place, up to 7"] : [], inline.Log);
    }

    [Fact]
    public void Publish_EventOfAnotherProcessor_IsRefusedAndNamed()
    {
        var ring = new SlotRing();
        var other = new KeyTable<string>(5);

        var thrown = Assert.Throws<ArgumentException>(() => NewWriter(ring.Events).Publish(
            [Event(0, 1), new KeyedEvent(other.Pin("key 0"), 2, 1)], source: 0));

        Assert.Contains("index 1", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("another processor", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Publish_InPlace_LeavesWholeBlocksWhereTheyAreAndFillsTheRest()
    {
        var inline = new InlineRing(first: 32);
        KeyedEvent[] events = [.. Enumerable.Range(0, 10).Select(index => Event(index % 4, 30 - index))];

        NewWriter(inline.Events).Publish(events, source: 9);

        var accepted = Assert.Single(inline.InPlace);
        Assert.Equal((8, 9, new TimestampRange(23, 30)), (accepted.View.Count, accepted.Source, accepted.Timestamps));
        Assert.Equal(["32: 8 in place, up to 41"], inline.Log);
        Assert.Equal(["Event 22", "Event 21"], Read(inline.Events.Slots, 40, 2));
    }

    [Theory]
    [InlineData("time", 0)]
    [InlineData("minus zero", 0)]
    [InlineData("not finite", 1)]
    [InlineData("key above the pinned ones", 0)]
    public void Publish_InPlaceWithAnEventThatIsNotOrdinary_CopiesFromItsBlockOn(string what, int refused)
    {
        var inline = new InlineRing();
        _keys.Intern("not pinned");
        var above = _keys.Pin("above");
        KeyedEvent[] events = [.. Enumerable.Range(0, 8).Select(index => Event(0, index))];
        events[5] = what switch
        {
            "time" => Event(0, -1000),
            "minus zero" => Event(0, 5, -0.0),
            "not finite" => Event(0, 5, double.NegativeInfinity),
            _ => new KeyedEvent(above, 5, 1),
        };

        NewWriter(inline.Events).Publish(events, source: 0);

        // The first possible time is an ordinary one.
        var inPlace = what == "time" ? 8 : 4;
        Assert.Equal([$"0: {inPlace} in place, up to 7"], inline.Log);
        if (inPlace == 8)
            return;
        var slot = *inline.Events.Slots.SlotAt(5);
        Assert.Equal(refused == 1 ? SlotKind.Refused : SlotKind.Event, slot.Kind);
        Assert.Equal(what == "minus zero" ? 0 : events[5].Value, BitConverter.Int64BitsToDouble(slot.Measure));
    }

    [Fact]
    public void Publish_InPlaceUnderProcessingTime_CopiesAndStamps()
    {
        var inline = new InlineRing();

        NewWriter(inline.Events, processingTime: true).Publish(
            [Event(0, 1), Event(0, 2), Event(0, 3), Event(0, 4)], source: 0);

        Assert.Equal(["0: Event Event Event Event"], inline.Log);
        Assert.Equal(["Event 500", "Event 500"], Read(inline.Events.Slots, 2, 2));
    }

    [Fact]
    public void Publish_PartsBesideEachOther_GivesEachEventItsRowOfMeasures()
    {
        var ring = new SlotRing(measures: 3);
        long[] measures = [.. Enumerable.Range(0, 9).Select(index => BitConverter.DoubleToInt64Bits(index))];

        var done = 0;

        NewWriter(ring.Events, measures: 3).Publish(["a", "b", "a"], [1, 5000, 3], measures, source: 2, ref done);

        Assert.Equal(3, done);
        Assert.Equal(["Event 1", "Refused 5000 TimestampOutOfRange", "Event 3"], Read(ring.Slots, 0, 3));
        for (var index = 0; index < 3; index++)
        {
            Assert.Equal(3.0 * index, BitConverter.Int64BitsToDouble(ring.Slots.SlotAt(index)->Measure));
            Assert.Equal((3.0 * index) + 2, BitConverter.Int64BitsToDouble(ring.Slots.FurtherMeasuresAt(index)[1]));
        }

        Assert.Equal(ring.Slots.SlotAt(0)->KeyId, ring.Slots.SlotAt(2)->KeyId);
    }

    [Fact]
    public void Publish_HashCodeThrowsInTheMiddle_PublishesThoseBeforeItAndVoidsTheRest()
    {
        var ring = new SlotRing();
        var writer = new EventWriter<Moody>(
            ring.Events, new KeyTable<Moody>(10), new ProcessingClock(new FakeTimeProvider()), Rules(1, false));

        var done = 0;

        Assert.Throws<TimeoutException>(
            () => writer.Publish([new(1), new(2), new(-1), new(3)], [1, 2, 3, 4], [0, 0, 0, 0], source: 0, ref done));

        Assert.Equal(2, done);
        Assert.Equal(["Event 1", "Event 2", "Void 0", "Void 0"], Read(ring.Slots, 0, 4));
        Assert.Equal(3, ring.Slots.Sequencer.HighestPublished(0));
        Assert.Equal(2, ring.Figures.EventsClaimed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PublishWhileRoom_LessRoomThanEvents_FillsTheRingAcrossTheWrapAndSaysHowMany(bool beside)
    {
        var first = (1L << 31) + 40;
        var ring = new SlotRing(first);
        ring.Slots.Sequencer.AddGatingSequences(new Sequence(first - 1));
        var writer = NewWriter(ring.Events);
        KeyedEvent[] events = [.. Enumerable.Range(0, 80).Select(index => Event(0, index))];
        var done = 10;

        if (beside)
        {
            var times = Enumerable.Range(0, 80).Select(index => (long)index).ToArray();
            writer.PublishWhileRoom(Enumerable.Repeat("a", 80).ToArray(), times, new long[80], source: 0, ref done);
        }
        else
        {
            writer.PublishWhileRoom(events, source: 0, ref done);
        }

        Assert.Equal(10 + SlotRing.Capacity, done);
        Assert.Equal(["Event 10", "Event 11"], Read(ring.Slots, first, 2));
        Assert.Equal(["Event 73"], Read(ring.Slots, first + SlotRing.Capacity - 1, 1));
    }

    private static string[] Read(SlotBuffer slots, long first, int count)
    {
        var texts = new string[count];
        for (var index = 0; index < count; index++)
        {
            var slot = *slots.SlotAt(first + index);
            var reason = slot.Reason == DropReason.None ? "" : $" {slot.Reason}";
            texts[index] = $"{slot.Kind} {slot.TimestampTicks}{reason}";
        }

        return texts;
    }

    private static PublishRules Rules(int measures, bool processingTime) => new()
    {
        Measures = [.. Enumerable.Range(0, measures).Select(
            index => new MeasureDefinition($"m{index}", index, MeasureType.Double))],
        FirstTicks = -1000,
        LastTicks = 1000,
        FutureSkewTicks = null,
        NonFinite = NonFinitePolicy.RejectEvent,
        ProcessingTime = processingTime,
    };

    private KeyedEvent Event(int key, long time, double value = 1) => new(_handles[key], time, value);

    private EventWriter<string> NewWriter(EventRing ring, int measures = 1, bool processingTime = false) => new(
        ring,
        _keys,
        new ProcessingClock(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddTicks(500))),
        Rules(measures, processingTime));

    /// <summary>A key whose hash code throws below zero.</summary>
    private sealed record Moody(int Number)
    {
        public override int GetHashCode() => Number < 0 ? throw new TimeoutException("hash") : Number;
    }
}
