using DisruptorStream.Events;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline;

/// <summary>The panes of a query on their way to another one, whose events they are: on time, in their order.</summary>
/// <remarks>One thread owns it. All of a batch are taken before the next one.</remarks>
internal sealed unsafe class PaneFeed
{
    private readonly int _width;
    private readonly Func<int, int> _keyOf;
    private EventSlot[] _slots;
    private long[] _words;
    private long[] _sequences;
    private int _count;
    private int _taken;

    /// <param name="width">The values of a pane.</param>
    /// <param name="keyOf">The key of the reading query for a key of the other one.</param>
    public PaneFeed(int width, Func<int, int> keyOf)
    {
        const int FirstCapacity = 256;
        _width = width;
        _keyOf = keyOf;
        _slots = GC.AllocateUninitializedArray<EventSlot>(FirstCapacity, pinned: true);
        _words = GC.AllocateUninitializedArray<long>(FirstCapacity * Math.Max(1, width - 1), pinned: true);
        _sequences = GC.AllocateUninitializedArray<long>(FirstCapacity, pinned: true);
    }

    /// <summary>The sequence of the first pane that has not been taken; long.MaxValue for none.</summary>
    public long NextSequence => _taken < _count ? _sequences[_taken] : long.MaxValue;

    /// <summary>Adds a pane, if it is one on time.</summary>
    public void Add(in ResultHeader header, ReadOnlySpan<long> values)
    {
        const ResultFlags NoPane = ResultFlags.Dropped | ResultFlags.KeyReleased;
        if (header.Timing != PaneTiming.OnTime || (header.Flags & NoPane) != ResultFlags.None)
            return;
        if (_count == _slots.Length)
            Grow();
        _slots[_count] = new EventSlot
        {
            TimestampTicks = header.EndTicks - 1,
            Measure = values[0],
            KeyId = _keyOf(header.KeyId),
        };
        values[1.._width].CopyTo(_words.AsSpan(_count * (_width - 1)));
        _sequences[_count++] = header.Sequence;
    }

    /// <summary>Takes panes of one sequence and one time off the front, as events.</summary>
    public EventView Take()
    {
        var first = _taken;
        while (_taken < _count
            && _sequences[_taken] == _sequences[first]
            && _slots[_taken].TimestampTicks == _slots[first].TimestampTicks)
        {
            _taken++;
        }

        // The arrays are pinned, and stay until the next pane is added.
        fixed (EventSlot* slots = _slots)
        fixed (long* words = _words)
        fixed (long* sequences = _sequences)
        {
            return new EventView(
                slots + first,
                words + ((long)first * (_width - 1)),
                _width - 1,
                sequences[first],
                _taken - first,
                sequences + first);
        }
    }

    /// <summary>Forgets what was taken: all of it.</summary>
    public void Clear()
    {
        _count = 0;
        _taken = 0;
    }

    private void Grow()
    {
        _slots = Longer(_slots);
        _words = Longer(_words);
        _sequences = Longer(_sequences);
    }

    private static T[] Longer<T>(T[] array)
    {
        var longer = GC.AllocateUninitializedArray<T>(array.Length * 2, pinned: true);
        array.CopyTo(longer.AsSpan());
        return longer;
    }
}
