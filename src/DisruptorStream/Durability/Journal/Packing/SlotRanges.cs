using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Events;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Between which values the columns of slots lie, and which bits differ. Found in one pass.</summary>
internal unsafe struct SlotRanges
{
    public long LowestTime;
    public long HighestTime;

    /// <summary>The bits that are not the same in all times.</summary>
    public ulong TimeBits;

    public long LowestMeasure;
    public long HighestMeasure;
    public ulong MeasureBits;
    public int LowestKey;
    public int HighestKey;
    public uint HeadBits;

    private TimeUnit _unit;
    private ulong _largestTimes;

    /// <summary>How often five divides all differences of times: 7, 4, 1, or 0 where none of these is found.</summary>
    public readonly int Fives => _unit.Divides(_largestTimes, LowestTime, HighestTime) ? _unit.Fives : 0;

    /// <param name="slots">The slots.</param>
    /// <param name="count">1 or more.</param>
    public static SlotRanges Of(EventSlot* slots, int count)
    {
        var done = 0;
        var first = (long*)slots;
        var ranges = new SlotRanges
        {
            LowestTime = first[0],
            HighestTime = first[0],
            LowestMeasure = first[1],
            HighestMeasure = first[1],
            LowestKey = (int)first[2],
            HighestKey = (int)first[2],
            _unit = TimeUnit.Guess(
                slots[0].TimestampTicks, slots[count / 2].TimestampTicks, slots[count - 1].TimestampTicks),
        };
        if (Avx2.IsSupported)
            done = ranges.AddVectors(first, count);
        ranges.AddRest(first, done, count);
        return ranges;
    }

    private void AddRest(long* first, int done, int count)
    {
        for (var slot = first + (done * SlotColumns.SlotWords); done < count; done++, slot += SlotColumns.SlotWords)
        {
            LowestTime = Math.Min(LowestTime, slot[0]);
            HighestTime = Math.Max(HighestTime, slot[0]);
            TimeBits |= (ulong)(slot[0] ^ first[0]);
            _largestTimes = Math.Max(_largestTimes, _unit.Times(slot[0], first[0]));
            LowestMeasure = Math.Min(LowestMeasure, slot[1]);
            HighestMeasure = Math.Max(HighestMeasure, slot[1]);
            MeasureBits |= (ulong)(slot[1] ^ first[1]);
            LowestKey = Math.Min(LowestKey, (int)slot[2]);
            HighestKey = Math.Max(HighestKey, (int)slot[2]);
            HeadBits |= (uint)((ulong)(slot[2] ^ first[2]) >> 32);
        }
    }

    private int AddVectors(long* first, int count)
    {
        var (time, measure, tail) = (
            Vector256.Create(first[0]), Vector256.Create(first[1]), Vector256.Create(first[2]));
        var (lowTime, highTime, timeBits) = (time, time, Vector256<long>.Zero);
        var (lowMeasure, highMeasure, measureBits) = (measure, measure, Vector256<long>.Zero);
        var (lowKey, highKey, tailBits) = (tail.AsInt32(), tail.AsInt32(), Vector256<long>.Zero);
        var (unit, largestTimes) = (_unit, Vector256<ulong>.Zero);
        var done = 0;
        for (var slot = first; done + SlotColumns.Lanes <= count; done += SlotColumns.Lanes)
        {
            SlotColumns.Split(slot, out var times, out var measures, out var tails);
            slot += SlotColumns.Lanes * SlotColumns.SlotWords;
            lowTime = Vector256.Min(lowTime, times);
            highTime = Vector256.Max(highTime, times);
            timeBits |= times ^ time;
            largestTimes = Vector256.Max(largestTimes, unit.Times(times, time));
            lowMeasure = Vector256.Min(lowMeasure, measures);
            highMeasure = Vector256.Max(highMeasure, measures);
            measureBits |= measures ^ measure;
            lowKey = Vector256.Min(lowKey, tails.AsInt32());
            highKey = Vector256.Max(highKey, tails.AsInt32());
            tailBits |= tails ^ tail;
        }

        for (var lane = 0; lane < SlotColumns.Lanes; lane++)
        {
            LowestTime = Math.Min(LowestTime, lowTime[lane]);
            HighestTime = Math.Max(HighestTime, highTime[lane]);
            TimeBits |= (ulong)timeBits[lane];
            _largestTimes = Math.Max(_largestTimes, largestTimes[lane]);
            LowestMeasure = Math.Min(LowestMeasure, lowMeasure[lane]);
            HighestMeasure = Math.Max(HighestMeasure, highMeasure[lane]);
            MeasureBits |= (ulong)measureBits[lane];

            // Keys are in the even halves, heads in the odd ones.
            LowestKey = Math.Min(LowestKey, lowKey[2 * lane]);
            HighestKey = Math.Max(HighestKey, highKey[2 * lane]);
            HeadBits |= (uint)((ulong)tailBits[lane] >> 32);
        }

        return done;
    }
}
