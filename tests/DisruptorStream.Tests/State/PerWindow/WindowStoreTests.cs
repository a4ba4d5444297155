using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.PerWindow;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.State.PerWindow;

public sealed class WindowStoreTests
{
    private static readonly SliceGrid Tumbling = new FixedGrid(FixedWindows.Tumbling(10));
    private static readonly SliceGrid Sliding = new FixedGrid(new FixedWindows(30, 10));

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
                using var store = new DirectStore(context => new WindowStore(context, grid, null));
                StoreStream.Add(store, grid, stream.Events);
                var rows = new List<string>();
                foreach (var watermark in stream.Watermarks.Append(long.MaxValue))
                {
                    store.Watermark(watermark);
                    store.Store.Fire(2);
                    rows.AddRange(store.Rows());
                }

                Assert.Equal(StoreStream.Expected(grid, stream.Events), rows);
                for (var key = 0; key < 4; key++)
                    Assert.False(store.Store.HoldsKey(key));
            },
            iter: 200);

    [Fact]
    public void OnEvents_EarlyTrigger_FiresEveryThirdEventAndOnceOnTime()
    {
        using var store = NewStore(Tumbling, context => context with { Early = DirectStore.Every(3) });

        store.Add(Run(0), (1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 3, 1), (1, 4, 1));

        Assert.Equal(["0..10 key 1 Early 0 3:3"], store.RowsSoFar());
        store.Watermark(10);
        Assert.Equal(["0..10 key 1 OnTime 1 4:4 Last", "0..10 key 2 OnTime 0 1:1 Last"], store.Rows());
    }

    [Fact]
    public void OnEvents_Retracting_WithdrawsThePaneBeforeTheNext()
    {
        using var store = NewStore(
            Tumbling,
            context => context with { Early = DirectStore.Every(1), Accumulation = AccumulationMode.Retracting });

        store.Add(Run(0), (1, 1, 1), (1, 2, 5));

        Assert.Equal(
            ["0..10 key 1 Early 0 1:1", "0..10 key 1 Retract 0 1:1", "0..10 key 1 Early 1 2:6"], store.RowsSoFar());
    }

    [Fact]
    public void OnEvents_Discarding_FiresWhatCameSinceTheLastPane()
    {
        using var store = NewStore(
            Tumbling,
            context => context with { Early = DirectStore.Every(2), Accumulation = AccumulationMode.Discarding });

        store.Add(Run(0), (1, 1, 1), (1, 2, 5));
        store.Watermark(10);

        Assert.Equal(["0..10 key 1 Early 0 2:6", "0..10 key 1 OnTime 1 0:0 Last"], store.Rows());
    }

    [Theory]
    [InlineData(108, false)]
    [InlineData(109, true)]
    public void OnClock_EarlyDelay_FiresThatLongAfterTheFirstEvent(long clock, bool fires)
    {
        using var store = NewStore(Tumbling, context => context with { Early = DirectStore.Every(0, delayTicks: 9) });
        store.Add(Run(0) with { SteadyTicks = 100 }, (1, 1, 1));
        store.Add(Run(0) with { SteadyTicks = 105 }, (1, 2, 1));

        store.Clock(clock);

        // What a tick asks for goes in portions, as a firing does.
        Assert.Equal(fires ? ["0..10 key 1 Early 0 2:2"] : [], store.Rows());
    }

    [Fact]
    public void OnEvents_KeyHasAllItsWindows_RefusesThoseThatAreNewAndKeepsTheOthers()
    {
        using var store = NewStore(Sliding, context => context with
        {
            MaxWindowsPerKey = 3,
            WindowOverflow = WindowOverflowPolicy.RejectEvent,
        });
        store.Add(Run(2), (1, 25, 1));

        store.Add(Run(4), (1, 45, 1));
        store.Add(Run(6), (1, 65, 1), (2, 65, 1));

        Assert.Equal(["dropped 65 key 1 WindowLimit"], store.RowsSoFar());
        Assert.Equal(2 + 3, store.Counters.WindowLimitDroppedAssignments);
        store.Watermark(50);
        Assert.Equal(
            ["0..30 key 1 OnTime 0 1:1 Last", "10..40 key 1 OnTime 0 1:1 Last", "20..50 key 1 OnTime 0 2:2 Last"],
            store.Rows());
    }

    [Fact]
    public void OnEvents_KeyHasAllItsWindows_GivesTheOldestUp()
    {
        using var store = NewStore(Tumbling, context => context with { MaxWindowsPerKey = 2 });
        store.Add(Run(1), (1, 15, 1));
        store.Add(Run(0), (1, 5, 2));

        store.Add(Run(2), (1, 25, 3));

        Assert.Equal(["0..10 key 1 Early 0 1:2 Last, Evicted"], store.RowsSoFar());
        Assert.Equal(1, store.Counters.WindowsEvicted);
        store.Watermark(30);
        Assert.Equal(["10..20 key 1 OnTime 0 1:1 Last", "20..30 key 1 OnTime 0 1:3 Last"], store.Rows());
    }

    [Fact]
    public void OnEvents_CustomWindows_FollowTheWatermarkInsideTheRun()
    {
        using var store = NewCustom();

        // The event at 30 completes the window of the first; the last is too late for its own by then.
        store.Add(
            new() { WatermarkTicks = long.MinValue, WatermarkCapTicks = long.MaxValue },
            (1, 5, 1), (1, 30, 1), (1, 6, 1));

        Assert.Equal(["0..10 key 1 OnTime 0 1:1 Last", "dropped 6 key 1 Late"], store.Rows());
        Assert.Equal(1, store.Counters.LateDroppedAssignments);
        Assert.True(store.Store.FollowsWatermark);
        Assert.True(store.Store.HoldsKey(1));
    }

    [Fact]
    public void OnEvents_CustomWindowsOfNoneOrOfAFault_AreCountedEach()
    {
        using var store = NewCustom();

        store.Add(new() { WatermarkTicks = long.MinValue }, (1, -1, 1), (1, -2, 1), (1, 5, 1));

        Assert.Equal(["dropped -2 key 1 AssignerFailed"], store.RowsSoFar());
        Assert.Equal(1, store.Counters.EventsInNoWindow);
        Assert.Equal(1, store.Counters.UserFailures);
        Assert.IsType<TimeoutException>(store.Counters.LastUserFailure);
    }

    [Fact]
    public void OnEvents_CustomWindowsWithEventsOfOtherShards_TakesItsOwnAndFollowsAll()
    {
        using var store = NewCustom(context => context with { ShardMask = 1, Shard = 1 });

        store.Add(
            new() { WatermarkTicks = long.MinValue, WatermarkCapTicks = long.MaxValue },
            (1, 5, 1), (2, 30, 1), (3, 35, 1));

        Assert.Equal(["0..10 key 1 OnTime 0 1:1 Last"], store.Rows());
        Assert.False(store.Store.HoldsKey(2));
    }

    private static DirectStore NewStore(SliceGrid grid, Func<StoreContext, StoreContext> change) =>
        new(context => new WindowStore(context, grid, null), change);

    private static DirectStore NewCustom(Func<StoreContext, StoreContext>? change = null) =>
        new(context => new WindowStore(context, null, CustomWindows.Create(default(Tens))), change);

    private static EventRun Run(long slice) => new() { Slice = slice, WatermarkTicks = long.MinValue };

    /// <summary>Windows of ten; none for a time of -1, and a fault for -2.</summary>
    private readonly struct Tens : IWindowAssigner
    {
        public int MaxWindowsPerEvent => 1;

        public int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            if (timestampTicks == -2)
                throw new TimeoutException("assigner");
            var start = TickMath.FloorDiv(timestampTicks, 10) * 10;
            windows[0] = new TimeWindow(start, start + 10);
            return timestampTicks == -1 ? 0 : 1;
        }
    }
}
