using DisruptorStream.Events;
using static DisruptorStream.Tests.Pipeline.Assignment.AssignedSlots;

namespace DisruptorStream.Tests.Pipeline.Assignment;

public sealed class UnslicedAssignmentTests
{
    [Fact]
    public void OnBatch_EventsOfTwoSources_RunsAreWhatOneSourceSentInARow()
    {
        var slots = new AssignedSlots(null, Rules(outOfOrderness: 5));

        Assert.Equal(6, slots.Take(At(10), At(90), At(20), At(40, source: 1), At(15), At(30)));

        Assert.Equal(
            ["Events 0+3 slice 0 at none", "Events 3+1 slice 0 at 85", "Events 4+2 slice 0 at 85"], slots.Texts);
        Assert.Equal(
            [(long.MinValue, 90, long.MaxValue), (long.MinValue, 40, 85), (90, 90, 35)],
            slots.Runs.ToArray().Select(run => (run.SourceMaxTicks, run.EndMaxTicks, run.WatermarkCapTicks)));
    }

    [Fact]
    public void OnBatch_TimesAtBothEndsOfTime_EndTheRunAtTheLastTickAlone()
    {
        var slots = new AssignedSlots(null, Rules());

        slots.Take(At(long.MinValue + 1), At(long.MaxValue - 1), At(0));

        Assert.Equal(["Events 0+3 slice 0 at none"], slots.Texts);
        Assert.Equal(long.MaxValue - 1, slots.Stage.WatermarkTicks);
    }

    [Fact]
    public void OnBatch_RefusedEvent_IsDroppedInItsPlaceAndMovesNothing()
    {
        var slots = new AssignedSlots(null, Rules());
        var refused = At(500) with { Kind = SlotKind.Refused, Reason = DropReason.KeyLimit };

        slots.Take(At(10), refused, At(11));

        Assert.Equal(
            ["Events 0+1 slice 0 at none", "Dropped 1+1 KeyLimit", "Events 2+1 slice 0 at 10"], slots.Texts);
        var figures = slots.ReadFigures();
        Assert.Equal(3, figures.EventsProcessed);
        Assert.Equal(1, figures.Dropped[(int)DropReason.KeyLimit]);
        Assert.Equal(11, figures.WatermarkTicks);
    }

    [Fact]
    public void OnBatch_ExplicitWatermark_IsToldWhereItIsHigherAndCountedWhereItGoesBack()
    {
        var slots = new AssignedSlots(null, Rules(outOfOrderness: -1));

        slots.Take(
            Of(SlotKind.SourceWatermark, time: 50), Of(SlotKind.SourceWatermark, time: 40), At(60),
            Of(SlotKind.SourceWatermark, time: 60));

        Assert.Equal(
            ["Watermark 0+1 to 50", "Pass 1+1", "Events 2+1 slice 0 at 50", "Watermark 3+1 to 60"], slots.Texts);
        Assert.Equal(1, slots.ReadFigures().WatermarkRegressions);
    }

    [Fact]
    public void OnBatch_SourceThatHoldsTheWatermarkBackGoesIdle_IsTold()
    {
        var slots = new AssignedSlots(null, Rules());

        slots.Take(
            Of(SlotKind.SourceRegistered, source: 1), At(30), Of(SlotKind.SourceIdle, source: 1),
            Of(SlotKind.SourceActive, source: 1), At(40), Of(SlotKind.SourceRemoved, source: 1));

        Assert.Equal(
            ["Pass 0+1", "Events 1+1 slice 0 at none", "Watermark 2+1 to 30", "Pass 3+1", "Events 4+1 slice 0 at 30",
                "Watermark 5+1 to 40"],
            slots.Texts);
    }

    [Fact]
    public void OnBatch_ClockPassesTheIdleTimeout_WatermarkFollowsTheTick()
    {
        var slots = new AssignedSlots(null, Rules(), idleTimeoutTicks: 100);

        slots.Take(
            Of(SlotKind.Tick, time: 7, measure: 1000), Of(SlotKind.SourceRegistered, source: 1),
            Of(SlotKind.Tick, time: 8, measure: 1099), At(30), Of(SlotKind.Tick, time: 6, measure: 1100));

        Assert.Equal(
            ["Clock 0+1 1000 of day 7", "Pass 1+1", "Clock 2+1 1099 of day 8",
                "Events 3+1 slice 0 at none", "Clock 4+1 1100 of day 6 and", "Watermark 4+1 to 30"],
            slots.Texts);
    }

    [Fact]
    public void OnBatch_ProcessingTime_TellsAtEachTickAndNeverGoesBack()
    {
        var slots = new AssignedSlots(null, Rules(processingTime: true));

        slots.Take(Of(SlotKind.Tick, time: 20, measure: 1), Of(SlotKind.Tick, time: 15, measure: 2), At(25), At(22));

        Assert.Equal(
            ["Clock 0+1 1 of day 20 and", "Watermark 0+1 to 20", "Clock 1+1 2 of day 15 and", "Watermark 1+1 to 20",
                "Events 2+2 slice 0 at 20"],
            slots.Texts);
        Assert.Equal(25, slots.Stage.WatermarkTicks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OnBatch_EventsAfterTheEnd_AreDroppedOneByOne(bool processingTime)
    {
        var slots = new AssignedSlots(null, Rules(processingTime: processingTime));

        slots.Take(At(5), Of(SlotKind.EndOfInput), At(6), At(7), Of(SlotKind.Tick, time: 9, measure: 9));

        Assert.Equal(
            ["Events 0+1 slice 0 at none", "Watermark 1+1 to end", "Dropped 2+1 AfterEnd", "Dropped 3+1 AfterEnd"],
            slots.Texts[..4]);
        Assert.Equal(long.MaxValue, slots.Stage.WatermarkTicks);
        Assert.Equal(2, slots.ReadFigures().Dropped[(int)DropReason.AfterEnd]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OnBatch_LastSourceCompletes_IsTheEndOfInput(bool byWatermark)
    {
        var slots = new AssignedSlots(null, Rules());
        var end = byWatermark
            ? Of(SlotKind.SourceWatermark, time: long.MaxValue)
            : Of(SlotKind.SourceCompleted);

        slots.Take(
            Of(SlotKind.SourceRegistered, source: 1), At(5), end, Of(SlotKind.SourceCompleted, source: 1), At(6));

        Assert.Equal("Pass 2+1", slots.Texts[2]);
        Assert.Equal(["Watermark 3+1 to end", "Dropped 4+1 AfterEnd"], slots.Texts[3..]);
    }

    [Fact]
    public void OnBatch_StopSlot_TakesTheWholeBatchAndHandlesNothingBehindIt()
    {
        var slots = new AssignedSlots(null, Rules());

        Assert.Equal(4, slots.Take(At(1), Of(SlotKind.Stop), At(2), Of(SlotKind.Void)));

        Assert.Equal(["Events 0+1 slice 0 at none", "Stop 1+1"], slots.Texts);
        Assert.Equal(1, slots.ReadFigures().EventsProcessed);
    }

    [Fact]
    public void OnBatch_SaveSlot_EndsTheBatchAndTheRestIsTakenByTheNext()
    {
        var slots = new AssignedSlots(null, Rules());
        EventSlot[] all = [At(1), Of(SlotKind.Save), At(2), Of(SlotKind.Flush)];

        Assert.Equal(2, slots.Take(all));
        Assert.Equal(["Events 0+1 slice 0 at none", "Save 1+1"], slots.Texts);

        Assert.Equal(2, slots.Take(all[2..]));
        Assert.Equal(["Events 2+1 slice 0 at 1", "Pass 3+1"], slots.Texts);
    }

    [Fact]
    public void OnBatch_SlotsWithoutEvents_AreARunEach()
    {
        var slots = new AssignedSlots(null, Rules());

        slots.Take(Of(SlotKind.Void), Of(SlotKind.Flush), Of(SlotKind.KeyRetiring));

        Assert.Equal(["Pass 0+1", "Pass 1+1", "KeyRetiring 2+1"], slots.Texts);
    }

    [Fact]
    public void OnEvents_RangeIsKnown_TakesThemAllByItWhateverTheSlotsSay()
    {
        var slots = new AssignedSlots(null, Rules());

        slots.TakeEvents(source: 2, new TimestampRange(4, 9), At(4, source: 7), At(9), At(5, source: 1));

        Assert.Equal(["Events 0+3 slice 0 at none"], slots.Texts);
        Assert.Equal(9, slots.Runs[0].EndMaxTicks);
        Assert.Equal(9, slots.Stage.WatermarkTicks);
        Assert.False(slots.Stage.Tracker.IsIdle(2));
        Assert.Equal(9, slots.Stage.Tracker.WatermarkOf(2));
        Assert.Equal(long.MinValue, slots.Stage.Tracker.WatermarkOf(7));
    }
}
