using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.Tests.State.Saving;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;
using static DisruptorStream.Tests.Pipeline.Assignment.AssignedSlots;

namespace DisruptorStream.Tests.Pipeline.Assignment;

public sealed class SlicedAssignmentTests
{
    private static readonly SliceGrid Tumbling = new FixedGrid(FixedWindows.Tumbling(10));

    [Fact]
    public void OnBatch_EventsOfTwoSlices_RunsEndWhereTheWatermarkReachesAWindowsEnd()
    {
        var slots = new AssignedSlots(Tumbling, Rules());

        Assert.Equal(5, slots.Take(At(1), At(2), At(5), At(9), At(10)));

        Assert.Equal(
        [
            "Events 0+1 slice 0 at none and", "Watermark 0+1 to 1",
            "Events 1+3 slice 0 at 1",
            "Events 4+1 slice 1 at 9 and", "Watermark 4+1 to 10",
        ], slots.Texts);
    }

    [Fact]
    public void OnBatch_WatermarkFarBehind_RunsEndAtTheSliceAlone()
    {
        var slots = new AssignedSlots(Tumbling, Rules(outOfOrderness: 109));
        slots.Take(At(9));

        slots.Take(At(2), At(12), At(15), At(3));

        Assert.Equal(
            ["Events 1+1 slice 0 at -100", "Events 2+2 slice 1 at -100", "Events 4+1 slice 0 at -94"], slots.Texts);
    }

    [Fact]
    public void OnBatch_EventsOfTwoSources_RunsEndAtTheSource()
    {
        var slots = new AssignedSlots(Tumbling, Rules(outOfOrderness: 100));

        slots.Take(At(1), At(2), At(3, source: 1), At(4, source: 1), At(5));

        Assert.Equal(
            ["Events 1+1 slice 0 at -99", "Events 2+2 slice 0 at -98", "Events 4+1 slice 0 at -98"],
            WithoutWatermarks(slots)[1..]);
    }

    /// <summary>The event that takes the watermark to the end is judged by the watermark before it.</summary>
    [Fact]
    public void OnBatch_EventOfWindowThatItCompletes_IsTakenAndWatermarkFollowsAtItsSequence()
    {
        var slots = new AssignedSlots(new FixedGrid(new FixedWindows(20, 10)), Rules());
        slots.Take(At(5));

        slots.Take(At(7), At(17), At(18), At(19));

        // The window from 0 to 20 is open until 20; that from -10 to 10 is completed by the event at 17.
        Assert.Equal(
            ["Events 1+1 slice 0 at 5", "Events 2+1 slice 1 at 7 and", "Watermark 2+1 to 17",
                "Events 3+2 slice 1 at 17"],
            slots.Texts);
    }

    [Theory]
    [InlineData(19, "Events 2+1 slice 0 at 19")]
    [InlineData(20, "Dropped 2+1 Late")]
    public void OnBatch_EventBehindWatermark_IsLateFromEndPlusLatenessOn(long watermark, string expected)
    {
        var slots = new AssignedSlots(Tumbling, Rules(lateness: 10));
        slots.Take(At(0), At(watermark));

        slots.Take(At(9));

        Assert.Equal([expected], slots.Texts);
        var figures = slots.ReadFigures();
        Assert.Equal(watermark == 20 ? 1 : 0, figures.Dropped[(int)DropReason.Late]);
        Assert.Equal(watermark == 20 ? 1 : 0, figures.LateDroppedAssignments);
        Assert.Equal(3, figures.EventsProcessed);
    }

    [Fact]
    public void OnBatch_EventLateForSomeOfItsWindows_IsTakenAndCountsThose()
    {
        // The event at 25 is in the windows that end at 30, 40 and 50.
        var slots = new AssignedSlots(new FixedGrid(new FixedWindows(30, 10)), Rules());
        slots.Take(At(41));

        slots.Take(At(25), At(26));

        Assert.Equal(["Events 1+2 slice 2 at 41"], slots.Texts);
        Assert.Equal(4, slots.ReadFigures().LateDroppedAssignments);
    }

    [Fact]
    public void OnBatch_EventInHole_IsPassedAndCounted()
    {
        var slots = new AssignedSlots(new FixedGrid(new FixedWindows(4, 10)), Rules());
        slots.Take(At(1));

        slots.Take(At(5), At(6), At(11));

        Assert.Equal(
            ["Pass 1+1 and", "Watermark 1+1 to 5", "Pass 2+1", "Events 3+1 slice 2 at 6"], slots.Texts);
        Assert.Equal(2, slots.ReadFigures().EventsInNoWindow);
    }

    [Fact]
    public void OnBatch_MoreSlicesThanTheLimit_DropsTheEventsOfTheNewOne()
    {
        var slots = new AssignedSlots(Tumbling, Rules(outOfOrderness: 1000, maxSlices: 2));

        slots.Take(At(5), At(15), At(25), At(26), At(6));

        Assert.Equal(
            ["Events 0+1 slice 0 at none", "Events 1+1 slice 1 at -995", "Dropped 2+1 SliceLimit",
                "Dropped 3+1 SliceLimit", "Events 4+1 slice 0 at -974"],
            WithoutWatermarks(slots));
        var figures = slots.ReadFigures();
        Assert.Equal(2, figures.Dropped[(int)DropReason.SliceLimit]);
        Assert.Equal(2, figures.SlicesOpened);
    }

    [Fact]
    public void OnBatch_SliceHasExpired_MakesRoomForAnother()
    {
        var slots = new AssignedSlots(Tumbling, Rules(maxSlices: 1));

        slots.Take(At(5), At(11), At(12));

        Assert.Equal(
            ["Events 0+1 slice 0 at none and", "Watermark 0+1 to 5", "Dropped 1+1 SliceLimit and",
                "Watermark 1+1 to 11", "Events 2+1 slice 1 at 11"],
            slots.Texts);
        Assert.Equal(1, slots.ReadFigures().SlicesClosed);
    }

    [Fact]
    public void OnBatch_TimeAtTheEndOfTime_IsOutOfRangeAndMovesNothing()
    {
        var slots = new AssignedSlots(Tumbling, Rules());
        slots.Take(At(5));

        slots.Take(At(long.MaxValue - 1), At(6));

        Assert.Equal(["Dropped 1+1 TimestampOutOfRange", "Events 2+1 slice 0 at 5"], slots.Texts);
        Assert.Equal(6, slots.Stage.WatermarkTicks);
    }

    [Fact]
    public void OnBatch_ProcessingTime_EventsBehindTheClockAreOfTheClocksSlice()
    {
        var slots = new AssignedSlots(Tumbling, Rules(processingTime: true));
        slots.Take(Of(SlotKind.Tick, time: 25, measure: 7));
        Assert.Equal(["Clock 0+1 7 of day 25 and", "Watermark 0+1 to 25"], slots.Texts);

        slots.Take(At(3), At(27), At(24), At(30));

        Assert.Equal(
            ["Events 1+3 slice 2 at 25", "Events 4+1 slice 3 at 27 and", "Watermark 4+1 to 30"], slots.Texts);
    }

    [Fact]
    public void OnBatch_NeighborsThatAreOpen_ShareARunWhereTheStoresTakeIt()
    {
        var slots = new AssignedSlots(Tumbling, Rules(outOfOrderness: 100) with { MixesSlices = true });
        slots.Take(At(5), At(15));

        slots.Take(At(16), At(6), At(14), At(9), At(25));

        Assert.Equal(
            ["Events 2+4 slice 1 at -85 older before 10", "Events 6+1 slice 2 at -84"], WithoutWatermarks(slots));
    }

    [Fact]
    public void OnBatch_OlderNeighborIsComplete_DoesNotShareARun()
    {
        var slots = new AssignedSlots(Tumbling, Rules(lateness: 100) with { MixesSlices = true });
        slots.Take(At(5), At(15));

        slots.Take(At(16), At(6), At(14));

        Assert.Equal(["Events 2+1 slice 1 at 15", "Events 3+1 slice 0 at 16", "Events 4+1 slice 1 at 16"], slots.Texts);
    }

    [Fact]
    public void OnEvents_RangeInsideTheSlice_IsBelievedWithoutALookAtTheTimes()
    {
        var slots = new AssignedSlots(Tumbling, Rules(outOfOrderness: 100));
        slots.Take(At(1));

        slots.TakeEvents(source: 3, new TimestampRange(2, 8), At(2, source: 9), At(9, source: 9), At(4, source: 9));

        Assert.Equal(["Events 1+3 slice 0 at -99"], WithoutWatermarks(slots));
        slots.Take(Of(SlotKind.SourceRemoved, source: 0));
        Assert.Equal(8 - 100, slots.Stage.WatermarkTicks);
    }

    [Fact]
    public void OnEvents_RangeOverTwoSlices_IsCutByTheTimes()
    {
        var slots = new AssignedSlots(Tumbling, Rules(outOfOrderness: 100));
        slots.Take(At(1));

        slots.TakeEvents(source: 0, new TimestampRange(2, 12), At(2), At(12), At(3));

        Assert.Equal(
            ["Events 1+1 slice 0 at -99", "Events 2+1 slice 1 at -98", "Events 3+1 slice 0 at -88"],
            WithoutWatermarks(slots));
    }

    /// <summary>An event alone is taken by the verdict on the one before it, up to where that may be another.</summary>
    [Fact]
    public void TryTakeOne_EventLikeTheOneBefore_IsTakenAndNoOther()
    {
        var slots = new AssignedSlots(Tumbling, Rules(outOfOrderness: 2));

        // The shards are told of the first two; the third is the one that others may be like.
        slots.Take(At(1));
        slots.Take(At(5));
        slots.Take(At(4));
        slots.Take(At(3));
        slots.Take(At(9));
        slots.Take(At(8));
        Assert.Equal(3, slots.TakenAlone);
        Assert.Equal(["Events 5+1 slice 0 at 7"], slots.Texts);
        Assert.Equal(7, slots.Stage.WatermarkTicks);
        Assert.Equal(6, slots.Stage.Counters.EventsProcessed);

        // Of another slice, of another source, and behind any other slot.
        slots.Take(At(10));
        slots.Take(At(10, source: 1));
        slots.Take(Of(SlotKind.Tick, time: 25, measure: 7));
        slots.Take(At(11, source: 1));
        Assert.Equal(3, slots.TakenAlone);

        // It would take the watermark to the end of the first window.
        slots.Take(At(12, source: 1));
        Assert.Equal(4, slots.TakenAlone);
        slots.Take(Of(SlotKind.SourceRemoved, source: 0));
        slots.Take(At(11, source: 1));
        slots.Take(At(19, source: 1));
        Assert.Equal((5, 17), (slots.TakenAlone, slots.Stage.WatermarkTicks));
        slots.Take(At(22, source: 1));
        Assert.Equal(5, slots.TakenAlone);
    }

    /// <summary>Whatever the batches: each slot gets the verdict that it gets when handled alone.</summary>
    [Fact]
    public void OnBatch_AnySlotsAndBatches_JudgesEachEventAsTheModelDoes() =>
        Gen.Select(
            SlotHistory.Any(60), Gen.OneOf(Gen.Const(1), Gen.Int[1, 70]), Gen.Int[0, 47], Gen.Int[0, 1]).Sample(
            (slots, batch, kind, mixes) =>
            {
                SliceGrid[] grids =
                [
                    Tumbling, new FixedGrid(new FixedWindows(25, 10, 3)), new FixedGrid(new FixedWindows(3, 7)),
                ];
                var rules = Rules(
                    lateness: kind / 3 % 2 * 8,
                    outOfOrderness: kind / 6 % 2 * 12,
                    processingTime: kind / 12 % 2 == 1,
                    maxSlices: kind / 24 == 1 ? 2 : 100);
                var grid = grids[kind % 3];
                rules = rules with { MixesSlices = mixes == 1 && grid == Tumbling && !rules.ProcessingTime };
                SlicedModel.Check(grid, rules, slots, batch);
            }, iter: 2000);

    private static string[] WithoutWatermarks(AssignedSlots slots) =>
        [.. slots.Texts.Where(text => !text.StartsWith("Watermark", StringComparison.Ordinal))
            .Select(text => text.Replace(" and", "", StringComparison.Ordinal))];
}
