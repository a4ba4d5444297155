using System.Diagnostics;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;

namespace DisruptorStream.State.Slices;

/// <content>Saved as the windows, each with the pane states of its keys.</content>
internal sealed unsafe partial class LatePanes
{
    private const int Version = 1;

    public static void Save(StateWriter writer, LatePanes[] shards)
    {
        var formats = FormatsOf(shards);
        var tables = new KeyedTable?[shards.Length];
        writer.Begin(SectionTag.LatePanes, Version);
        var windows = SavedDeque.KeysOf(Array.ConvertAll(shards, shard => shard._windows));
        writer.WriteCount(windows.Count);
        foreach (var window in windows)
        {
            for (var shard = 0; shard < shards.Length; shard++)
                tables[shard] = shards[shard]._windows.Find(window);
            writer.WriteInt64(window);
            SavedTable.Save(writer, tables, formats);
        }

        writer.End();
    }

    /// <param name="reader">Where from.</param>
    /// <param name="stores">Those of the shards, with their slices.</param>
    /// <param name="watermark">Up to which windows have fired.</param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void Load(StateReader reader, SliceStore[] stores, long watermark)
    {
        var shards = Array.ConvertAll(stores, store => store.Late);
        var formats = FormatsOf(shards);
        reader.Begin(SectionTag.LatePanes, Version);
        var before = long.MinValue;
        for (var left = reader.ReadCount(sizeof(long) + 1, "windows"); left > 0; left--)
        {
            var window = reader.ReadInt64();
            if (window <= before || !stores[0].Grid.IsWindow(window))
                throw reader.Invalid($"window {window} is none of these, or is not behind window {before}");
            if (stores[0].Grid.WindowEnd(window) > watermark)
                throw reader.Invalid($"window {window} has late panes, but its end has not been reached");
            SavedTable.Load(reader, formats, shard => shards[shard].AddTable(window));
            before = window;
        }

        reader.End();
        for (var shard = 0; shard < shards.Length; shard++)
        {
            if (!shards[shard].HasItsKeys(stores[shard]))
            {
                throw new StateException(
                    "The saved state counts late panes of a window that has no state; load an older state, and report "
                    + "this one.");
            }
        }
    }

    /// <summary>That windows ascend and have keys.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        for (var index = 0; index < _windows.Count; index++)
        {
            _windows[index].ThrowIfInconsistent();
            Invariant.Require(_windows[index].Count > 0, "A window comes with the key of a late event.");
            Invariant.Require(index == 0 || _windows.KeyAt(index - 1) < _windows.KeyAt(index), "Windows ascend.");
        }
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private static RecordFormat[] FormatsOf(LatePanes[] shards) =>
        Array.ConvertAll(shards, RecordFormat (shard) => new PaneStateFormat(shard._identity.Length));

    /// <summary>Whether the slices of each window have the keys that it counts panes of.</summary>
    private bool HasItsKeys(SliceStore store)
    {
        for (var index = 0; index < _windows.Count; index++)
        {
            var (first, end) = (_grid.FirstSliceOf(_windows.KeyAt(index)), _grid.EndSliceOf(_windows.KeyAt(index)));
            var table = _windows[index];
            for (var keyId = table.NextKey(0); keyId >= 0; keyId = table.NextKey(keyId + 1))
            {
                if (!store.Folds.Holds(first, end, keyId))
                    return false;
            }
        }

        return true;
    }

    private KeyedTable AddTable(long window)
    {
        var table = _freeTables.Count > 0 ? _freeTables.Pop() : new KeyedTable(_pages, _identity);
        _windows.Insert(_windows.Count, window, table);

        // When the trigger wants to be asked is not saved: the next tick asks.
        _nextDeadlineTicks = _context.Late is null ? long.MaxValue : long.MinValue;
        return table;
    }
}
