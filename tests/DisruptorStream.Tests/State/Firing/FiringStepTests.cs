using DisruptorStream.Events;
using DisruptorStream.State.Panes;
using DisruptorStream.Tests.State.Saving;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State.Firing;

/// <summary>However much a slot makes due, it goes by portions, and an abort ends it between two.</summary>
public sealed class FiringStepTests
{
    private const int Keys = 3000;
    private const int Budget = 32;

    private static readonly EventSlot Tick = new() { Kind = SlotKind.Tick, TimestampTicks = 100, Measure = 100 };
    private static readonly EventSlot FarWatermark = Watermark(10_000);

    /// <summary>What a case is built from, what comes before, and the slot that makes much due.</summary>
    private static readonly Dictionary<string, (EngineSetup Setup, EventSlot[] Before, EventSlot Last)> All = new()
    {
        ["late windows that expire"] =
            (Slices("sliding, late panes") with { Late = Count(1) }, [At(0, 300), .. EachKey(40)], FarWatermark),
        ["late panes that are delayed"] =
            (Slices("sliding, late panes") with { Late = Delay() }, [At(0, 75), .. EachKey(40)], Tick),
        ["slices that expire"] =
            (Slices("tumbling, sketches"), [.. EachKey(1), At(0, 70), Watermark(25)], FarWatermark),
        ["own windows that expire"] =
            (EngineSetups.Named("retracting") with { Early = null, Late = null, AllowedLatenessTicks = 500 },
                [.. EachKey(1), At(0, 70), Watermark(25)], FarWatermark),
        ["early panes that are delayed"] =
            (EngineSetups.Named("retracting") with { Early = Delay(), OutOfOrdernessTicks = 60 }, EachKey(1), Tick),
        ["early panes at every tick"] =
            (EngineSetups.Named("panes at every tick") with
            {
                Window = FixedWindows.Tumbling(20),
                OutOfOrdernessTicks = 60,
            }, EachKey(41), Tick),
        ["sessions that are delayed"] =
            (EngineSetups.Named("sessions, retracting") with { Early = Delay() }, EachKey(1), Tick),
        ["sessions that end together"] =
            (EngineSetups.Named("sessions"), EachKey(1), FarWatermark),
        ["silences that start together"] =
            (EngineSetups.Named("silences"), EachKey(1), FarWatermark),
        ["sessions at the end of input"] =
            (EngineSetups.Named("sessions"), EachKey(1), new EventSlot { Kind = SlotKind.EndOfInput }),
    };

    public static TheoryData<string> Cases => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Work_MuchIsDue_TakesManySteps(string name)
    {
        var (setup, before, last) = All[name];
        using var engine = Prepared(setup, before, default);
        var steps = 0;
        engine.Feed(Slots(before, last), before.Length + 1, before.Length + 2, 1, Budget);
        for (var most = 0; engine.IsFiring; steps++)
        {
            var rows = engine.RowCount;
            engine.Work(Budget);
            most = Math.Max(most, engine.RowCount - rows);
            Assert.InRange(most, 0, (2 * Budget) + 1);
            Assert.InRange(steps, 0, 100 * Keys);
        }

        Assert.InRange(steps, Keys / Budget, 100 * Keys);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FinishFiring_AbortInTheMiddle_EmitsNothingMore(string name)
    {
        var (setup, before, last) = All[name];
        using var abort = new CancellationTokenSource();
        using var engine = Prepared(setup, before, abort.Token);
        engine.Feed(Slots(before, last), before.Length + 1, before.Length + 2, 1, Budget);
        engine.Work(Budget);
        Assert.True(engine.IsFiring);
        var rows = engine.RowCount;

        abort.Cancel();

        Assert.Throws<OperationCanceledException>(engine.FinishFiring);
        Assert.Equal(rows, engine.RowCount);
    }

    /// <summary>Events, also those that open a window, need not wait until all triggers have been asked.</summary>
    [Theory]
    [InlineData("early panes that are delayed", 2)]
    [InlineData("early panes at every tick", 42)]
    public void OnEvents_TickUnderWay_GoesOn(string name, long time)
    {
        var (setup, before, last) = All[name];
        var slots = Slots(before, last, At(Keys - 1, time), At(Keys - 1, 23), At(0, 3), At(Keys + 5, time));
        var tick = before.Length + 1;
        using var engine = Prepared(setup, before, default);
        using var atOnce = Prepared(setup, before, default);
        engine.Feed(slots, tick, slots.Length, 1, Budget);
        atOnce.Handle(slots, tick, tick + 1, 1, Budget);
        Assert.True(engine.IsFiring);

        engine.FinishFiring();
        atOnce.Handle(slots, tick + 1, slots.Length, 1, Budget);

        Assert.Equal(atOnce.TakeRows(), engine.TakeRows());
        Assert.Equal(atOnce.Save(), engine.Save());
    }

    private static EventSlot[] Slots(EventSlot[] before, params EventSlot[] after) =>
        [new EventSlot { Kind = SlotKind.Tick, TimestampTicks = 1, Measure = 1 }, .. before, .. after];

    private static SavedEngine Prepared(EngineSetup setup, EventSlot[] before, CancellationToken abort)
    {
        var engine = new SavedEngine(setup, 1, abort: abort);
        engine.Handle(Slots(before), 0, before.Length + 1, 1000, int.MaxValue);
        return engine;
    }

    private static EngineSetup Slices(string name) => EngineSetups.Named(name) with { AllowedLatenessTicks = 500 };

    private static PaneTrigger Count(long count) =>
        PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(new CountDelayTrigger(count, -1));

    private static PaneTrigger Delay() =>
        PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(new CountDelayTrigger(-1, 9));

    private static EventSlot[] EachKey(long time) =>
        [.. Enumerable.Range(0, Keys).Select(key => At(key, time))];

    private static EventSlot At(int key, long time) => new()
    {
        KeyId = key,
        TimestampTicks = time,
        Measure = BitConverter.DoubleToInt64Bits(key % 5),
    };

    private static EventSlot Watermark(long time) => new() { Kind = SlotKind.SourceWatermark, TimestampTicks = time };
}
