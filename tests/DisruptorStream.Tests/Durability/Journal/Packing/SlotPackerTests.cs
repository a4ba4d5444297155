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

    private static readonly Gen<long[]> AnyColumn = Gen.OneOf(
        AnyWord.Array[1, 70],
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

    [Fact]
    public void TryUnpack_BytesThatAreNoColumns_IsFalse()
    {
        var slots = new EventSlot[2];
        var bytes = new byte[256];
        fixed (EventSlot* to = slots)
        fixed (byte* from = bytes)
        {
            var packer = new SlotPacker(0);
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
                Assert.True(new SlotPacker(furtherWords).TryUnpack(
                    payload, bytes.Length, slots.Length, to, furtherTo));
            }
        }

        Assert.True(MemoryMarshal.AsBytes<EventSlot>(slots).SequenceEqual(MemoryMarshal.AsBytes<EventSlot>(back)));
        Assert.Equal(further, furtherBack);
    }
}
