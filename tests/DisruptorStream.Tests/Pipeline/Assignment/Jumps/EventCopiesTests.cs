using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;

namespace DisruptorStream.Tests.Pipeline.Assignment.Jumps;

public sealed unsafe class EventCopiesTests
{
    [Fact]
    public void View_ManyCopies_EachIsWhatWasCopiedWithItsMeasures()
    {
        var copies = new EventCopies(furtherMeasureCount: 2, readers: 1);
        var places = new List<int>();
        for (var i = 0; i < 1000; i++)
        {
            var slot = new EventSlot { TimestampTicks = i, Measure = 2 * i, KeyId = i };
            places.Add(copies.Add(slot, [3 * i, 4 * i], sequence: 5 * i));
        }

        Assert.Equal(1000, places.Distinct().Count());
        for (var i = 0; i < 1000; i++)
        {
            var view = copies.View(places[i], cause: 7000);
            Assert.Equal((i, 2 * i, i), (view.Slots->TimestampTicks, view.Slots->Measure, view.Slots->KeyId));
            Assert.Equal((3 * i, 4 * i), (view.FurtherMeasures[0], view.FurtherMeasures[1]));
            Assert.Equal((5 * i, 7000), (view.SequenceOf(0), view.CauseOf(0)));
            Assert.Equal(7000, view.Slice(0, 1).CauseOf(0));
        }
    }
}
