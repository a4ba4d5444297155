using System.Diagnostics;
using DisruptorStream.Saving;
using DisruptorStream.State.Filling;
using DisruptorStream.State.Kept;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Slices;

/// <content>
/// Saved as the watermark that has fired, and the slices, each with the records of its keys; then the late panes. Folds
/// are made again when they are asked for.
/// </content>
internal sealed unsafe partial class SliceStore
{
    private const int Version = 1;

    public override void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<SliceStore>(shards);
        var formats = FormatsOf(stores);
        var tables = new KeyedTable?[stores.Length];
        writer.Begin(SectionTag.Slices, Version);
        writer.WriteInt64(_firing.WatermarkTicks);
        var slices = SavedDeque.KeysOf(Array.ConvertAll(stores, store => store._slices));
        writer.WriteCount(slices.Count);
        foreach (var slice in slices)
        {
            for (var shard = 0; shard < stores.Length; shard++)
                tables[shard] = stores[shard]._slices.Find(slice);
            writer.WriteInt64(slice);
            SavedTable.Save(writer, tables, formats);
        }

        writer.End();
        LatePanes.Save(writer, Array.ConvertAll(stores, store => store._late));
        GapFiller.Save(writer, _firing.WatermarkTicks, Array.ConvertAll(stores, store => store._filler));
        KeptPanes.Save(writer, _firing.WatermarkTicks, Array.ConvertAll(stores, store => store._kept));
        foreach (var store in stores)
            store.AssertInvariants();
    }

    public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<SliceStore>(shards);
        var formats = FormatsOf(stores);
        reader.Begin(SectionTag.Slices, Version);
        var watermark = reader.ReadInt64();
        foreach (var store in stores)
            store._firing.StartAt(watermark);
        var before = long.MinValue;
        for (var left = reader.ReadCount(sizeof(long) + 1, "slices"); left > 0; left--)
        {
            var slice = reader.ReadInt64();
            if (slice <= before || !_grid.IsSlice(slice))
                throw reader.Invalid($"slice {slice} is none of these windows, or is not behind slice {before}");
            SavedTable.Load(reader, formats, shard => stores[shard].AddTable(slice));
            before = slice;
        }

        reader.End();
        LatePanes.Load(reader, stores, watermark);
        GapFiller.Load(reader, Array.ConvertAll(stores, store => store._filler));
        KeptPanes.Load(
            reader,
            Array.ConvertAll(stores, store => store._kept),
            keyId => Array.FindIndex(stores, store => store._context.Owns(keyId)));
        foreach (var store in stores)
            store.AssertInvariants();
    }

    public override void StartAt(long watermarkTicks) => _firing.StartAt(watermarkTicks);

    /// <summary>That slices ascend and have keys.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public override void ThrowIfInconsistent()
    {
        for (var index = 0; index < _slices.Count; index++)
        {
            _slices[index].ThrowIfInconsistent();
            Invariant.Require(_slices[index].Count > 0, "A slice is opened by an event.");
            Invariant.Require(index == 0 || _slices.KeyAt(index - 1) < _slices.KeyAt(index), "Slices ascend.");
        }

        _late.ThrowIfInconsistent();
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private static RecordFormat[] FormatsOf(SliceStore[] stores) =>
        Array.ConvertAll(stores, RecordFormat (store) => new PlanFormat(store._plan));

    private KeyedTable AddTable(long slice)
    {
        var table = NewTable();
        _slices.Insert(_slices.Count, slice, table);
        (_current, _currentSlice) = (table, slice);
        return table;
    }
}
