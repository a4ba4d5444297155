using System.Numerics;

namespace DisruptorStream.Telemetry;

/// <summary>Durations of the last minute, for percentiles: exact within a thirty-second of the value.</summary>
/// <remarks>
/// Log-linear buckets, sixteen to each power of two, in six parts of ten seconds of which the oldest is given up as a
/// new one begins. One thread records; any thread reads, and may miss what is recorded meanwhile.
/// </remarks>
internal sealed class RecentHistogram
{
    private const int Parts = 6;
    private const int PartSeconds = 10;
    private const int SubBits = 4;
    private const int SubBuckets = 1 << SubBits;
    private const int HighestBit = 42;
    private const int Buckets = (HighestBit - SubBits + 2) * SubBuckets;
    private const long LargestNanoseconds = (1L << (HighestBit + 1)) - 1;

    private readonly long[][] _counts = new long[Parts][];
    private readonly long[] _partOf = new long[Parts];
    private readonly long _frequency;
    private readonly double _nanosecondsPerUnit;

    /// <param name="frequency">Units of the clock's timestamps in a second.</param>
    public RecentHistogram(long frequency)
    {
        _frequency = frequency;
        _nanosecondsPerUnit = 1e9 / frequency;
        for (var part = 0; part < Parts; part++)
        {
            _counts[part] = new long[Buckets];
            _partOf[part] = long.MinValue;
        }
    }

    /// <summary>How far back it goes.</summary>
    public static TimeSpan Span => TimeSpan.FromSeconds(Parts * PartSeconds);

    /// <summary>Records a duration as often as a number says.</summary>
    /// <param name="elapsed">In units of the clock's timestamps.</param>
    /// <param name="count">How often.</param>
    /// <param name="now">The clock's timestamp.</param>
    public void Record(long elapsed, int count, long now)
    {
        var part = PartAt(now);
        var place = (int)(part % Parts);
        var counts = _counts[place];
        if (_partOf[place] != part)
        {
            Array.Clear(counts);

            // Pairs with the read in Percentiles.
            Volatile.Write(ref _partOf[place], part);
        }

        ref var bucket = ref counts[BucketOf((long)(Math.Max(0, elapsed) * _nanosecondsPerUnit))];
        Volatile.Write(ref bucket, bucket + count);
    }

    /// <summary>The percentiles of what was recorded lately; null where nothing was.</summary>
    /// <param name="now">The clock's timestamp.</param>
    public RecentPercentiles? Percentiles(long now)
    {
        Span<long> sums = stackalloc long[Buckets];
        sums.Clear();
        var total = 0L;
        var current = PartAt(now);
        for (var place = 0; place < Parts; place++)
        {
            // Pairs with the write in Record.
            var part = Volatile.Read(ref _partOf[place]);
            if (part <= current - Parts || part > current)
                continue;
            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                var count = Volatile.Read(ref _counts[place][bucket]);
                sums[bucket] += count;
                total += count;
            }
        }

        if (total == 0)
            return null;
        return new RecentPercentiles(
            total, ValueAt(sums, total, 0.5), ValueAt(sums, total, 0.95), ValueAt(sums, total, 0.99));
    }

    /// <summary>The bucket that a duration falls into.</summary>
    internal static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < SubBuckets)
            return (int)nanoseconds;
        var value = Math.Min(nanoseconds, LargestNanoseconds);
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    /// <summary>The middle of a bucket.</summary>
    internal static double MiddleOf(int bucket)
    {
        if (bucket < 2 * SubBuckets)
            return bucket;
        var shift = (bucket / SubBuckets) - 1;
        return ((double)(SubBuckets + (bucket % SubBuckets)) + 0.5) * (1L << shift);
    }

    private static TimeSpan ValueAt(ReadOnlySpan<long> sums, long total, double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * total));
        var bucket = 0;
        for (var seen = sums[0]; seen < rank; seen += sums[bucket])
            bucket++;
        return TimeSpan.FromTicks((long)Math.Ceiling(MiddleOf(bucket) / 100));
    }

    private long PartAt(long now) => now / (_frequency * PartSeconds);
}
