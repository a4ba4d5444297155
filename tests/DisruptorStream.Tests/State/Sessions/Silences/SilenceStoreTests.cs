using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.Sessions.Silences;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Tests.State.Sessions.Silences;

public sealed class SilenceStoreTests
{
    private const long After = 10;
    private const long Kept = 100;

    [Fact]
    public void OnEvents_NothingForSoLongAndThenAnEvent_StartsAndEndsTheSilence()
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 0, 2), (1, 7, 3));

        store.Watermark(16);
        Assert.Empty(store.Rows());
        store.Watermark(17);
        Assert.Equal(["7..17 key 1 OnTime 0 2:5 SilenceStarted"], store.Rows());

        store.Add(Still(17), (1, 40, 1));
        store.Watermark(39);
        Assert.Empty(store.Rows());
        store.Watermark(40);
        Assert.Equal(["7..40 key 1 OnTime 1 2:5 Last, SilenceEnded"], store.Rows());
        store.Watermark(50);
        Assert.Equal(["40..50 key 1 OnTime 0 1:1 SilenceStarted"], store.Rows());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10, "0..10 key 1 OnTime 0 1:1 SilenceStarted", "0..10 key 1 OnTime 1 1:1 Last, SilenceEnded")]
    [InlineData(11, "0..10 key 1 OnTime 0 1:1 SilenceStarted", "0..11 key 1 OnTime 1 1:1 Last, SilenceEnded")]
    public void OnEvents_NextEvent_EndsASilenceFromSoMuchLaterOn(long next, params string[] expected)
    {
        using var store = NewStore();

        store.Add(Moving(), (1, 0, 1), (1, next, 1));

        Assert.Equal(expected, store.Rows());
    }

    /// <summary>Where the watermark leaps, starts and ends of all keys come by the time at which they were.</summary>
    [Fact]
    public void OnWatermark_PassesSeveralSilences_TellsThemInTheOrderOfTheirTimes()
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 0, 1), (2, 3, 1), (1, 30, 1), (2, 18, 1));

        store.Watermark(35);

        Assert.Equal(
            [
                "0..10 key 1 OnTime 0 1:1 SilenceStarted",
                "3..13 key 2 OnTime 0 1:1 SilenceStarted",
                "3..18 key 2 OnTime 1 1:1 Last, SilenceEnded",
                "18..28 key 2 OnTime 0 1:1 SilenceStarted",
                "0..30 key 1 OnTime 1 1:1 Last, SilenceEnded",
            ],
            store.Rows());
    }

    [Fact]
    public void OnEvents_OutOfOrderButBeforeTheWatermark_TellWhatInOrderTheyWould()
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 40, 1), (1, 0, 1), (1, 24, 1), (1, 9, 1), (1, 33, 1));

        store.Watermark(30);

        Assert.Equal(
            ["9..19 key 1 OnTime 0 2:2 SilenceStarted", "9..24 key 1 OnTime 1 2:2 Last, SilenceEnded"],
            store.Rows());
    }

    [Fact]
    public void OnEvents_EventBehindTheWatermarkInTheSilence_EndsItLate()
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 0, 1));
        store.Watermark(12);
        Assert.Equal(["0..10 key 1 OnTime 0 1:1 SilenceStarted"], store.Rows());

        store.Add(Still(12), (1, 5, 1));

        Assert.Equal(["0..5 key 1 Late 1 1:1 Last, SilenceEnded"], store.RowsSoFar());
        store.Watermark(15);
        Assert.Equal(["5..15 key 1 OnTime 0 1:1 SilenceStarted"], store.Rows());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-5)]
    public void OnEvents_EventOfTheRunBeforeTheSilence_IsLate(long time)
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 0, 1), (1, 4, 1));
        store.Watermark(14);
        Assert.Single(store.Rows());

        store.Add(Still(14), (1, time, 1));

        Assert.Equal([$"dropped {time} key 1 Late"], store.RowsSoFar());
        Assert.Equal(1, store.Counters.LateDroppedAssignments);
    }

    /// <summary>An event that is late by itself joins the run that it touches, as it would a session.</summary>
    [Fact]
    public void OnEvents_LateEventThatTouchesALiveRun_JoinsItAndEndsTheSilenceEarlier()
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 0, 1), (1, 30, 1));
        store.Watermark(28);
        Assert.Single(store.Rows());

        store.Add(Still(28), (1, 21, 1));
        Assert.Equal(["0..21 key 1 Late 1 1:1 Last, SilenceEnded"], store.RowsSoFar());
        store.Watermark(40);

        Assert.Equal(["30..40 key 1 OnTime 0 2:2 SilenceStarted"], store.Rows());
    }

    [Theory]
    [InlineData(100, "0..100 key 1 OnTime 1 1:1 Last, SilenceEnded")]
    [InlineData(101)]
    public void OnEvents_AfterTheKeyIsForgotten_TellNoEnd(long next, params string[] expected)
    {
        using var store = NewStore();
        store.Add(Moving(), (1, 0, 1), (2, 50, 1));
        Assert.Single(store.Rows());
        Assert.True(store.Store.HoldsKey(1));

        store.Add(Moving() with { WatermarkTicks = 50 }, (1, next, 1));

        Assert.Equal(expected, store.Rows().Where(row => row.Contains("key 1", StringComparison.Ordinal)));
    }

    [Fact]
    public void OnWatermark_KeyIsForgotten_ItIsHeldNoMore()
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 0, 1));
        store.Watermark(99);
        Assert.Single(store.Rows());
        Assert.True(store.Store.HoldsKey(1));

        store.Watermark(100);

        Assert.Empty(store.Rows());
        Assert.False(store.Store.HoldsKey(1));
        store.Store.ThrowIfInconsistent();
    }

    /// <summary>What comes after the newest event is not known: only a silence before it can have started.</summary>
    [Fact]
    public void OnWatermark_EndOfInput_StartsSilencesUpToTheNewestEventAndEndsNone()
    {
        using var store = NewStore();
        store.Add(Still(long.MinValue), (1, 0, 1), (2, 11, 1), (3, 20, 1), (4, 21, 1));

        store.Watermark(long.MaxValue);

        Assert.Equal(
            ["0..10 key 1 OnTime 0 1:1 SilenceStarted", "11..21 key 2 OnTime 0 1:1 SilenceStarted"], store.Rows());
        for (var key = 1; key <= 4; key++)
            Assert.False(store.Store.HoldsKey(key));
    }

    [Fact]
    public void OnEvents_KeyHasAllItsRuns_RefusesTheEvent()
    {
        using var store = NewStore(context => context with
        {
            MaxWindowsPerKey = 2,
            WindowOverflow = WindowOverflowPolicy.RejectEvent,
        });
        store.Add(Still(long.MinValue), (1, 30, 1), (1, 0, 1));

        store.Add(Still(long.MinValue), (1, 60, 1), (1, 65, 1), (1, 35, 1));

        Assert.Equal(["dropped 60 key 1 WindowLimit", "dropped 65 key 1 WindowLimit"], store.RowsSoFar());
    }

    /// <summary>What is given up is how long events are waited for: each silence is still told once.</summary>
    [Fact]
    public void OnEvents_KeyHasAllItsRuns_TellsTheOldestSilenceBeforeItsTime()
    {
        using var store = NewStore(context => context with { MaxWindowsPerKey = 2 });
        store.Add(Still(long.MinValue), (1, 30, 1), (1, 0, 1));

        store.Add(Still(long.MinValue), (1, 60, 1));
        Assert.Equal(["0..10 key 1 Early 0 1:1 Evicted, SilenceStarted"], store.RowsSoFar());
        store.Add(Still(long.MinValue), (1, 90, 1));
        Assert.Equal(
            ["0..30 key 1 Early 1 1:1 Last, Evicted, SilenceEnded", "30..40 key 1 Early 0 1:1 Evicted, SilenceStarted"],
            store.RowsSoFar());

        // It belongs to the run whose silence was told, and counts there.
        store.Add(Still(long.MinValue), (1, 29, 1));
        Assert.Empty(store.RowsSoFar());
        store.Watermark(60);
        Assert.Equal(["30..60 key 1 OnTime 1 2:2 Last, SilenceEnded"], store.Rows());
        Assert.Equal(2, store.Counters.WindowsEvicted);
    }

    [Fact]
    public void Fire_ManySilences_ComeInPortions()
    {
        using var store = NewStore();
        for (var key = 200; key > 0; key--)
            store.Add(Still(long.MinValue), (key, key % 7, 1), (key, 20, 1));
        store.Watermark(20);

        for (var turns = 0; store.Store.IsFiring; turns++)
        {
            Assert.True(turns <= 2000);
            store.Store.Fire(1);
        }

        var expected = Enumerable.Range(1, 200).OrderBy(key => key % 7).ThenBy(key => key)
            .Select(key => $"{key % 7}..{(key % 7) + 10} key {key} OnTime 0 1:1 SilenceStarted")
            .Concat(Enumerable.Range(1, 200).OrderBy(key => key % 7).ThenBy(key => key)
                .Select(key => $"{key % 7}..20 key {key} OnTime 1 1:1 Last, SilenceEnded"));
        Assert.Equal(expected, store.RowsSoFar());
    }

    private static DirectStore NewStore(Func<StoreContext, StoreContext>? change = null) =>
        new(context => new SilenceStore(context, new SilenceWindows(After, Kept)), change);

    /// <summary>A run in which other sources hold the watermark where it is.</summary>
    private static EventRun Still(long watermark) =>
        new() { WatermarkTicks = watermark, WatermarkCapTicks = watermark };

    /// <summary>A run whose events move the watermark.</summary>
    private static EventRun Moving() => new() { WatermarkTicks = long.MinValue, WatermarkCapTicks = long.MaxValue };
}
