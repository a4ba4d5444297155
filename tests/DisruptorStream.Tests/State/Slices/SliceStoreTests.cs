using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.State.Slices;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.State.Slices;

public sealed class SliceStoreTests
{
    private static readonly SliceGrid Tumbling = new FixedGrid(FixedWindows.Tumbling(10));
    private static readonly SliceGrid Sliding = new FixedGrid(new FixedWindows(20, 10));

    [Theory]
    [InlineData(10, 10)]
    [InlineData(25, 10)]
    [InlineData(60, 7)]
    [InlineData(4, 9)]
    public void OnWatermark_AnyEventsAndSteps_FiresWhatLinqMakesOfThem(long size, long slide) =>
        StoreStream.Any.Sample(
            stream =>
            {
                var grid = new FixedGrid(new FixedWindows(size, slide, 3));
                using var store = new DirectStore(context => new SliceStore(context, grid));
                StoreStream.Add(store, grid, stream.Events);
                var rows = new List<string>();
                foreach (var watermark in stream.Watermarks)
                {
                    store.Watermark(watermark);
                    rows.AddRange(store.Rows());
                }

                Assert.Equal(rows, StoreStream.Expected(grid, stream.Events).Take(rows.Count));
                store.Watermark(long.MaxValue);
                Assert.Equal(StoreStream.Expected(grid, stream.Events), rows.Concat(store.Rows()));
                for (var key = 0; key < 4; key++)
                    Assert.False(store.Store.HoldsKey(key));
            },
            iter: 200);

    [Fact]
    public void Fire_SmallBudget_GoesOnWhereItStoppedInOrder()
    {
        using var store = NewStore(Tumbling);
        for (var key = 300; key >= 0; key--)
            store.Add(Run(0), (key, 5, key));
        store.Watermark(10);
        Assert.Equal(301, store.Store.FiringSequence);

        var before = 0;
        for (var turns = 0; store.Store.IsFiring; turns++)
        {
            Assert.True(turns < 301);
            store.Store.Fire(3);
        }

        foreach (var row in store.RowsSoFar())
            Assert.Equal($"0..10 key {before} OnTime 0 1:{before++} Last", row);
        Assert.Equal(301, before);
    }

    /// <summary>What is due is as of its watermark, whatever comes while it waits.</summary>
    [Fact]
    public void OnEvents_SliceIsStillBeingFired_FinishesTheFiringFirst()
    {
        using var store = NewStore(Sliding);
        store.Add(Run(0), (1, 5, 1));
        store.Watermark(10);
        Assert.True(store.Store.IsFiring);

        store.Add(Run(0, watermark: 10), (1, 6, 1));

        Assert.Equal(["-10..10 key 1 OnTime 0 1:1 Last"], store.RowsSoFar());
        store.Watermark(20);
        Assert.Equal(["0..20 key 1 OnTime 0 2:2 Last"], store.Rows());
    }

    [Fact]
    public void OnEvents_LateForOneOfTheWindows_FiresALatePaneForThatAndCountsInBoth()
    {
        using var store = NewStore(Sliding, lateness: 50);
        store.Add(Run(0), (1, 5, 1));
        store.Watermark(12);
        Assert.Equal(["-10..10 key 1 OnTime 0 1:1"], store.Rows());

        store.Add(Run(0, watermark: 12), (1, 6, 2));

        Assert.Equal(["-10..10 key 1 Late 1 2:3"], store.RowsSoFar());
        store.Watermark(20);
        Assert.Equal(["0..20 key 1 OnTime 0 2:3"], store.Rows());
    }

    /// <summary>A window that a late event opens has no pane of its completion.</summary>
    [Fact]
    public void OnEvents_LateEventOfANewKey_FiresFromIndexZero()
    {
        using var store = NewStore(Tumbling, lateness: 50);
        store.Watermark(12);

        store.Add(Run(0, watermark: 12), (4, 5, 2));

        Assert.Equal(["0..10 key 4 Late 0 1:2"], store.Rows());
        store.Watermark(60);
        Assert.Empty(store.Rows());
        Assert.False(store.Store.HoldsKey(4));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void OnWatermark_EndPlusLateness_IsWhereTheStateGoes(long watermark, bool isHeld)
    {
        using var store = NewStore(Tumbling, lateness: 50);
        store.Add(Run(0), (1, 5, 1));
        store.Watermark(watermark);

        Assert.Equal([$"0..10 key 1 OnTime 0 1:1{(isHeld ? "" : " Last")}"], store.Rows());

        Assert.Equal(isHeld, store.Store.HoldsKey(1));
    }

    /// <summary>Events of two slices in turns, also where neither slice is there yet.</summary>
    [Fact]
    public void OnEvents_RunOfTwoSlices_PutsEachIntoItsOwn() =>
        Gen.Select(Gen.Int[0, 3], Gen.Long[0, 19], Gen.Int[0, 9].Select(value => (double)value)).Array[1, 40]
            .Select(Gen.Bool).Sample((events, isNew) =>
            {
                using var store = NewStore(Tumbling);
                (int, long, double)[] first = [(9, 5, 1), (9, 15, 1)];
                if (!isNew)
                    StoreStream.Add(store, Tumbling, first);

                store.Add(Run(1) with { HasOlder = true, SliceStartTicks = 10 }, events);

                store.Watermark(long.MaxValue);
                Assert.Equal(StoreStream.Expected(Tumbling, isNew ? events : [.. first, .. events]), store.Rows());
            });

    [Fact]
    public void OnEvents_MoreOfOneKeyThanAtATime_CountsThemAll()
    {
        using var store = NewStore(Tumbling);

        store.Add(Run(0), [.. Enumerable.Repeat((7, 5L, 1.0), 20_000)]);

        store.Watermark(10);
        Assert.Equal(["0..10 key 7 OnTime 0 20000:20000 Last"], store.Rows());
        Assert.True(store.Store.BytesReserved > 0);
    }

    private static DirectStore NewStore(SliceGrid grid, long lateness = 0) => new(
        context => new SliceStore(context, grid),
        context => context with { AllowedLatenessTicks = lateness, Late = DirectStore.Every(1) });

    private static EventRun Run(long slice, long watermark = long.MinValue) =>
        new() { Slice = slice, WatermarkTicks = watermark };
}
