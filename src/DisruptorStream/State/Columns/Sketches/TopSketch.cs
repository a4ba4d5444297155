using System.Runtime.Intrinsics;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Columns.Sketches;

/// <summary>Space-Saving, over states that lie in records: the most frequent values, with bounds.</summary>
/// <remarks>
/// <para>Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k elements in data streams"
/// (2005); merged as in Agarwal and others, "Mergeable summaries" (2012). With m counters and n events, every value
/// that came more than n / m times is there, and a count is too high by at most its error: at most n / m.</para>
/// <para>A new value takes the counter with the lowest count, of several the one with the smallest value, so a state
/// is a function of its events in their order. With fewer values than counters all counts are exact.</para>
/// </remarks>
internal sealed unsafe class TopSketch
{
    private const int Arrays = 3;
    private const int MinCapacity = 8;

    private readonly BlockPool _blocks;
    private readonly int _capacity;
    private readonly Entry[] _scratch;

    public TopSketch(BlockPool blocks, int capacity)
    {
        _blocks = blocks;
        _capacity = capacity;
        _scratch = new Entry[2 * capacity];
    }

    public int MaxBytes => BlockPool.SizeFor(_capacity * Arrays * sizeof(long));

    public void Add(ref TopState state, long value)
    {
        var room = RoomOf(in state);
        var items = state.Range.Items<long>(_blocks);
        var at = items[..state.Count].IndexOf(value);
        if (at >= 0)
        {
            items[room + at]++;
            return;
        }

        if (state.Count < _capacity)
        {
            Append(ref state, new Entry(value, 1, 0));
            return;
        }

        var lowest = LowestOf(in state);
        items[lowest] = value;
        items[(2 * room) + lowest] = items[room + lowest];
        items[room + lowest]++;
    }

    public void Merge(ref TopState into, in TopState later)
    {
        if (later.Count == 0)
            return;

        // A value that one side does not keep may have come there as often as its lowest count.
        var (floor, otherFloor) = (FloorOf(in into), FloorOf(in later));
        var count = 0;
        for (var index = 0; index < into.Count; index++)
        {
            var entry = EntryAt(in into, index);
            var other = IndexOf(in later, entry.Value);
            _scratch[count++] = other < 0
                ? entry.Plus(otherFloor, otherFloor)
                : entry.Plus(EntryAt(in later, other).Count, EntryAt(in later, other).Error);
        }

        for (var index = 0; index < later.Count; index++)
        {
            var entry = EntryAt(in later, index);
            if (IndexOf(in into, entry.Value) < 0)
                _scratch[count++] = entry.Plus(floor, floor);
        }

        _scratch.AsSpan(0, count).Sort(Entry.ByCount);
        into.Count = 0;
        for (var index = 0; index < Math.Min(count, _capacity); index++)
            Append(ref into, in _scratch[index]);
    }

    /// <summary>The entry of a rank, 0 for the most frequent; of equal counts the smallest value comes first.</summary>
    public bool TryFind(in TopState state, int rank, out Entry entry)
    {
        entry = default;
        if (rank >= state.Count)
            return false;

        for (var index = 0; index < state.Count; index++)
            _scratch[index] = EntryAt(in state, index);
        _scratch.AsSpan(0, state.Count).Sort(Entry.ByCount);
        entry = _scratch[rank];
        return true;
    }

    private static int RoomOf(in TopState state) => state.Range.Length / Arrays;

    private Entry EntryAt(in TopState state, int index)
    {
        var room = RoomOf(in state);
        var items = state.Range.Items<long>(_blocks);
        return new Entry(items[index], items[room + index], items[(2 * room) + index]);
    }

    private int IndexOf(in TopState state, long value) =>
        state.Range.Items<long>(_blocks)[..state.Count].IndexOf(value);

    private long FloorOf(in TopState state) =>
        state.Count < _capacity ? 0 : EntryAt(in state, LowestOf(in state)).Count;

    private int LowestOf(in TopState state)
    {
        var room = RoomOf(in state);
        var items = state.Range.Items<long>(_blocks);
        var values = items[..state.Count];
        var counts = items.Slice(room, state.Count);
        var lowest = Lowest(counts, counts, long.MinValue);
        return values.IndexOf(Lowest(values, counts, lowest));
    }

    /// <summary>The smallest of the items whose count is this one; of all items where that is long.MinValue.</summary>
    private static long Lowest(ReadOnlySpan<long> items, ReadOnlySpan<long> counts, long count)
    {
        var isAny = count == long.MinValue;
        var lowest = long.MaxValue;
        var index = 0;
        if (items.Length >= Vector256<long>.Count)
        {
            var lanes = Vector256.Create(long.MaxValue);
            for (; index <= items.Length - Vector256<long>.Count; index += Vector256<long>.Count)
            {
                var some = Vector256.Create(items[index..]);
                var isMeant = Vector256.Equals(Vector256.Create(counts[index..]), Vector256.Create(count));
                lanes = Vector256.Min(
                    lanes, isAny ? some : Vector256.ConditionalSelect(isMeant, some, Vector256.Create(long.MaxValue)));
            }

            for (var lane = 0; lane < Vector256<long>.Count; lane++)
                lowest = Math.Min(lowest, lanes[lane]);
        }

        for (; index < items.Length; index++)
        {
            if (isAny || counts[index] == count)
                lowest = Math.Min(lowest, items[index]);
        }

        return lowest;
    }

    private void Append(ref TopState state, in Entry entry)
    {
        if (state.Count == RoomOf(in state))
            Grow(ref state);
        var room = RoomOf(in state);
        var items = state.Range.Items<long>(_blocks);
        items[state.Count] = entry.Value;
        items[room + state.Count] = entry.Count;
        items[(2 * room) + state.Count] = entry.Error;
        state.Count++;
    }

    private void Grow(ref TopState state)
    {
        var room = RoomOf(in state);
        var bytes = Math.Max(MinCapacity, 2 * room) * Arrays * sizeof(long);
        var grown = BlockRange.Rent(_blocks, Math.Min(BlockPool.SizeFor(bytes), MaxBytes));
        var target = grown.Items<long>(_blocks);
        var items = state.Range.Items<long>(_blocks);
        var grownRoom = grown.Length / Arrays;
        for (var array = 0; array < Arrays; array++)
            items.Slice(array * room, state.Count).CopyTo(target[(array * grownRoom)..]);
        state.Range.Release(_blocks);
        state.Range = grown;
    }

    /// <summary>A value, how often it came at most, and by how much that may be too high.</summary>
    public readonly record struct Entry(long Value, long Count, long Error)
    {
        /// <summary>Descending by count; of equal counts the smallest value comes first.</summary>
        public static Comparison<Entry> ByCount { get; } = static (left, right) => left.Count != right.Count
            ? right.Count.CompareTo(left.Count)
            : left.Value.CompareTo(right.Value);

        public Entry Plus(long count, long error) => new(Value, Count + count, Error + error);
    }
}
