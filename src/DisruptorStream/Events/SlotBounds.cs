using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DisruptorStream.Events;

/// <summary>What slots in a row must be like, held against four of them at a time.</summary>
/// <remarks>
/// Four slots of 24 bytes are three vectors, in which a timestamp, a measure and key id with head as one word come in
/// turns, each of a kind in a lane of its own: they are put together into a vector of each kind. A range is held
/// against as (x - base) below length, without a sign; it is compared with a sign after both sides are moved by 2^63.
/// </remarks>
internal readonly unsafe struct SlotBounds
{
    public const int BlockSlots = 4;

    private const int VectorsPerBlock = 3;
    private const long Exponent = 0x7FF0_0000_0000_0000;
    private const ulong SignBit = 1UL << 63;

    // Halves of lanes, as the blend instruction has them: bits 0 and 1 are lane 0.
    private const byte Lane1 = 0b0000_1100;
    private const byte Lane2 = 0b0011_0000;

    private readonly Bound _timestamp;
    private readonly Bound _word;
    private readonly bool _isInput;

    /// <param name="first">The first timestamp.</param>
    /// <param name="timestamps">How many timestamps from there on.</param>
    /// <param name="head">What every slot has behind its key id.</param>
    /// <param name="keys">How many key ids from 0 on.</param>
    /// <param name="isInput">
    /// Whether the slots are a caller's: measures must then be finite numbers other than minus zero.
    /// </param>
    public SlotBounds(long first, ulong timestamps, uint head, ulong keys, bool isInput)
    {
        _timestamp = new Bound((ulong)first, timestamps);
        _word = new Bound((ulong)head << 32, keys);
        _isInput = isInput;
    }

    /// <summary>
    /// Counts slots from the first on that are as they must be, in whole blocks: up to three more may be.
    /// </summary>
    /// <param name="slots">The slots.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="range">
    /// Extended by the latest timestamp of those that are counted; of a caller's slots by the earliest as well.
    /// </param>
    public int CountBlocks(EventSlot* slots, int count, ref TimestampRange range)
    {
        var firstTimestamp = Vector256.Create(_timestamp.Base);
        var timestamps = Vector256.Create(_timestamp.Limit);
        var firstWord = Vector256.Create(_word.Base);
        var words = Vector256.Create(_word.Limit);
        var latest = Vector256.Create(range.Latest);
        var earliest = Vector256.Create(range.Earliest);
        var isInput = _isInput;
        var lanes = (long*)slots;
        var done = 0;
        for (; done + BlockSlots <= count; done += BlockSlots, lanes += VectorsPerBlock * Vector256<long>.Count)
        {
            var x = Vector256.Load(lanes);
            var y = Vector256.Load(lanes + Vector256<long>.Count);
            var z = Vector256.Load(lanes + (2 * Vector256<long>.Count));
            var timestamp = Take(x, y, z);
            var fits = Vector256.GreaterThan(timestamps, timestamp - firstTimestamp)
                & Vector256.GreaterThan(words, Take(z, x, y) - firstWord);
            if (isInput)
            {
                var measure = Take(y, z, x);
                var exponent = Vector256.Create(Exponent);
                fits &= Vector256.GreaterThan(exponent, measure & exponent);
                fits = Vector256.AndNot(fits, Vector256.Equals(measure, Vector256.Create(long.MinValue)));
            }

            if (fits != Vector256<long>.AllBitsSet)
                break;
            latest = Vector256.Max(latest, timestamp);
            if (isInput)
                earliest = Vector256.Min(earliest, timestamp);
        }

        range = new TimestampRange(
            Math.Min(Math.Min(earliest[0], earliest[1]), Math.Min(earliest[2], earliest[3])),
            Math.Max(Math.Max(latest[0], latest[1]), Math.Max(latest[2], latest[3])));
        return done;
    }

    /// <summary>Lanes 0 and 3 of the first, 1 of the third, 2 of the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Take(Vector256<long> zeroAndThree, Vector256<long> two, Vector256<long> one)
    {
        if (Avx2.IsSupported)
        {
            var mixed = Avx2.Blend(zeroAndThree.AsInt32(), one.AsInt32(), Lane1);
            return Avx2.Blend(mixed, two.AsInt32(), Lane2).AsInt64();
        }

        return Vector256.Create(zeroAndThree[0], one[1], two[2], zeroAndThree[3]);
    }

    private readonly struct Bound
    {
        public Bound(ulong start, ulong length)
        {
            Base = (long)(start + SignBit);
            Limit = (long)(length ^ SignBit);
        }

        public long Base { get; }

        public long Limit { get; }
    }
}
