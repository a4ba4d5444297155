using System.Diagnostics;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.PerWindow;

/// <content>
/// Saved as the windows in the order in which they fire, each with the records of its keys. How many windows a key has
/// is counted again.
/// </content>
internal sealed unsafe partial class WindowStore
{
    private const int Version = 1;
    private const int LeastBytesPerWindow = (2 * sizeof(long)) + 3;

    public override void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<WindowStore>(shards);
        var formats = FormatsOf(stores);
        var tables = new KeyedTable?[stores.Length];
        writer.Begin(SectionTag.Windows, Version);
        var spans = SpansOf(stores);
        writer.WriteCount(spans.Count);
        foreach (var span in spans)
        {
            var isCompleted = false;
            for (var shard = 0; shard < stores.Length; shard++)
            {
                stores[shard].AssertInvariants();
                var place = stores[shard]._windows.IndexOf(span);
                tables[shard] = place < 0 ? null : stores[shard]._windows[place].Table;
                isCompleted |= place >= 0 && stores[shard]._windows[place].IsCompleted;
            }

            writer.WriteInt64(span.StartTicks);
            writer.WriteInt64(span.EndTicks);
            writer.WriteByte(isCompleted ? (byte)1 : (byte)0);
            SavedTable.Save(writer, tables, formats);
        }

        writer.End();
        WindowFiring.SaveFilled(writer, Array.ConvertAll(stores, store => store._firing));
    }

    public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<WindowStore>(shards);
        var formats = FormatsOf(stores);
        reader.Begin(SectionTag.Windows, Version);
        var before = new TimeWindow(long.MinValue, long.MinValue);
        for (var left = reader.ReadCount(LeastBytesPerWindow, "windows"); left > 0; left--)
        {
            var span = new TimeWindow(reader.ReadInt64(), reader.ReadInt64());
            if (span.StartTicks >= span.EndTicks || TimeWindow.Compare(before, span) >= 0)
                throw reader.Invalid($"the window {span} has no length, or is not behind the one before");
            if (!IsOnGrid(span))
                throw reader.Invalid($"the window {span} is none of these");
            var isCompleted = reader.ReadFlag();
            SavedTable.Load(reader, formats, shard => stores[shard].AddWindow(span, isCompleted));
            before = span;
        }

        reader.End();
        WindowFiring.LoadFilled(reader, Array.ConvertAll(stores, store => store._firing));
        foreach (var store in stores)
            store.AfterLoading();
    }

    /// <summary>That windows ascend, and that each key's are counted.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public override void ThrowIfInconsistent()
    {
        var counted = new Dictionary<int, int>();
        for (var index = 0; index < _windows.Count; index++)
        {
            Invariant.Require(
                index == 0 || TimeWindow.Compare(_windows[index - 1].Span, _windows[index].Span) < 0,
                "Windows ascend.");
            var table = _windows[index].Table;
            table.ThrowIfInconsistent();
            for (var keyId = table.NextKey(0); keyId >= 0; keyId = table.NextKey(keyId + 1))
                counted[keyId] = counted.GetValueOrDefault(keyId) + 1;
        }

        foreach (var (keyId, count) in counted)
            Invariant.Require(_counts.Of(keyId) == count, "A key's windows are counted.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private static RecordFormat[] FormatsOf(WindowStore[] stores) =>
        Array.ConvertAll(stores, RecordFormat (store) => new PaneFormat(store._panes));

    /// <summary>The windows in which any shard has a key. One whose keys have all gone means nothing.</summary>
    private static List<TimeWindow> SpansOf(WindowStore[] stores)
    {
        var spans = new List<TimeWindow>();
        foreach (var store in stores)
        {
            for (var index = 0; index < store._windows.Count; index++)
            {
                if (store._windows[index].Table.NextKey(0) >= 0)
                    spans.Add(store._windows[index].Span);
            }
        }

        spans.Sort(static (left, right) => TimeWindow.Compare(left, right));
        var kept = 0;
        for (var index = 0; index < spans.Count; index++)
        {
            if (kept == 0 || spans[kept - 1] != spans[index])
                spans[kept++] = spans[index];
        }

        spans.RemoveRange(kept, spans.Count - kept);
        return spans;
    }

    private KeyedTable AddWindow(in TimeWindow span, bool isCompleted)
    {
        var window = _windows.Insert(_windows.Count, span);
        window.IsCompleted = isCompleted;
        return window.Table;
    }

    private bool IsOnGrid(in TimeWindow span) => _grid is null
        || (_grid.TryLocate(span.StartTicks, out var slice)
            && _grid.WindowStart(_grid.LastWindowOf(slice)) == span.StartTicks
            && _grid.WindowEnd(_grid.LastWindowOf(slice)) == span.EndTicks);

    private void AfterLoading()
    {
        for (var index = 0; index < _windows.Count; index++)
        {
            var table = _windows[index].Table;
            for (var keyId = table.NextKey(0); keyId >= 0; keyId = table.NextKey(keyId + 1))
                _counts.Add(keyId);
        }

        // When triggers want to be asked is not saved: the next tick asks.
        if (_context.Early is not null || _context.Late is not null)
            _asking.AskAtNextTick();
        _firing.NoteNextDue();
        AssertInvariants();
    }
}
