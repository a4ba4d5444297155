using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.State.Kept;

/// <summary>The panes of one slice, those of each key linked in their order.</summary>
internal sealed unsafe partial class KeptSlice
{
    private const int FirstCapacity = 16;
    private const int None = -1;

    private readonly int _words;
    private readonly Dictionary<PaneOrigin, int> _rows = [];
    private readonly Dictionary<int, (int First, int Last)> _keys = [];
    private EventSlot[] _slots;
    private long[] _further;
    private long[] _sequences;
    private int[] _next;

    /// <param name="width">The values of a pane.</param>
    public KeptSlice(int width)
    {
        _words = width - 1 + PaneOrigin.Words;
        _slots = GC.AllocateUninitializedArray<EventSlot>(FirstCapacity, pinned: true);
        _further = GC.AllocateUninitializedArray<long>(FirstCapacity * _words, pinned: true);
        _sequences = GC.AllocateUninitializedArray<long>(FirstCapacity, pinned: true);
        _next = new int[FirstCapacity];
    }

    /// <summary>How many panes there are.</summary>
    public int Count { get; private set; }

    /// <summary>What the tables take, in bytes; about as much as they hold in their dictionary.</summary>
    public long BytesReserved => (long)_slots.Length
        * (sizeof(EventSlot) + ((_words + 1) * sizeof(long)) + sizeof(int) + sizeof(PaneOrigin) + (4 * sizeof(int)));

    /// <summary>Keeps a pane; returns whether it takes the place of an earlier one of its window and key.</summary>
    public bool Put(in EventView panes, int index)
    {
        var origin = PaneOrigin.Of(panes, index);
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, origin, out var replaces);
        if (replaces)
        {
            Copy(panes, index, row);
            return true;
        }

        row = Count;
        Append(panes, index);
        Link(row);
        return false;
    }

    /// <summary>Copies the panes of a key into another table, in their order, as contiguous events.</summary>
    public EventView Gather(int keyId, KeptSlice into)
    {
        into.Count = 0;
        for (var row = _keys[keyId].First; row != None; row = _next[row])
            into.Append(View(row), 0);
        return into.View(0, into.Count);
    }

    /// <summary>Forgets all panes.</summary>
    public void Clear()
    {
        _rows.Clear();
        _keys.Clear();
        Count = 0;
    }

    // The arrays are pinned, and stay until the next pane is added.
    private EventView View(int row, int count = 1) => new(
        (EventSlot*)Marshal.UnsafeAddrOfPinnedArrayElement(_slots, row),
        (long*)Marshal.UnsafeAddrOfPinnedArrayElement(_further, row * _words),
        _words,
        _sequences[row],
        count,
        (long*)Marshal.UnsafeAddrOfPinnedArrayElement(_sequences, row));

    private void Append(in EventView panes, int index)
    {
        if (Count == _slots.Length)
            Grow();
        _sequences[Count] = panes.SequenceOf(index);
        Copy(panes, index, Count++);
    }

    /// <summary>The pane keeps the place in the sequence that the first one of its window had.</summary>
    private void Copy(in EventView panes, int index, int row)
    {
        _slots[row] = panes.Slots[index];
        new ReadOnlySpan<long>(panes.FurtherMeasures + ((long)index * _words), _words)
            .CopyTo(_further.AsSpan(row * _words));
    }

    private void Link(int row)
    {
        _next[row] = None;
        ref var ends = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, _slots[row].KeyId, out var exists);
        if (exists)
            _next[ends.Last] = row;
        else
            ends.First = row;
        ends.Last = row;
    }

    private void Grow()
    {
        _slots = Longer(_slots);
        _further = Longer(_further);
        _sequences = Longer(_sequences);
        Array.Resize(ref _next, _next.Length * 2);
    }

    private static T[] Longer<T>(T[] array)
    {
        var longer = GC.AllocateUninitializedArray<T>(array.Length * 2, pinned: true);
        array.CopyTo(longer.AsSpan());
        return longer;
    }
}
