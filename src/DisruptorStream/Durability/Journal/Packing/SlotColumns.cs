using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Takes slots apart: their three words of 8 bytes (time, measure, key and head) as columns.</summary>
internal static unsafe class SlotColumns
{
    /// <summary>The words of a slot.</summary>
    public const int SlotWords = 3;

    /// <summary>How many slots are in work at a time: so many columns of them stay in the first cache.</summary>
    public const int BlockSlots = 256;

    private const int HalfBits = 32;

    /// <summary>How many slots are split at once.</summary>
    public const int Lanes = 4;

    // In three vectors of four words, four slots are: time 0, measure 0, tail 0, time 1 | measure 1, tail 1, time 2,
    // measure 2 | tail 2, time 3, measure 3, tail 3. So a column has each of its places in a vector of its own, and
    // blends are enough. They number halves of words.
    private const byte SecondWord = 0b0000_1100;
    private const byte ThirdWord = 0b0011_0000;

    // What order makes of a split: word n is the one that two bits from 2 * n on name.
    private const byte TimeOrder = 0b01_10_11_00;
    private const byte MeasureOrder = 0b10_11_00_01;
    private const byte TailOrder = 0b11_00_01_10;

    /// <summary>Room for the three columns of a block, one behind the other; pinned.</summary>
    public static ulong[] NewBlock() => GC.AllocateArray<ulong>(SlotWords * BlockSlots, pinned: true);

    /// <summary>
    /// Splits four slots, in an order that differs from column to column: for what does not depend on it.
    /// </summary>
    /// <param name="slot">The first of them.</param>
    /// <param name="times">Slots 0, 3, 2, 1.</param>
    /// <param name="measures">Slots 1, 0, 3, 2.</param>
    /// <param name="tails">Slots 2, 1, 0, 3: the key in the low half, the head in the high one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(
        long* slot, out Vector256<long> times, out Vector256<long> measures, out Vector256<long> tails)
    {
        var a = Vector256.Load((int*)slot);
        var b = Vector256.Load((int*)(slot + Lanes));
        var c = Vector256.Load((int*)(slot + (2 * Lanes)));
        times = Avx2.Blend(Avx2.Blend(a, c, SecondWord), b, ThirdWord).AsInt64();
        measures = Avx2.Blend(Avx2.Blend(b, a, SecondWord), c, ThirdWord).AsInt64();
        tails = Avx2.Blend(Avx2.Blend(c, b, SecondWord), a, ThirdWord).AsInt64();
    }

    /// <summary>Puts four slots together: what <see cref="Split"/> takes apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(
        long* slot, Vector256<long> times, Vector256<long> measures, Vector256<long> tails)
    {
        var (t, m, k) = (times.AsInt32(), measures.AsInt32(), tails.AsInt32());
        Avx2.Blend(Avx2.Blend(t, m, SecondWord), k, ThirdWord).Store((int*)slot);
        Avx2.Blend(Avx2.Blend(m, k, SecondWord), t, ThirdWord).Store((int*)(slot + Lanes));
        Avx2.Blend(Avx2.Blend(k, t, SecondWord), m, ThirdWord).Store((int*)(slot + (2 * Lanes)));
    }

    /// <summary>The numbers of the columns: differences to the base, in the units of the column.</summary>
    /// <param name="slot">The first slot.</param>
    /// <param name="count">How many.</param>
    /// <param name="time">The column of times, of integers or multiples.</param>
    /// <param name="measure">That of measures, of integers or of multiples of a power of two.</param>
    /// <param name="key">That of keys, of integers.</param>
    /// <param name="times">Where the times go.</param>
    /// <param name="measures">Where the measures go.</param>
    /// <param name="keys">Where the keys go.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(
        long* slot,
        int count,
        in PackedColumn time,
        in PackedColumn measure,
        in PackedColumn key,
        ulong* times,
        ulong* measures,
        ulong* keys)
    {
        var inverse = time.Fives == 0 ? 1 : OddInverse.Of(PackedColumn.PowerOfFive(time.Fives));
        var done = Avx2.IsSupported
            ? WriteVectors(slot, count, in time, in measure, in key, inverse, times, measures, keys)
            : 0;
        for (slot += done * SlotWords; done < count; done++, slot += SlotWords)
        {
            times[done] = unchecked(((ulong)(slot[0] - time.Base) >> time.Twos) * inverse);
            measures[done] = unchecked((ulong)(slot[1] - measure.Base)) >> measure.Twos;
            keys[done] = unchecked((uint)((int)slot[2] - (int)key.Base));
        }
    }

    /// <summary>Slots of the numbers of their columns. Whole doubles are numbers then still.</summary>
    /// <param name="slot">The first slot.</param>
    /// <param name="count">How many.</param>
    /// <param name="time">The column of times.</param>
    /// <param name="measure">That of measures.</param>
    /// <param name="key">That of keys.</param>
    /// <param name="head">Of all slots.</param>
    /// <param name="times">The times.</param>
    /// <param name="measures">The measures.</param>
    /// <param name="keys">The keys.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Read(
        long* slot,
        int count,
        in PackedColumn time,
        in PackedColumn measure,
        in PackedColumn key,
        uint head,
        ulong* times,
        ulong* measures,
        ulong* keys)
    {
        var (timeUnit, timeBase) = (time.Unit, (ulong)time.Base);
        var (measureUnit, measureBase) = (measure.Unit, (ulong)measure.Base);
        var (keyBase, tail) = ((ulong)key.Base, (ulong)head << HalfBits);
        var done = 0;
        var lowHalf = Vector256.Create((ulong)uint.MaxValue);
        for (; Avx2.IsSupported && done + Lanes <= count; done += Lanes, slot += Lanes * SlotWords)
        {
            var t = (Vector256.Load(times + done) * timeUnit) + Vector256.Create(timeBase);
            var m = (Vector256.Load(measures + done) * measureUnit) + Vector256.Create(measureBase);
            var k = ((Vector256.Load(keys + done) + Vector256.Create(keyBase)) & lowHalf) | Vector256.Create(tail);
            Join(
                slot,
                Avx2.Permute4x64(t.AsInt64(), TimeOrder),
                Avx2.Permute4x64(m.AsInt64(), MeasureOrder),
                Avx2.Permute4x64(k.AsInt64(), TailOrder));
        }

        for (; done < count; done++, slot += SlotWords)
        {
            slot[0] = unchecked((long)((times[done] * timeUnit) + timeBase));
            slot[1] = unchecked((long)((measures[done] * measureUnit) + measureBase));
            slot[2] = unchecked((long)((uint)(keys[done] + keyBase) | tail));
        }
    }

    private static int WriteVectors(
        long* slot,
        int count,
        in PackedColumn time,
        in PackedColumn measure,
        in PackedColumn key,
        ulong inverse,
        ulong* times,
        ulong* measures,
        ulong* keys)
    {
        var timeBase = Vector256.Create(time.Base);
        var measureBase = Vector256.Create(measure.Base);
        var keyBase = Vector256.Create((int)key.Base);
        var lowHalf = Vector256.Create((ulong)uint.MaxValue);
        var (timeTwos, measureTwos) = ((int)time.Twos, (int)measure.Twos);
        var done = 0;
        for (; done + Lanes <= count; done += Lanes, slot += Lanes * SlotWords)
        {
            Split(slot, out var t, out var m, out var k);
            var timeNumbers = (Avx2.Permute4x64(t, TimeOrder) - timeBase).AsUInt64() >> timeTwos;
            var measureNumbers = (Avx2.Permute4x64(m, MeasureOrder) - measureBase).AsUInt64() >> measureTwos;
            var keyNumbers = (Avx2.Permute4x64(k, TailOrder).AsInt32() - keyBase).AsUInt64() & lowHalf;
            (timeNumbers * inverse).Store(times + done);
            measureNumbers.Store(measures + done);
            keyNumbers.Store(keys + done);
        }

        return done;
    }
}
