using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Slices;

/// <summary>What the deques of all shards have in common.</summary>
internal static class SavedDeque
{
    /// <summary>The keys under which any shard has a table with records, ascending and each once.</summary>
    public static List<long> KeysOf(SortedDeque<KeyedTable>[] shards)
    {
        var keys = new List<long>();
        foreach (var shard in shards)
        {
            for (var index = 0; index < shard.Count; index++)
            {
                if (shard[index].NextKey(0) >= 0)
                    keys.Add(shard.KeyAt(index));
            }
        }

        keys.Sort();
        var kept = 0;
        for (var index = 0; index < keys.Count; index++)
        {
            if (kept == 0 || keys[kept - 1] != keys[index])
                keys[kept++] = keys[index];
        }

        keys.RemoveRange(kept, keys.Count - kept);
        return keys;
    }
}
