using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Rings;
using DisruptorStream.Tests.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Ingest;

public sealed unsafe class EventWriterTests
{
    private const long First = -1000;
    private const long Last = 1000;
    private const long Now = 500;
    private const long Skew = 100;
    private const long MinusZero = long.MinValue;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddTicks(Now));
    private readonly SlotRing _ring = new(measures: 3);
    private readonly KeyTable<string> _keys = new(2);

    /// <summary>For its time first, then for its measures, then for want of an id.</summary>
    [Theory]
    [InlineData(First - 1, double.NaN, 1, true, DropReason.TimestampOutOfRange)]
    [InlineData(Last + 1, 1, double.NaN, false, DropReason.TimestampOutOfRange)]
    [InlineData(Now + Skew + 1, double.PositiveInfinity, 1, true, DropReason.FutureSkew)]
    [InlineData(Now + Skew, double.NegativeInfinity, 1, true, DropReason.NotFinite)]
    [InlineData(First, 1, double.NaN, true, DropReason.NotFinite)]
    [InlineData(First, 1, 1, true, DropReason.KeyLimit)]
    [InlineData(First, 1, 1, false, DropReason.None)]
    [InlineData(Now + Skew, 1, 1, false, DropReason.None)]
    public void Publish_SeveralReasons_RefusesForTheFirst(
        long time, double first, double second, bool isFull, DropReason expected)
    {
        var writer = NewWriter();
        if (isFull)
        {
            _keys.Intern("a");
            _keys.Intern("b");
        }

        writer.Publish(Key("new"), 7, time, Bits(first), [Bits(second), 5]);

        var slot = *_ring.Slots.SlotAt(0);
        Assert.Equal(expected, slot.Reason);
        Assert.Equal(expected == DropReason.None ? SlotKind.Event : SlotKind.Refused, slot.Kind);
        Assert.Equal((time, (ushort)7, isFull ? -1 : 0), (slot.TimestampTicks, slot.SourceId, slot.KeyId));
        Assert.Equal(Bits(second), _ring.Slots.FurtherMeasuresAt(0)[0]);
        Assert.Equal(1, _ring.Figures.EventsClaimed);
        Assert.True(_ring.Slots.Sequencer.IsPublished(0));
    }

    [Theory]
    [InlineData(First)]
    [InlineData(First - 1)]
    public void Publish_MinusZero_IsZeroInDoublesAndKeptInWholeNumbers(long time)
    {
        NewWriter().Publish(Key("a"), 0, time, MinusZero, [MinusZero, MinusZero]);

        Assert.Equal(0, _ring.Slots.SlotAt(0)->Measure);
        var further = _ring.Slots.FurtherMeasuresAt(0);
        Assert.Equal((0, MinusZero), (further[0], further[1]));
    }

    [Fact]
    public void Publish_NotFiniteIsIgnored_KeepsTheBits()
    {
        const long Odd = 0x7FF8_0000_0000_1234;
        NewWriter(policy: NonFinitePolicy.IgnoreMeasure).Publish(Key("a"), 0, 0, Odd, [Odd, Odd]);

        var slot = *_ring.Slots.SlotAt(0);
        Assert.Equal((SlotKind.Event, Odd), (slot.Kind, slot.Measure));
        Assert.Equal((Odd, Odd), (_ring.Slots.FurtherMeasuresAt(0)[0], _ring.Slots.FurtherMeasuresAt(0)[1]));
    }

    /// <summary>What looks like a number that is none may be a whole number.</summary>
    [Fact]
    public void Publish_WholeNumberWithTheBitsOfInfinity_IsTaken()
    {
        NewWriter().Publish(Key("a"), 0, 0, 0, [0, Bits(double.PositiveInfinity)]);

        Assert.Equal(SlotKind.Event, _ring.Slots.SlotAt(0)->Kind);
    }

    /// <summary>The remembered time of day may be old: before an event is refused, the clock is read.</summary>
    [Fact]
    public void Publish_ClockHasMovedSinceTheLastLook_JudgesByTheClock()
    {
        var writer = NewWriter();
        _time.Advance(TimeSpan.FromTicks(10));

        writer.Publish(Key("a"), 0, Now + Skew + 10, 0, [0, 0]);
        writer.Publish(Key("a"), 0, Now + Skew + 11, 0, [0, 0]);

        Assert.Equal(DropReason.None, _ring.Slots.SlotAt(0)->Reason);
        Assert.Equal(DropReason.FutureSkew, _ring.Slots.SlotAt(1)->Reason);
    }

    [Fact]
    public void Publish_ProcessingTime_StampsWithTheClockWhateverTheEventSays()
    {
        NewWriter(processingTime: true).Publish(Key("a"), 0, Last + 5, 0, [0, 0]);

        var slot = *_ring.Slots.SlotAt(0);
        Assert.Equal((SlotKind.Event, Now), (slot.Kind, slot.TimestampTicks));
    }

    [Fact]
    public void TryPublish_Full_IsFalseAndAddsNoKey()
    {
        _ring.Slots.Sequencer.AddGatingSequences(new Sequence());
        _ring.Events.Publish(_ring.Events.Claim(SlotRing.Capacity));

        Assert.False(NewWriter().TryPublish(Key("a"), 0, 0, 0, [0, 0]));

        Assert.False(_keys.TryGet("a", out _));
        Assert.Equal(SlotRing.Capacity, _ring.Figures.EventsClaimed);
    }

    [Fact]
    public void Publish_LookUpThrowsInsideTheClaim_PublishesAVoidSlotAndGoesOn()
    {
        var writer = NewWriter();
        var gone = _keys.Pin("a");
        gone.Dispose();

        Assert.Throws<ObjectDisposedException>(
            () => writer.Publish(new KeyReference.ByHandle<string>(gone), 0, 0, 0, [0, 0]));
        writer.Publish(Key("a"), 0, 0, 0, [0, 0]);

        Assert.Equal(SlotKind.Void, _ring.Slots.SlotAt(0)->Kind);
        Assert.Equal(SlotKind.Event, _ring.Slots.SlotAt(1)->Kind);
        Assert.Equal(1, _ring.Slots.Sequencer.HighestPublished(0));
        Assert.Equal(1, _ring.Figures.EventsClaimed);
    }

    [Fact]
    public void Write_SlotOfAClaim_IsJudgedAndNotPublished()
    {
        var writer = NewWriter();
        var range = _ring.Events.Claim(2);

        writer.Write(range.First + 1, Key("a"), 3, Last + 1, 0, [0, 0]);

        Assert.Equal(DropReason.TimestampOutOfRange, _ring.Slots.SlotAt(range.First + 1)->Reason);
        Assert.Equal(-1, _ring.Slots.Sequencer.HighestPublished(0));
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    [InlineData(9.2233720368547758E18)]
    [InlineData(-9.3E18)]
    public void ToBits_WholeMeasureOfOtherValue_IsRefusedAndNamed(double value) =>
        Assert.Contains(
            "'z'",
            Assert.Throws<ArgumentException>(() => NewWriter().ToBits(2, value)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ToBits_WholeNumbers_AreThemselves()
    {
        var writer = NewWriter();

        Assert.Equal(long.MinValue, writer.ToBits(2, long.MinValue));
        Assert.Equal(-7, writer.ToBits(2, -7.0));
        Assert.Equal(Bits(-0.0), writer.ToBits(0, -0.0));
        Assert.Contains(
            "x, y, z",
            Assert.Throws<ArgumentException>(() => writer.ToSingleBits(1)).Message,
            StringComparison.Ordinal);
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private static KeyReference.ByKey<string> Key(string key) => new(key);

    private static PublishRules Rules(
        NonFinitePolicy policy = NonFinitePolicy.RejectEvent, bool processingTime = false) => new()
        {
            Measures =
            [
                new MeasureDefinition("x", 0, MeasureType.Double),
                new MeasureDefinition("y", 1, MeasureType.Double),
                new MeasureDefinition("z", 2, MeasureType.Int64),
            ],
            FirstTicks = First,
            LastTicks = Last,
            FutureSkewTicks = Skew,
            NonFinite = policy,
            ProcessingTime = processingTime,
        };

    private EventWriter<string> NewWriter(
        NonFinitePolicy policy = NonFinitePolicy.RejectEvent, bool processingTime = false) =>
        new(_ring.Events, _keys, new ProcessingClock(_time), Rules(policy, processingTime));
}
