using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.Sessions;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State.Sessions;

public sealed class SessionStoreTests
{
    private const long Gap = 10;

    /// <summary>Whatever the order, the sessions are what a sort and a look at the gaps gives.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OnEvents_AnyOrder_SessionsAreCutWhereAGapIsReached(bool early) =>
        Gen.Select(Gen.Int[0, 3], Gen.Long[-150, 150], Gen.Int[-9, 9].Select(value => (double)value)).Array[1, 40]
            .Select(Gen.Int[1, 40]).Sample((events, cut) =>
            {
                // With a trigger none is taken in order by the short way.
                using var store = NewStore(context => early
                    ? context with { Early = DirectStore.Every(long.MaxValue) }
                    : context);
                foreach (var part in events.Chunk(cut))
                    store.Add(Still(long.MinValue), part);

                store.Watermark(long.MaxValue);

                Assert.Equal(Expected(events), store.Rows());
                for (var key = 0; key < 4; key++)
                    Assert.False(store.Store.HoldsKey(key));
            });

    [Theory]
    [InlineData(9, "0..19 key 1 OnTime 0 2:2 Last")]
    [InlineData(10, "0..10 key 1 OnTime 0 1:1 Last", "10..20 key 1 OnTime 0 1:1 Last")]
    public void OnEvents_OneGapApart_IsTheNextSession(long second, params string[] expected)
    {
        using var store = NewStore();

        store.Add(Still(long.MinValue), (1, 0, 1), (1, second, 1));

        store.Watermark(100);
        Assert.Equal(expected, store.Rows());
    }

    [Fact]
    public void OnEvents_EventBetweenTwoSessions_MakesThemOne()
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 0, 1), (1, 18, 2), (2, 18, 9));

        store.Add(Still(long.MinValue), (1, 9, 4));

        store.Watermark(28);
        Assert.Equal(["0..28 key 1 OnTime 0 3:7 Last", "18..28 key 2 OnTime 0 1:9 Last"], store.Rows());
    }

    [Fact]
    public void OnEvents_WatermarkPassesASessionInsideTheRun_FiresItBeforeTheKeysNextOne()
    {
        using var store = NewStore();

        store.Add(Moving(), (1, 0, 1), (1, 5, 1), (1, 40, 1), (2, 41, 1));

        Assert.Equal(["0..15 key 1 OnTime 0 2:2 Last"], store.Rows());
        Assert.True(store.Store.HoldsKey(1));
        store.Watermark(51);
        Assert.Equal(["40..50 key 1 OnTime 0 1:1 Last", "41..51 key 2 OnTime 0 1:1 Last"], store.Rows());
    }

    [Theory]
    [InlineData(34, "5..15 key 1 Late 0 1:1")]
    [InlineData(35, "dropped 5 key 1 Late")]
    public void OnEvents_BehindTheWatermark_IsLateFromItsEndPlusLatenessOn(long watermark, string expected)
    {
        using var store = NewStore(context => context with { AllowedLatenessTicks = 20, Late = DirectStore.Every(1) });
        store.Watermark(watermark);

        store.Add(Still(watermark), (1, 5, 1));

        Assert.Equal([expected], store.RowsSoFar());
    }

    /// <summary>Lateness is judged on the session that the event makes, not on the event.</summary>
    [Fact]
    public void OnEvents_LateEventThatTouchesALiveSession_JoinsItAndReopensIt()
    {
        using var store = NewStore(context => context with { AllowedLatenessTicks = 20, Late = DirectStore.Every(1) });
        store.Add(Still(long.MinValue), (1, 12, 1));
        store.Watermark(30);
        Assert.Equal(["12..22 key 1 OnTime 0 1:1"], store.Rows());

        store.Add(Still(30), (1, 3, 1));
        Assert.Equal(["3..22 key 1 Late 1 2:2"], store.RowsSoFar());
        store.Add(Still(30), (1, 21, 1));

        Assert.Empty(store.RowsSoFar());
        store.Watermark(31);
        Assert.Equal(["3..31 key 1 OnTime 2 3:3"], store.Rows());
    }

    [Theory]
    [InlineData(WindowOverflowPolicy.RejectEvent, "dropped 60 key 1 WindowLimit")]
    [InlineData(WindowOverflowPolicy.EvictOldest, "0..10 key 1 Early 0 1:1 Last, Evicted")]
    public void OnEvents_KeyHasAllItsSessions_RefusesOrGivesTheOldestUp(WindowOverflowPolicy policy, string expected)
    {
        using var store = NewStore(context => context with { MaxWindowsPerKey = 2, WindowOverflow = policy });
        store.Add(Still(long.MinValue), (1, 30, 1), (1, 0, 1), (2, 0, 1));

        store.Add(Still(long.MinValue), (1, 60, 1));

        Assert.Equal([expected], store.RowsSoFar());
        store.Add(Still(long.MinValue), (1, 35, 1));
        Assert.Empty(store.RowsSoFar());
    }

    [Fact]
    public void Fire_ManySessionsDueAtOnce_ComeByEndStartAndKeyInPortions()
    {
        using var store = NewStore();
        for (var key = 200; key > 0; key--)
            store.Add(Still(long.MinValue), (key, key % 7, 1));
        store.Watermark(16);

        for (var turns = 0; store.Store.IsFiring; turns++)
        {
            // Gathering and ordering what is due are portions too.
            Assert.True(turns <= 1000);
            store.Store.Fire(1);
        }

        var expected = Enumerable.Range(1, 200).OrderBy(key => key % 7).ThenBy(key => key)
            .Select(key => $"{key % 7}..{(key % 7) + 10} key {key} OnTime 0 1:1 Last");
        Assert.Equal(expected, store.RowsSoFar());
    }

    [Fact]
    public void OnEvents_EventsOfOtherShards_MoveTheWatermarkAndAreNotKept()
    {
        using var store = NewStore(context => context with { ShardMask = 1, Shard = 0 });

        store.Add(Moving(), (2, 0, 1), (1, 30, 1), (4, 35, 1));

        Assert.Equal(["0..10 key 2 OnTime 0 1:1 Last"], store.Rows());
        Assert.False(store.Store.HoldsKey(1));
        Assert.True(store.Store.HoldsKey(4));
    }

    [Fact]
    public void OnClock_EarlyDelay_FiresThatLongAfterTheFirstEvent()
    {
        using var store = NewStore(context => context with { Early = DirectStore.Every(0, delayTicks: 9) });
        store.Add(Still(long.MinValue) with { SteadyTicks = 100 }, (1, 0, 1), (1, 3, 1));

        store.Clock(108);
        Assert.Empty(store.RowsSoFar());
        store.Clock(109);

        Assert.Equal(["0..13 key 1 Early 0 2:2"], store.Rows());
    }

    private static List<string> Expected((int Key, long Time, double Value)[] events)
    {
        var sessions = new List<(long End, long Start, int Key, int Count, double Sum)>();
        foreach (var key in events.GroupBy(one => one.Key))
        {
            var open = (End: long.MinValue, Start: 0L, Key: 0, Count: 0, Sum: 0.0);
            foreach (var one in key.OrderBy(one => one.Time))
            {
                if (open.Count > 0 && one.Time >= open.End)
                    sessions.Add(open);
                open = open.Count == 0 || one.Time >= open.End
                    ? (one.Time + Gap, one.Time, key.Key, 1, one.Value)
                    : (one.Time + Gap, open.Start, key.Key, open.Count + 1, open.Sum + one.Value);
            }

            sessions.Add(open);
        }

        return [.. sessions.Order().Select(
            one => $"{one.Start}..{one.End} key {one.Key} OnTime 0 {one.Count}:{one.Sum} Last")];
    }

    private static DirectStore NewStore(Func<StoreContext, StoreContext>? change = null) =>
        new(context => new SessionStore(context, Gap), change);

    /// <summary>A run in which other sources hold the watermark where it is.</summary>
    private static EventRun Still(long watermark) =>
        new() { WatermarkTicks = watermark, WatermarkCapTicks = watermark };

    /// <summary>A run whose events move the watermark.</summary>
    private static EventRun Moving() => new() { WatermarkTicks = long.MinValue, WatermarkCapTicks = long.MaxValue };
}
