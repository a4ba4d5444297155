using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.State.Kept;
using DisruptorStream.State.Panes;
using DisruptorStream.Tests.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Pipeline;

public sealed unsafe class PaneFeedTests
{
    private static readonly PaneInputPlan OnTime = new(0, PaneInputPlan.WholeKey);

    private static readonly MetricDefinition[] Metrics =
    [
        new CountMetric("count"), new MeasureMetric("sum", MetricKind.Sum, new("x", 0, MeasureType.Double)),
    ];

    [Fact]
    public void Add_RowsThatAreNoPaneOnTime_AreLeftOut()
    {
        var feed = new PaneFeed(Metrics, OnTime, keyId => keyId + 100);
        foreach (var timing in Enum.GetValues<PaneTiming>())
            feed.Add(Rows.Pane(5, key: 7, timing: timing), Rows.Values(3, 1.5));
        feed.Add(Rows.Dropped(5), Rows.Values(0, 0));
        feed.Add(Rows.Pane(5, flags: ResultFlags.KeyReleased), Rows.Values(0, 0));

        var pane = feed.Take();
        Assert.Equal((1, 5, 9, 107, 3), (
            pane.Count, pane.SequenceOf(0), pane.Slots[0].TimestampTicks, pane.Slots[0].KeyId, pane.Slots[0].Measure));
        Assert.Equal((1, 1.5), (pane.FurtherMeasureCount, BitConverter.Int64BitsToDouble(pane.FurtherMeasures[0])));
        Assert.Equal(long.MaxValue, feed.NextSequence);
    }

    /// <summary>Panes of one slot and one time come together, however many; others one after another.</summary>
    [Fact]
    public void Take_PanesOfSeveralSlotsAndTimes_ComeInRuns()
    {
        var feed = new PaneFeed(Metrics, OnTime, keyId => keyId);
        for (var key = 0; key < 700; key++)
            feed.Add(Rows.Pane(5, key: key), Rows.Values(key, key));
        feed.Add(Rows.Pane(5, end: 20), Rows.Values(1, 1));
        feed.Add(Rows.Pane(6, end: 20), Rows.Values(2, 2));

        var runs = new List<(long Sequence, long Time, int Count, double Last)>();
        while (feed.NextSequence != long.MaxValue)
        {
            var run = feed.Take();
            var last = BitConverter.Int64BitsToDouble(run.FurtherMeasures[run.Count - 1]);
            runs.Add((run.FirstSequence, run.Slots[0].TimestampTicks, run.Count, last));
        }

        Assert.Equal([(5, 9, 700, 699), (5, 19, 1, 1), (6, 19, 1, 2)], runs);
        feed.Clear();
        feed.Add(Rows.Pane(8), Rows.Values(4, 4));
        Assert.Equal(8, feed.NextSequence);
    }

    [Fact]
    public void Add_LatePanesToo_BringTheirOrigin()
    {
        var feed = new PaneFeed(Metrics, OnTime with { IncludesLate = true }, keyId => keyId / 2);
        feed.Add(Rows.Pane(5, end: 30, start: 10, key: 7), Rows.Values(3, 1.5));
        feed.Add(Rows.Pane(5, end: 30, start: 20, key: 6, timing: PaneTiming.Late), Rows.Values(4, 2.5));
        feed.Add(Rows.Pane(5, end: 30, key: 6, timing: PaneTiming.Retract), Rows.Values(4, 2.5));

        var panes = feed.Take();
        Assert.Equal(
            [new PaneOrigin(10, 30, 7), new PaneOrigin(20, 30, 6)],
            [PaneOrigin.Of(panes, 0), PaneOrigin.Of(panes, 1)]);
        Assert.Equal((3, 3), (panes.Slots[0].KeyId, panes.Slots[1].KeyId));
        Assert.Equal(2.5, BitConverter.Int64BitsToDouble(panes.FurtherMeasures[3]));
    }

    [Fact]
    public void Add_SizeOfSeveral_TakesItsPanesAlone()
    {
        var feed = new PaneFeed(Metrics, OnTime with { SizeTicks = 20 }, keyId => keyId);
        feed.Add(Rows.Pane(5, end: 20, start: 10), Rows.Values(1, 1));
        feed.Add(Rows.Pane(5, end: 20, start: 0), Rows.Values(2, 2));
        Assert.Equal(2, feed.Take().Slots[0].Measure);
    }

    /// <summary>Of a window without events a count is 0, and what is null is NaN, which 0 would not be.</summary>
    [Fact]
    public void Add_WindowWithoutValues_IsNaNButForCounts()
    {
        var feed = new PaneFeed(Metrics, OnTime, keyId => keyId);
        feed.Add(Rows.Pane(5, flags: ResultFlags.Filled | ResultFlags.NoValues), Rows.Values(0, 0));
        var pane = feed.Take();
        Assert.Equal(0, pane.Slots[0].Measure);
        Assert.Equal(double.NaN, BitConverter.Int64BitsToDouble(pane.FurtherMeasures[0]));
    }
}
