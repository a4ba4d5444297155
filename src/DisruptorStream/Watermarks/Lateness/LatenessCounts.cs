using System.Numerics;
using DisruptorStream.Saving;

namespace DisruptorStream.Watermarks.Lateness;

/// <summary>
/// How far events of one source came behind its newest event: how many, in buckets on a logarithmic scale.
/// </summary>
/// <remarks>
/// Eight buckets for each power of two from 0.1 ms on, so that a bound is at most an eighth too long. Their memory,
/// 3.5 KB, is taken at the first event that is behind.
/// </remarks>
internal sealed class LatenessCounts
{
    private const int SmallestBits = 10;
    private const int SubBits = 3;
    private const int PerPower = 1 << SubBits;
    private const int Buckets = 1 + ((63 - SmallestBits) * PerPower);
    private const int LeastBytesPerBucket = 2;

    private long[]? _counts;
    private long _mostTicks;

    /// <summary>The events that were looked at.</summary>
    public long Events { get; private set; }

    /// <summary>Those of them that came behind one with a later time.</summary>
    public long Behind { get; private set; }

    /// <summary>Notes events that were looked at, whether they are behind or not.</summary>
    public void AddEvents(int count) => Events += count;

    /// <summary>Notes that one of them is behind.</summary>
    /// <param name="ticks">How far, above zero.</param>
    public void AddBehind(long ticks)
    {
        _counts ??= new long[Buckets];
        _counts[BucketOf(ticks)]++;
        _mostTicks = Math.Max(_mostTicks, ticks);
        Behind++;
    }

    /// <summary>What a host is shown of it; null where nothing was looked at.</summary>
    public SourceLateness? Read() => Events == 0
        ? null
        : new SourceLateness(Events, Behind, new TimeSpan(_mostTicks))
        {
            Bound99 = BoundOf(100),
            Bound999 = BoundOf(1_000),
            Bound9999 = BoundOf(10_000),
        };

    /// <summary>Written as the two sums, the most, and the buckets that are not empty.</summary>
    public void Save(StateWriter writer)
    {
        writer.WriteCount(Events);
        if (Events == 0)
            return;
        writer.WriteInt64(_mostTicks);
        var used = 0;
        foreach (var count in _counts ?? [])
            used += count > 0 ? 1 : 0;
        writer.WriteCount(used);
        var next = 0;
        for (var bucket = 0; bucket < Buckets && used > 0; bucket++)
        {
            if (_counts![bucket] == 0)
                continue;
            writer.WriteCount(bucket - next);
            writer.WriteCount(_counts[bucket]);
            next = bucket + 1;
            used--;
        }
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        Events = reader.ReadNumber(long.MaxValue, "the events that were looked at");
        if (Events == 0)
            return;
        _mostTicks = reader.ReadInt64();
        var bucket = 0;
        for (var left = reader.ReadCount(LeastBytesPerBucket, "buckets of lateness", Buckets); left > 0; left--)
        {
            bucket += (int)reader.ReadNumber(Buckets - 1 - bucket, "the distance to a bucket");
            _counts ??= new long[Buckets];
            _counts[bucket] = reader.ReadNumber(Events - Behind, "the late events of a bucket");
            Behind += _counts[bucket++];
        }

        if (_mostTicks < 0 || (_mostTicks > 0) != (Behind > 0))
            throw reader.Invalid($"the latest event is {_mostTicks} ticks late, and {Behind} were late");
    }

    private static int BucketOf(long ticks)
    {
        var power = BitOperations.Log2((ulong)ticks);
        if (power < SmallestBits)
            return 0;
        var sub = (int)(ticks >> (power - SubBits)) & (PerPower - 1);
        return 1 + ((power - SmallestBits) * PerPower) + sub;
    }

    /// <summary>What every event of a bucket is at most late.</summary>
    private static long LargestOf(int bucket)
    {
        if (bucket == 0)
            return (1L << SmallestBits) - 1;
        var power = SmallestBits + ((bucket - 1) / PerPower);
        var sub = (bucket - 1) % PerPower;
        return (long)(((ulong)(PerPower + sub + 1) << (power - SubBits)) - 1);
    }

    /// <summary>What all events but one of this many are at most late; null where fewer were looked at.</summary>
    private TimeSpan? BoundOf(long oneIn)
    {
        if (Events < oneIn)
            return null;
        var later = Events / oneIn;
        if (Behind <= later)
            return TimeSpan.Zero;
        var left = Behind - later;
        var bucket = 0;
        for (; left > _counts![bucket]; bucket++)
            left -= _counts[bucket];
        return new TimeSpan(Math.Min(LargestOf(bucket), _mostTicks));
    }
}
