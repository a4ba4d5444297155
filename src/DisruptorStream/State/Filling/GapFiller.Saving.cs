using System.Diagnostics;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Filling;

/// <content>Saved as the watermark, the keys, and the windows that were filled, each with its keys.</content>
internal sealed unsafe partial class GapFiller
{
    private const int Version = 1;

    /// <param name="writer">Where to.</param>
    /// <param name="watermark">Up to which windows have fired.</param>
    /// <param name="shards">Those of all shards; nothing is written where they are none.</param>
    public static void Save(StateWriter writer, long watermark, GapFiller?[] shards)
    {
        if (shards[0] is null)
            return;
        writer.Begin(SectionTag.FilledGaps, Version);
        writer.WriteInt64(watermark);
        SavedTable.Save(writer, Array.ConvertAll(shards, KeyedTable? (shard) => shard!._keys), FormatsOf(shards));
        var windows = new SortedSet<long>();
        foreach (var shard in shards)
        {
            shard!.AssertInvariants();
            for (var index = 0; index < shard._filled.Count; index++)
                windows.Add(shard._filled.KeyAt(index));
        }

        writer.WriteCount(windows.Count);
        foreach (var window in windows)
        {
            writer.WriteInt64(window);
            SaveKeys(writer, Array.ConvertAll(shards, shard => shard!._filled.Find(window)));
        }

        writer.End();
    }

    /// <param name="reader">Where from.</param>
    /// <param name="shards">Those of all shards; nothing is read where they are none.</param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    /// <returns>The watermark up to which windows have fired; long.MinValue where they are none.</returns>
    public static long Load(StateReader reader, GapFiller?[] shards)
    {
        if (shards[0] is not { } first)
            return long.MinValue;
        reader.Begin(SectionTag.FilledGaps, Version);
        var watermark = reader.ReadInt64();
        SavedTable.Load(reader, FormatsOf(shards), shard => shards[shard]!._keys);
        var before = long.MinValue;
        for (var left = reader.ReadCount(sizeof(long) + 2, "windows"); left > 0; left--)
        {
            var window = reader.ReadInt64();
            if (window <= before || !first._grid.IsWindow(window) || first._grid.WindowEnd(window) > watermark)
                throw reader.Invalid($"window {window} is none that was filled, or is not behind window {before}");
            LoadKeys(reader, shards, window);
            before = window;
        }

        reader.End();
        foreach (var shard in shards)
            shard!.AssertInvariants();
        return watermark;
    }

    /// <summary>That no key has been filled too often.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        _keys.ThrowIfInconsistent();
        for (var index = 0; index < _filled.Count; index++)
        {
            Invariant.Require(_filled[index].NextKey(0) >= 0, "A window was filled for a key.");
            Invariant.Require(index == 0 || _filled.KeyAt(index - 1) < _filled.KeyAt(index), "Windows ascend.");
        }
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private static RecordFormat[] FormatsOf(GapFiller?[] shards) => Array.ConvertAll(
        shards, RecordFormat (shard) => new FillFormat(shard!._context.Plan.Failures, shard._width));

    private static void SaveKeys(StateWriter writer, KeySet?[] sets)
    {
        var keys = new List<int>();
        foreach (var set in sets)
        {
            for (var keyId = set?.NextKey(0) ?? -1; keyId >= 0; keyId = set!.NextKey(keyId + 1))
                keys.Add(keyId);
        }

        keys.Sort();
        writer.WriteCount(keys.Count);
        var next = 0;
        foreach (var keyId in keys)
        {
            writer.WriteCount(keyId - next);
            next = keyId + 1;
        }
    }

    private static void LoadKeys(StateReader reader, GapFiller?[] shards, long window)
    {
        var next = 0L;
        for (var left = reader.ReadCount(1, "keys"); left > 0; left--)
        {
            next += reader.ReadNumber(reader.KeyRange - 1 - next, "the distance to a key");
            var keyId = (int)next++;
            shards[keyId & (shards.Length - 1)]!.SetOf(window).Add(keyId);
        }
    }
}
