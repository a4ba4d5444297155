using DisruptorStream.Events;
using DisruptorStream.Tests.Pipeline;

namespace DisruptorStream.Tests.Slots;

public sealed unsafe class SlotBufferTests
{
    [Theory]
    [InlineData(1, 24)]
    [InlineData(2, 32)]
    [InlineData(16, 144)]
    public void BytesReserved_AnyMeasures_IsSlotAndFurtherMeasuresOfEach(int measures, int bytesPerSlot)
    {
        var slots = new SlotRing(measures: measures).Slots;

        Assert.Equal(SlotRing.Capacity, slots.Capacity);
        Assert.Equal(SlotRing.Capacity * bytesPerSlot, slots.BytesReserved);
    }

    /// <summary>A lap of slots, wherever it begins, is as many places; a lap later they are the same.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    [InlineData(int.MaxValue - 5L)]
    [InlineData((1L << 31) + 63)]
    [InlineData(long.MaxValue - (2 * SlotRing.Capacity))]
    public void SlotAt_LapFromAnySequenceOn_IsAPlaceOfItsOwnForEach(long first)
    {
        var slots = new SlotRing(measures: 3).Slots;
        for (var sequence = first; sequence < first + SlotRing.Capacity; sequence++)
        {
            *slots.SlotAt(sequence) = new EventSlot { TimestampTicks = sequence };
            var further = slots.FurtherMeasuresAt(sequence);
            (further[0], further[1]) = (sequence + 1, sequence + 2);
        }

        for (var sequence = first; sequence < first + SlotRing.Capacity; sequence++)
        {
            Assert.Equal(sequence, slots.SlotAt(sequence)->TimestampTicks);
            var further = slots.FurtherMeasuresAt(sequence);
            Assert.Equal((sequence + 1, sequence + 2), (further[0], further[1]));
            Assert.True(slots.SlotAt(sequence) == slots.SlotAt(sequence + SlotRing.Capacity));
        }
    }

    [Fact]
    public void View_SlotsInTheMiddle_ReadsTheMeasuresOfEachEvent()
    {
        const long First = (1L << 33) + 7;
        var slots = new SlotRing(measures: 3).Slots;
        for (var sequence = First; sequence < First + 4; sequence++)
        {
            slots.SlotAt(sequence)->Measure = 10 * (sequence - First);
            slots.FurtherMeasuresAt(sequence)[1] = 100 * (sequence - First);
        }

        var view = slots.View(First + 1, 3);

        Assert.Equal((First + 1, 3, First + 3), (view.FirstSequence, view.Count, view.SequenceOf(2)));
        Assert.Equal([10, 20, 30], Read(view, 0));
        Assert.Equal([100, 200, 300], Read(view, 2));
        Assert.Equal([200, 300], Read(view.Slice(1, 2), 2));
    }

    [Theory]
    [InlineData(0, 63, 64)]
    [InlineData(60, 70, 4)]
    [InlineData((1L << 31) + 63, (1L << 31) + 64, 1)]
    [InlineData((1L << 31) + 64, (1L << 31) + 70, 7)]
    public void ContiguousCount_OverTheWrap_EndsBeforeIt(long first, long last, int expected) =>
        Assert.Equal(expected, new SlotRing().Slots.ContiguousCount(first, last));

    private static long[] Read(EventView view, int measure)
    {
        var at = view.Measure(measure, out var stride);
        var values = new long[view.Count];
        for (var index = 0; index < values.Length; index++, at += stride)
            values[index] = *(long*)at;
        return values;
    }
}
