using DisruptorStream.Saving;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <content>
/// Saved as how many buckets from the first to the last that has counted something, the first one, and their counts.
/// How much room there is around them means nothing.
/// </content>
internal sealed unsafe partial class BinStore
{
    /// <summary>More than a state can have counted, and few enough that sums of some do not overflow.</summary>
    public const long MostCounted = 1L << 59;

    public void Save(StateWriter writer, in BlockRange range)
    {
        var counts = CountsOf(range);
        var first = counts.IndexOfAnyExcept(0L);
        if (first < 0)
        {
            writer.WriteCount(0);
            return;
        }

        var used = counts[first..(counts.LastIndexOfAnyExcept(0L) + 1)];
        writer.WriteCount(used.Length);
        writer.WriteCount(range.First + first);
        foreach (var count in used)
            writer.WriteCount(count);
    }

    /// <param name="reader">Where from.</param>
    /// <param name="range">An empty one.</param>
    /// <param name="lowest">The bucket below which there is none.</param>
    /// <param name="highest">The bucket above which there is none.</param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, ref BlockRange range, int lowest, int highest)
    {
        var length = reader.ReadCount(1, "buckets", _maxBins);
        if (length == 0)
            return;
        var first = (int)reader.ReadNumber(highest, "a bucket");
        if (first < lowest || first + length - 1 > highest)
            throw reader.Invalid($"{length} buckets from {first} on are not among {lowest} to {highest}");
        Reserve(ref range, first, first + length - 1);
        var counts = range.Items<long>(_blocks)[(first - range.First)..][..length];
        var total = 0L;
        foreach (ref var count in counts)
        {
            count = reader.ReadNumber(MostCounted - total, "the number of values");
            total += count;
        }

        if (counts[0] == 0 || counts[^1] == 0)
            throw reader.Invalid("the first or the last bucket is empty");
    }
}
