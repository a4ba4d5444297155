using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <summary>
/// Counts by bucket: a limited number of consecutive buckets, of which the lowest takes in whatever lies below.
/// </summary>
/// <remarks>
/// Once the buckets span more, those counted are the most up to the highest one: that depends on what was counted and
/// not on its order, so merging in any grouping gives the same counts.
/// </remarks>
internal sealed unsafe partial class BinStore
{
    private const int MinBins = BlockPool.MinBytes / sizeof(long);

    private readonly BlockPool _blocks;
    private readonly int _maxBins;

    /// <param name="blocks">Where the counters lie.</param>
    /// <param name="maxBins">The most buckets: a power of two whose counters fit a block.</param>
    public BinStore(BlockPool blocks, int maxBins)
    {
        _blocks = blocks;
        _maxBins = maxBins;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Increment(ref BlockRange range, int index)
    {
        var at = index - range.First;
        if ((uint)at < (uint)range.Length)
            ((long*)_blocks.At(range.Block))[at]++;
        else
            AddOutside(ref range, index);
    }

    public ReadOnlySpan<long> CountsOf(in BlockRange range) =>
        range.Items<long>(_blocks);

    public long Total(in BlockRange range)
    {
        var total = 0L;
        foreach (var count in CountsOf(range))
            total += count;
        return total;
    }

    /// <summary>Makes room for the buckets [low, high] beside those counted.</summary>
    public void Reserve(ref BlockRange range, int low, int high)
    {
        if (range.Length > 0)
        {
            if (low >= range.First && high < range.First + range.Length)
                return;
            var counts = CountsOf(range);
            var firstUsed = counts.IndexOfAnyExcept(0L);
            if (firstUsed >= 0)
            {
                low = Math.Min(low, range.First + firstUsed);
                high = Math.Max(high, range.First + counts.LastIndexOfAnyExcept(0L));
            }
        }

        var length = Math.Max(range.Length, SizeFor(high - low + 1));
        var goesUp = range.Length == 0 || high >= range.First + range.Length;
        var first = goesUp && high - low < length ? low : high - length + 1;

        // Where there is no more room below, a value that lies there moves nothing.
        if (first != range.First || length != range.Length)
            Move(ref range, first, length);
    }

    public void Merge(ref BlockRange into, in BlockRange later)
    {
        var counts = CountsOf(later);
        var (firstUsed, lastUsed) = (0, counts.Length - 1);
        var isWithin = later.First >= into.First && later.First + later.Length <= into.First + into.Length;
        if (!isWithin)
        {
            firstUsed = counts.IndexOfAnyExcept(0L);
            if (firstUsed < 0)
                return;
            lastUsed = counts.LastIndexOfAnyExcept(0L);
            Reserve(ref into, later.First + firstUsed, later.First + lastUsed);
        }

        var target = into.Items<long>(_blocks);
        AddFrom(counts[..(lastUsed + 1)], firstUsed, later.First, target, into.First);
    }

    private int SizeFor(int bins) =>
        Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)bins), MinBins, _maxBins);

    /// <summary>Adds counts, from an index on, to those of other buckets; what lies below goes to the lowest.</summary>
    private static void AddFrom(ReadOnlySpan<long> counts, int from, int bucket, Span<long> target, int targetBucket)
    {
        for (; from < counts.Length && bucket + from < targetBucket; from++)
            target[0] += counts[from];
        if (from < counts.Length)
            Add(counts[from..], target[(bucket + from - targetBucket)..]);
    }

    private static void Add(ReadOnlySpan<long> counts, Span<long> target)
    {
        ref var from = ref MemoryMarshal.GetReference(counts);
        ref var to = ref MemoryMarshal.GetReference(target[..counts.Length]);
        nint index = 0;
        for (; index <= counts.Length - (2 * Vector512<long>.Count); index += 2 * Vector512<long>.Count)
        {
            ref var more = ref Unsafe.Add(ref from, index);
            ref var place = ref Unsafe.Add(ref to, index);
            var first = Vector512.LoadUnsafe(ref more) + Vector512.LoadUnsafe(ref place);
            var second = Vector512.LoadUnsafe(ref more, (nuint)Vector512<long>.Count)
                + Vector512.LoadUnsafe(ref place, (nuint)Vector512<long>.Count);
            first.StoreUnsafe(ref place);
            second.StoreUnsafe(ref place, (nuint)Vector512<long>.Count);
        }

        for (; index < counts.Length; index++)
            Unsafe.Add(ref to, index) += Unsafe.Add(ref from, index);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddOutside(ref BlockRange range, int index)
    {
        Reserve(ref range, index, index);
        ((long*)_blocks.At(range.Block))[Math.Max(0, index - range.First)]++;
    }

    /// <summary>Moves the counters to another first bucket and length; what falls below goes to the lowest.</summary>
    private void Move(ref BlockRange range, int first, int length)
    {
        var target = BlockRange.Rent(_blocks, length * sizeof(long));
        target.First = first;
        var moved = target.Items<long>(_blocks);
        moved.Clear();
        var counts = CountsOf(range);
        var firstUsed = counts.IndexOfAnyExcept(0L);
        if (firstUsed >= 0)
        {
            var lastUsed = counts.LastIndexOfAnyExcept(0L);
            AddFrom(counts[..(lastUsed + 1)], firstUsed, range.First, moved, first);
        }

        range.Release(_blocks);
        range = target;
    }
}
