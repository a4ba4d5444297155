using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Assignment.Jumps;
using static DisruptorStream.Tests.Pipeline.Assignment.AssignedSlots;

namespace DisruptorStream.Tests.Pipeline.Assignment.Jumps;

public sealed class JumpGuardTests
{
    private static readonly AssignmentRules Guarded = Rules() with { Jumps = new JumpRules(100, Keys: 2, Events: 3) };

    [Fact]
    public void OnBatch_FirstEvents_AreHeldAndReleasedAtTheSlotThatConfirmsThem()
    {
        var slots = new AssignedSlots(null, Guarded);

        slots.Take(At(10, key: 1), At(20, key: 1), At(15, key: 2), At(30, key: 1));

        Assert.Equal(
            [
                "Pass 0+1", "Pass 1+1", "Pass 2+1 and", "Events 2+1 slice 0 at none and",
                "Events 2+1 slice 0 at 10 and", "Events 2+1 slice 0 at 20", "Events 3+1 slice 0 at 20",
            ],
            slots.Texts);
        Assert.Equal([0, 0, 0, 1, 2, 3, 0], slots.Runs.ToArray().Select(run => Math.Sign(run.Copy) * run.Copy));
        Assert.Equal((4, 0), (slots.ReadFigures().EventsProcessed, slots.ReadFigures().EventsHeld));
    }

    [Fact]
    public unsafe void OnBatch_SourceGoesOnWithoutAJump_ItIsRefusedAheadOfTheEventThatDoes()
    {
        var slots = new AssignedSlots(null, Guarded);
        slots.Take(At(10, key: 1), At(10, key: 2));

        slots.Take(At(500, key: 1), At(9, key: 2), At(11, key: 2));

        Assert.Equal(
            [
                "Pass 2+1", "Events 3+1 slice 0 at 10", "Dropped 4+1 TimestampJump and", "Events 4+1 slice 0 at 10",
            ],
            slots.Texts);
        var copy = slots.Stage.Copies.View(slots.Runs[2].Copy, cause: 4);
        Assert.Equal((500, 1), (copy.Slots->TimestampTicks, copy.Slots->KeyId));
        Assert.Equal((2, 4), (copy.SequenceOf(0), copy.CauseOf(0)));
    }

    /// <summary>What is far below the threshold is one run, whatever it holds.</summary>
    [Fact]
    public void OnBatch_OrdinaryEvents_AreOneRunUpToTheThreshold()
    {
        var slots = new AssignedSlots(null, Guarded);
        slots.Take(At(10, key: 1), At(10, key: 2));

        slots.Take([.. Enumerable.Range(10, 101).Select(time => At(time)), At(111), At(112)]);

        Assert.Equal(["Events 2+101 slice 0 at 10", "Events 103+2 slice 0 at 110"], slots.Texts);
    }

    /// <summary>The latest time of a block may be that of an event that is refused.</summary>
    [Fact]
    public void OnEvents_BlockWithAJump_TheWatermarkIsThatOfTheOthers()
    {
        var slots = new AssignedSlots(null, Guarded);
        slots.Take(At(10, key: 1), At(10, key: 2));

        slots.TakeEvents(0, new TimestampRange(60, 115), At(115, key: 3), At(60, key: 1), At(61, key: 2));

        Assert.Equal(
            [
                "Pass 2+1", "Dropped 3+1 TimestampJump and", "Events 3+2 slice 0 at 10",
            ],
            slots.Texts);
        Assert.Equal(61, slots.Stage.WatermarkTicks);
    }

    [Fact]
    public void OnBatch_KeyOfAHeldEventIsToBeRetired_ItStays()
    {
        var slots = new AssignedSlots(null, Guarded);
        slots.Take(At(10, key: 1), At(10, key: 2), At(500, key: 1));
        var retiring = Of(SlotKind.KeyRetiring);

        slots.Take(retiring with { KeyId = 1 }, At(20, key: 2));
        Assert.Equal(["KeyKept 3+1"], slots.Texts);
        slots.Take(retiring with { KeyId = 2 });
        Assert.Equal(["KeyRetiring 4+1"], slots.Texts);

        // Another key at a usual time: the held event was alone with its time, and its key may go.
        slots.Take(At(20, key: 2), retiring with { KeyId = 1 });
        Assert.Equal(
            ["Dropped 5+1 TimestampJump and", "Events 5+1 slice 0 at 10", "KeyRetiring 6+1"], slots.Texts);
    }

    [Fact]
    public void OnBatch_EndOfInput_ReleasesAllInTheirOrder()
    {
        var slots = new AssignedSlots(null, Guarded);
        slots.Take(
            Of(SlotKind.SourceRegistered, source: 0), Of(SlotKind.SourceRegistered, source: 1),
            At(900, source: 1, key: 1), At(10, key: 1));

        slots.Take(Of(SlotKind.SourceCompleted, source: 1), Of(SlotKind.SourceCompleted));

        Assert.Equal(
            [
                "Pass 4+1", "Events 5+1 slice 0 at none and", "Events 5+1 slice 0 at none and", "Watermark 5+1 to end",
            ],
            slots.Texts);
        Assert.Equal(0, slots.ReadFigures().EventsHeld);
    }
}
