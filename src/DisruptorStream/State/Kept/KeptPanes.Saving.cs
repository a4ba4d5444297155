using DisruptorStream.Saving;

namespace DisruptorStream.State.Kept;

/// <content>Saved as the slices that have not expired, each with the panes of its keys.</content>
internal sealed partial class KeptPanes
{
    private const int Version = 1;

    /// <summary>Writes the panes of all shards.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="watermark">What it expires is not kept.</param>
    /// <param name="shards">Those of the shards; null where nothing is kept.</param>
    public static void Save(StateWriter writer, long watermark, KeptPanes?[] shards)
    {
        if (shards[0] is null)
            return;
        var all = Array.ConvertAll(shards, shard => shard!);
        foreach (var shard in all)
            shard.Forget(watermark);
        writer.Begin(SectionTag.KeptPanes, Version);
        var slices = new SortedSet<long>();
        foreach (var shard in all)
        {
            for (var index = 0; index < shard._slices.Count; index++)
                slices.Add(shard._slices.KeyAt(index));
        }

        writer.WriteCount(slices.Count);
        foreach (var slice in slices)
        {
            writer.WriteInt64(slice);
            SaveSlice(writer, slice, all);
        }

        writer.End();
    }

    /// <summary>Lets the shards keep what was saved.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="shards">Those of the shards; null where nothing is kept.</param>
    /// <param name="shardOf">The shard of a key.</param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void Load(StateReader reader, KeptPanes?[] shards, Func<int, int> shardOf)
    {
        if (shards[0] is null)
            return;
        reader.Begin(SectionTag.KeptPanes, Version);
        var before = long.MinValue;
        for (var left = reader.ReadCount(sizeof(long) + 1, "slices with panes"); left > 0; left--)
        {
            var slice = reader.ReadInt64();
            if (slice <= before || !shards[0]!._grid.IsSlice(slice))
                throw reader.Invalid($"slice {slice} is none of these windows, or is not behind slice {before}");
            LoadSlice(reader, slice, shards, shardOf);
            before = slice;
        }

        reader.End();
    }

    private static void SaveSlice(StateWriter writer, long slice, KeptPanes[] shards)
    {
        var keys = new SortedSet<int>();
        foreach (var shard in shards)
            shard._slices.Find(slice)?.CollectKeys(keys);
        writer.WriteCount(keys.Count);
        foreach (var key in keys)
        {
            writer.WriteCount(key);
            foreach (var shard in shards)
            {
                if (shard._slices.Find(slice) is { } kept && kept.Holds(key))
                    kept.Save(writer, key);
            }
        }
    }

    private static void LoadSlice(StateReader reader, long slice, KeptPanes?[] shards, Func<int, int> shardOf)
    {
        var before = -1;
        for (var left = reader.ReadCount(2, "keys with panes"); left > 0; left--)
        {
            var key = (int)reader.ReadNumber(reader.KeyRange - 1, "a key");
            if (key <= before)
                throw reader.Invalid($"key {key} is not behind key {before}");
            var kept = shards[shardOf(key)]!.SliceOf(slice);
            for (var panes = reader.ReadCount(KeptSlice.LeastPaneBytes, "panes"); panes > 0; panes--)
                kept.LoadPane(reader, key);
            before = key;
        }

        var grid = shards[0]!._grid;
        foreach (var shard in shards)
        {
            if (shard!._slices.Find(slice)?.LiesWithin(grid.SliceStart(slice), grid.SliceEnd(slice)) == false)
                throw reader.Invalid($"a pane of slice {slice} does not lie in it");
        }
    }
}
