using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches.DistinctSums;

/// <content>
/// Saved as how many values; each with its hash and weight, in ascending order of the hashes; and the lowest rank of
/// those that are not kept, where there may be such.
/// </content>
internal sealed unsafe partial class DistinctSumSketch
{
    public void Save(StateWriter writer, ref DistinctSumState state)
    {
        Cut(ref state);
        var kept = Gather(in state);
        kept.Sort(static (left, right) => left.Hash.CompareTo(right.Hash));
        writer.WriteCount(kept.Length);
        foreach (ref readonly var entry in kept)
        {
            writer.WriteInt64((long)entry.Hash);
            writer.WriteInt64(BitConverter.DoubleToInt64Bits(entry.Weight));
        }

        if (kept.Length == _most)
            writer.WriteInt64(BitConverter.DoubleToInt64Bits(state.Threshold));
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, ref DistinctSumState state)
    {
        var count = reader.ReadCount(EntryBytes, "values of a sum over different ones", _most);
        if (count > 0)
        {
            // As large as it has become by adding this many.
            var bytes = BlockPool.MinBytes;
            while (bytes < _bytes && count > bytes / EntryBytes * 3 / 4)
                bytes *= 2;
            Rebuild(ref state, bytes);
        }

        var highest = 0.0;
        for (var (index, before) = (0, 0UL); index < count; index++)
        {
            var hash = (ulong)reader.ReadInt64();
            var weight = BitConverter.Int64BitsToDouble(reader.ReadInt64());
            if (hash <= before || !(weight > 0) || !double.IsFinite(weight))
                throw reader.Invalid("a sum over different values has a value out of order, or without a weight");
            Insert(in state, hash, weight);
            state.Count++;
            before = hash;
            highest = Math.Max(highest, RankOf(hash, weight));
        }

        if (count < _most)
            return;
        state.Threshold = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        if (!(state.Threshold >= highest))
            throw reader.Invalid("a sum over different values has left out one that it would have kept");
    }
}
