using CsCheck;
using DisruptorStream.Events;

namespace DisruptorStream.Tests.Events;

/// <summary>The blocks that the vectors count, beside one slot after the other.</summary>
public sealed unsafe class SlotBoundsTests
{
    private const uint Head = 7;

    private static readonly Gen<double> AnyMeasure = Gen.Frequency(
        (30, Gen.Double),
        (1, OneOf(-0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MinValue)),
        (3, OneOf(0.0, double.MaxValue, double.Epsilon)));

    private static readonly Gen<EventSlot> AnySlot = Gen.Select(
        Gen.Frequency((30, Gen.Long[-5, 100]), (1, OneOf(long.MinValue, long.MaxValue, -6, 101))),
        AnyMeasure,
        Gen.Frequency((40, Gen.Int[0, 9]), (1, OneOf(-1, 10, int.MaxValue))),
        Gen.Frequency((40, Gen.Const(Head)), (1, OneOf(0u, 6u, Head | 1u << 16, uint.MaxValue))),
        NewSlot);

    [Fact]
    public void CountBlocks_AnySlots_EqualsOneByOne() =>
        Gen.Select(AnySlot.Array[0, 60], Gen.Bool, Gen.Long[-1, 60]).Sample((slots, isInput, before) =>
        {
            var bounds = new SlotBounds(-5, 106, Head, isInput ? 10 : 1UL << 32, isInput);
            var range = new TimestampRange(before, before);
            int counted;
            fixed (EventSlot* first = slots)
                counted = bounds.CountBlocks(first, slots.Length, ref range);

            var alike = slots.TakeWhile(slot => Fits(slot, isInput)).Count();
            Assert.Equal(alike / SlotBounds.BlockSlots * SlotBounds.BlockSlots, counted);
            var timestamps = slots.Take(counted).Select(slot => slot.TimestampTicks).Append(before).ToArray();
            Assert.Equal(timestamps.Max(), range.Latest);
            Assert.Equal(isInput ? timestamps.Min() : before, range.Earliest);
        });

    private static bool Fits(EventSlot slot, bool isInput)
    {
        if (slot.TimestampTicks is < -5 or > 100 || EventSlot.HeadOf(&slot) != Head)
            return false;
        var measure = BitConverter.Int64BitsToDouble(slot.Measure);
        var isMinusZero = measure == 0 && double.IsNegative(measure);
        return !isInput || (double.IsFinite(measure) && !isMinusZero && slot.KeyId is >= 0 and < 10);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static EventSlot NewSlot(long timestamp, double measure, int keyId, uint head) => new()
    {
        TimestampTicks = timestamp,
        Measure = BitConverter.DoubleToInt64Bits(measure),
        KeyId = keyId,
        SourceId = (ushort)head,
        Kind = (SlotKind)(byte)(head >> 16),
        Reason = (DropReason)(byte)(head >> 24),
    };
}
