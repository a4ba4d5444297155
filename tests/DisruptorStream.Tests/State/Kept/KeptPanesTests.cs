using CsCheck;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.State.Kept;
using DisruptorStream.Tests.Emission;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.State.Kept;

public sealed unsafe class KeptPanesTests
{
    private static readonly MetricDefinition[] Metrics = [new CountMetric("count"), new CountMetric("more")];

    /// <summary>A key's panes are the newest of each window and key, in the order of the first ones.</summary>
    [Fact]
    public void Of_AnyPanes_AreTheNewestInTheOrderOfTheFirst() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[1, 40]).Array[1, 100].Sample(
            panes =>
            {
                var (kept, feed) = NewKept(latenessTicks: 0);
                var model = new List<(int Key, int End, int Value)>();
                foreach (var (value, (key, end)) in panes.Index())
                {
                    var place = model.FindIndex(pane => pane.Key == key && pane.End == end);
                    var view = ViewOf(feed, value, key, end);
                    Assert.Equal(place >= 0, kept.Put(view, 0, SliceOf(end)));
                    if (place >= 0)
                        model[place] = (key, end, value);
                    else
                        model.Add((key, end, value));
                    Assert.Equal(model.Count, kept.Count);
                    var expected = model.Where(
                        pane => pane.Key / 3 == key / 3 && SliceOf(pane.End) == SliceOf(end));
                    Assert.Equal(
                        expected.Select(pane => (long)pane.Value), Values(kept.Of(SliceOf(end), key / 3)));
                }
            });

    [Fact]
    public void Forget_WatermarkBelowTheExpiry_KeepsTheSlice()
    {
        var (kept, feed) = NewKept(latenessTicks: 5);
        kept.Put(ViewOf(feed, 1, 0, 7), 0, SliceOf(7));
        kept.Put(ViewOf(feed, 2, 0, 17), 0, SliceOf(17));
        kept.Forget(14);
        Assert.Equal(2, kept.Count);
        kept.Forget(15);
        Assert.Equal(1, kept.Count);
        Assert.False(kept.Put(ViewOf(feed, 3, 0, 7), 0, SliceOf(7)));
        kept.Forget(long.MaxValue);
        Assert.Equal(0, kept.Count);
    }

    [Fact]
    public void Put_SteadyState_AllocatesNothing()
    {
        var (kept, feed) = NewKept(latenessTicks: 0);
        Run(0);
        Run(500);
        var (before, reserved) = (GC.GetAllocatedBytesForCurrentThread(), kept.BytesReserved);
        Run(1000);
        Assert.Equal((before, reserved), (GC.GetAllocatedBytesForCurrentThread(), kept.BytesReserved));

        void Run(int from)
        {
            for (var slice = from; slice < from + 500; slice++)
            {
                for (var key = 0; key < 30; key++)
                    kept.Put(ViewOf(feed, key, key % 20, (slice * 10) + 7), 0, slice);
                _ = kept.Of(slice, 1);
                kept.Forget(slice * 10);
            }
        }
    }

    private static long SliceOf(int end) => (end - 1) / 10;

    private static (KeptPanes Kept, PaneFeed Feed) NewKept(long latenessTicks) => (
        new KeptPanes(new FixedGrid(FixedWindows.Tumbling(10)), latenessTicks, Metrics.Length),
        new PaneFeed(
            Metrics, new PaneInputPlan(0, PaneInputPlan.WholeKey) { IncludesLate = true }, static keyId => keyId / 3));

    private static EventView ViewOf(PaneFeed feed, int value, int key, int end)
    {
        feed.Clear();
        Span<long> values = [value, -value];
        feed.Add(Rows.Pane(value, end, end - 5, key), values);
        return feed.Take();
    }

    private static List<long> Values(EventView panes)
    {
        var values = new List<long>();
        for (var pane = 0; pane < panes.Count; pane++)
        {
            Assert.Equal(-panes.Slots[pane].Measure, panes.FurtherMeasures[pane * panes.FurtherMeasureCount]);
            values.Add(panes.Slots[pane].Measure);
        }

        return values;
    }
}
