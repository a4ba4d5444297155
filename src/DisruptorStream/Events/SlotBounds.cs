using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DisruptorStream.Events;

/// <summary>What slots in a row must be like, held against four of them at a time.</summary>
/// <remarks>
/// Four slots of 24 bytes are three vectors, each lane of which is a timestamp, a measure, or key id and head as one
/// word. All three are held against bounds of the form ((x and mask) - base) below length, without a sign, so that one
/// comparison serves the vector; it is made with a sign after both sides are moved by 2^63.
/// </remarks>
internal readonly unsafe struct SlotBounds
{
    public const int BlockSlots = 4;

    private const int VectorsPerBlock = 3;

    private const ulong SignBit = 1UL << 63;

    private readonly Bound _timestamp;
    private readonly Bound _measure;
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
        const ulong exponent = 0x7FF0_0000_0000_0000;
        _timestamp = new Bound(ulong.MaxValue, (ulong)first, timestamps);
        _measure = isInput ? new Bound(exponent, 0, exponent) : new Bound(0, 0, 1);
        _word = new Bound(ulong.MaxValue, (ulong)head << 32, keys);
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
        var mask = Vectors(_timestamp.Mask, _measure.Mask, _word.Mask);
        var start = Vectors(_timestamp.Base, _measure.Base, _word.Base);
        var limit = Vectors(_timestamp.Limit, _measure.Limit, _word.Limit);
        var latest = Vector256.Create(range.Latest);
        var earliest = Vector256.Create(range.Earliest);
        var (a, b, c) = (latest, latest, latest);
        var (d, e, f) = (earliest, earliest, earliest);
        var minusZero = Vector256.Create(long.MinValue);
        var isInput = _isInput;
        var lanes = (long*)slots;
        var done = 0;
        for (; done + BlockSlots <= count; done += BlockSlots, lanes += VectorsPerBlock * Vector256<long>.Count)
        {
            var x = Vector256.Load(lanes);
            var y = Vector256.Load(lanes + Vector256<long>.Count);
            var z = Vector256.Load(lanes + (2 * Vector256<long>.Count));
            var fits = Vector256.GreaterThan(limit.A, (x & mask.A) - start.A)
                & Vector256.GreaterThan(limit.B, (y & mask.B) - start.B)
                & Vector256.GreaterThan(limit.C, (z & mask.C) - start.C);
            if (isInput)
            {
                fits = Vector256.AndNot(
                    fits,
                    Vector256.Equals(x, minusZero) | Vector256.Equals(y, minusZero) | Vector256.Equals(z, minusZero));
            }

            if (fits != Vector256<long>.AllBitsSet)
                break;

            // Lanes that are no timestamps have extremes that nobody reads.
            (a, b, c) = (Vector256.Max(a, x), Vector256.Max(b, y), Vector256.Max(c, z));
            if (isInput)
                (d, e, f) = (Vector256.Min(d, x), Vector256.Min(e, y), Vector256.Min(f, z));
        }

        range = new TimestampRange(
            Math.Min(Math.Min(d[0], d[3]), Math.Min(e[2], f[1])), Math.Max(Math.Max(a[0], a[3]), Math.Max(b[2], c[1])));
        return done;
    }

    /// <summary>The lanes of a block: timestamp, measure and word in turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<long> A, Vector256<long> B, Vector256<long> C) Vectors(
        long timestamp, long measure, long word) => (
        Vector256.Create(timestamp, measure, word, timestamp),
        Vector256.Create(measure, word, timestamp, measure),
        Vector256.Create(word, timestamp, measure, word));

    private readonly struct Bound
    {
        public Bound(ulong mask, ulong start, ulong length)
        {
            Mask = (long)mask;
            Base = (long)(start + SignBit);
            Limit = (long)(length ^ SignBit);
        }

        public long Mask { get; }

        public long Base { get; }

        public long Limit { get; }
    }
}
