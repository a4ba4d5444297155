using System.Runtime.InteropServices;
using CsCheck;
using DisruptorStream.Durability.Journal.Packing;
using DisruptorStream.Events;

namespace DisruptorStream.Tests.Durability.Journal.Packing;

public sealed unsafe class SlotPackerTests
{
    private static readonly Gen<long> AnyWord = Gen.OneOf(
        Gen.Long,
        Gen.Long[-5, 5],
        Gen.Const(long.MinValue),
        Gen.Const(long.MaxValue),
        Gen.Int[-1000, 1000].Select(number => BitConverter.DoubleToInt64Bits(number)),
        Gen.Double.Select(BitConverter.DoubleToInt64Bits),
        Gen.Const(BitConverter.DoubleToInt64Bits(-0.0)),
        Gen.Const(BitConverter.DoubleToInt64Bits(double.NaN)),
        Gen.Const(BitConverter.DoubleToInt64Bits(9223372036854775808.0)));

    // Times on a grid, and numbers whose last bits are all zero.
    private static readonly Gen<long[]> Multiples = Gen.Select(
        Gen.Long,
        Gen.OneOf(
            Gen.OneOf(new[] { 1L, 10, 10_000, 10_000_000, 50, 3, 1_220_703_125 }.Select(Gen.Const).ToArray()),
            Gen.Int[0, 62].Select(twos => 1L << twos),
            Gen.Int[0, 40].Select(twos => 625L << twos)),
        Gen.Int[0, 62]).SelectMany((start, unit, bits) => Gen.Long[0, long.MaxValue >> bits].Select(
            times => unchecked(start + (times * unit))).Array[1, 700]);

    private static readonly Gen<long[]> AnyColumn = Gen.OneOf(
        AnyWord.Array[1, 70],
        AnyWord.Array[250, 1_100],
        Multiples,
        Gen.Int[-1000, 1000].Select(number => BitConverter.DoubleToInt64Bits(number)).Array[1, 70],
        Gen.Select(Gen.Long, Gen.Int[0, 63], (start, bits) => (start, bits)).SelectMany(
            range => Gen.Long[0, long.MaxValue >> (63 - range.bits)].Select(
                more => unchecked(range.start + more)).Array[1, 70]));

    /// <summary>Whatever the slots hold, they come back bit for bit.</summary>
    [Fact]
    public void TryUnpack_AnySlots_AreTheSameBits() =>
        Gen.Select(AnyColumn, AnyColumn, AnyColumn, AnyColumn, Gen.Int[0, 3]).Sample(
            (times, measures, keys, heads, furtherWords) =>
            {
                var count = times.Length;
                var slots = new EventSlot[count];
                for (var index = 0; index < count; index++)
                {
                    ref var slot = ref slots[index];
                    slot.TimestampTicks = times[index];
                    slot.Measure = measures[index % measures.Length];
                    slot.KeyId = (int)keys[index % keys.Length];
                    MemoryMarshal.AsBytes(new Span<EventSlot>(ref slot))[20..].Clear();
                    BitConverter.TryWriteBytes(
                        MemoryMarshal.AsBytes(new Span<EventSlot>(ref slot))[20..], (int)heads[index % heads.Length]);
                }

                var further = new long[(count * furtherWords) + 1];
                for (var index = 0; index < count * furtherWords; index++)
                    further[index] = index % 2 == 0 ? measures[index % measures.Length] : keys[index % keys.Length];
                AssertSame(slots, further, furtherWords);
            });

    [Fact]
    public void Plan_UsualEvents_TakeTwelveBytes()
    {
        const int Count = 10_000;
        var random = new Random(1);
        var slots = new EventSlot[Count];
        for (var index = 0; index < Count; index++)
        {
            slots[index].TimestampTicks = 638_000_000_000_000_000 + (index * 10L) + random.Next(10_000);
            slots[index].Measure = BitConverter.DoubleToInt64Bits(random.NextDouble());
            slots[index].SetAccepted(random.Next(10_000), 0);
        }

        fixed (EventSlot* first = slots)
        {
            var bytes = new SlotPacker(0).Plan(new EventView(first, null, 0, 0, Count));
            Assert.InRange((double)bytes / Count, 10, 12);
        }
    }

    /// <summary>Times of whole milliseconds and multiples of 1/64 take the bits of those numbers.</summary>
    [Fact]
    public void Plan_TimesAndMeasuresOnAGrid_TakeFewBits()
    {
        const int Count = 10_000;
        var random = new Random(1);
        var slots = new EventSlot[Count];
        for (var index = 0; index < Count; index++)
        {
            slots[index].TimestampTicks =
                638_000_000_000_000_000 + (random.Next(1_000) * TimeSpan.TicksPerMillisecond);
            slots[index].Measure = BitConverter.DoubleToInt64Bits(1 + (random.Next(1_000) / 64.0));
            slots[index].SetAccepted(random.Next(1_000), 0);
        }

        fixed (EventSlot* first = slots)
        {
            var bytes = new SlotPacker(0).Plan(new EventView(first, null, 0, 0, Count));

            // 10 bits of a time, 10 of a key, and 13 of a measure: 3 of them its exponent.
            Assert.InRange((double)bytes / Count, 4.12, 4.15);
        }
    }

    /// <summary>One time that is off the grid of the others, or far from them, comes back as it was.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(TimeSpan.TicksPerMillisecond / 2)]
    [InlineData(long.MaxValue)]
    [InlineData(-638_000_000_000_000_001)]

    // With 2^64 more it would be on the grid.
    [InlineData(-2_748_779_069_450_000_366)]
    public void TryUnpack_OneTimeIsOffTheGrid_IsTheSame(long off)
    {
        for (var other = 0; other < 30; other++)
        {
            var slots = new EventSlot[30];
            for (var index = 0; index < slots.Length; index++)
                slots[index].TimestampTicks = 638_000_000_000_000_000 + (index * TimeSpan.TicksPerMillisecond);
            slots[other].TimestampTicks = unchecked(slots[other].TimestampTicks + off);
            AssertSame(slots, [0], furtherWords: 0);
        }
    }

    [Fact]
    public void TryUnpack_BytesThatAreNoColumns_IsFalse()
    {
        var slots = new EventSlot[2];
        var bytes = new byte[256];
        fixed (EventSlot* to = slots)
        fixed (byte* from = bytes)
        {
            var packer = new SlotUnpacker(0);
            Assert.False(packer.TryUnpack(from, 16, 2, to, null));
            Assert.True(packer.TryUnpack(from, 64, 2, to, null));
            Assert.False(packer.TryUnpack(from, 72, 2, to, null));
            bytes[0] = 9;
            Assert.False(packer.TryUnpack(from, 64, 2, to, null));
            bytes[0] = 2;
            Assert.False(packer.TryUnpack(from, 64, 2, to, null));
            bytes[0] = 0;
            bytes[1] = 65;
            Assert.False(packer.TryUnpack(from, 256, 2, to, null));
        }
    }

    private static void AssertSame(EventSlot[] slots, long[] further, int furtherWords)
    {
        var back = new EventSlot[slots.Length];
        var furtherBack = new long[further.Length];
        var packer = new SlotPacker(furtherWords);
        fixed (EventSlot* from = slots, to = back)
        fixed (long* furtherFrom = further, furtherTo = furtherBack)
        {
            var view = new EventView(from, furtherFrom, furtherWords, 0, slots.Length);
            var bytes = new byte[packer.Plan(in view)];
            Array.Fill(bytes, (byte)0xAA);
            fixed (byte* payload = bytes)
            {
                packer.Pack(in view, payload);
                Assert.True(new SlotUnpacker(furtherWords).TryUnpack(
                    payload, bytes.Length, slots.Length, to, furtherTo));
            }
        }

        Assert.True(MemoryMarshal.AsBytes<EventSlot>(slots).SequenceEqual(MemoryMarshal.AsBytes<EventSlot>(back)));
        Assert.Equal(further, furtherBack);
    }
}
