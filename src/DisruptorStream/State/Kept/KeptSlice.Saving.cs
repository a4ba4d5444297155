using DisruptorStream.Events;
using DisruptorStream.Saving;

namespace DisruptorStream.State.Kept;

/// <content>Saved as the panes of each key, in their order: time, window, key, sequence and values.</content>
internal sealed unsafe partial class KeptSlice
{
    /// <summary>The bytes that a saved pane takes at least.</summary>
    public const int LeastPaneBytes = 5 * sizeof(long);

    /// <summary>The keys that have panes, ascending.</summary>
    public void CollectKeys(SortedSet<int> keys) => keys.UnionWith(_keys.Keys);

    /// <summary>Whether a key has panes.</summary>
    public bool Holds(int keyId) => _keys.ContainsKey(keyId);

    /// <summary>Writes the panes of a key.</summary>
    public void Save(StateWriter writer, int keyId)
    {
        var count = 0;
        for (var row = _keys[keyId].First; row != None; row = _next[row])
            count++;
        writer.WriteCount(count);
        for (var row = _keys[keyId].First; row != None; row = _next[row])
        {
            writer.WriteInt64(_slots[row].TimestampTicks);
            writer.WriteInt64(_sequences[row]);
            writer.WriteInt64(_slots[row].Measure);
            for (var word = 0; word < _words; word++)
                writer.WriteInt64(_further[(row * _words) + word]);
        }
    }

    /// <summary>Takes a pane of a key in.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void LoadPane(StateReader reader, int keyId)
    {
        if (Count == _slots.Length)
            Grow();
        var row = Count++;
        _slots[row] = new EventSlot { TimestampTicks = reader.ReadInt64(), KeyId = keyId };
        _sequences[row] = reader.ReadInt64();
        _slots[row].Measure = reader.ReadInt64();
        for (var word = 0; word < _words; word++)
            _further[(row * _words) + word] = reader.ReadInt64();
        if (!_rows.TryAdd(PaneOrigin.Of(View(row), 0), row))
            throw reader.Invalid("a key has two panes of one window");
        Link(row);
    }

    /// <summary>Whether the times of all panes lie in a span.</summary>
    public bool LiesWithin(long startTicks, long endTicks)
    {
        for (var row = 0; row < Count; row++)
        {
            if (_slots[row].TimestampTicks < startTicks || _slots[row].TimestampTicks >= endTicks)
                return false;
        }

        return true;
    }
}
