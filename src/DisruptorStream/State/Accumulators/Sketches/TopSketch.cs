using System.Runtime.Intrinsics;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <summary>Space-Saving, over states that lie in records: the most frequent values, with bounds.</summary>
/// <remarks>
/// <para>Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k elements in data streams"
/// (2005); merged as in Agarwal and others, "Mergeable summaries" (2012). With m counters and n events, every value
/// that came more than n / m times is there, and a count is too high by at most its error: at most n / m.</para>
/// <para>A new value takes the counter with the lowest count, of several the one with the smallest value, so a state
/// is a function of its events in their order. With fewer values than counters all counts are exact.</para>
/// </remarks>
internal sealed unsafe partial class TopSketch
{
    private const int Arrays = 3;
    private const int MinCapacity = 8;
    private const int EntriesPerPane = 2;

    private readonly BlockPool _blocks;
    private readonly int _capacity;
    private readonly Entry[] _scratch;

    public TopSketch(BlockPool blocks, int capacity)
    {
        _blocks = blocks;
        _capacity = capacity;
        _scratch = new Entry[2 * capacity];
    }

    /// <summary>What merging two states costs, in panes.</summary>
    public int PanesPerMerge => _capacity;

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

    /// <summary>Readies the state's ranks; returns what that costs, in panes.</summary>
    public int Prepare(in TopState state)
    {
        for (var index = 0; index < state.Count; index++)
            _scratch[index] = EntryAt(in state, index);
        _scratch.AsSpan(0, state.Count).Sort(Entry.ByCount);
        return state.Count / EntriesPerPane;
    }

    /// <summary>
    /// The entry of a rank of what was prepared last, 0 for the most frequent; of equal counts the smallest value comes
    /// first.
    /// </summary>
    public bool TryFind(in TopState state, int rank, out Entry entry)
    {
        entry = rank < state.Count ? _scratch[rank] : default;
        return rank < state.Count;
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

    /// <summary>Of the lowest counts the one with the smallest value, in one pass over both arrays.</summary>
    private int LowestOf(in TopState state)
    {
        var items = (long*)_blocks.At(state.Range.Block);
        var counts = items + RoomOf(in state);
        var (lowest, next, last) = (0, 1, state.Count - Vector256<long>.Count);
        if (last >= 0)
        {
            var (count, value) = (Vector256.Load(counts), Vector256.Load(items));
            var place = Vector256<long>.Indices;
            var places = place;
            for (next = Vector256<long>.Count; next <= last; next += Vector256<long>.Count)
            {
                places += Vector256.Create((long)Vector256<long>.Count);
                var (otherCount, otherValue) = (Vector256.Load(counts + next), Vector256.Load(items + next));
                var isLower = Vector256.LessThan(otherCount, count)
                    | (Vector256.Equals(otherCount, count) & Vector256.LessThan(otherValue, value));
                count = Vector256.ConditionalSelect(isLower, otherCount, count);
                value = Vector256.ConditionalSelect(isLower, otherValue, value);
                place = Vector256.ConditionalSelect(isLower, places, place);
            }

            lowest = (int)place[0];
            for (var lane = 1; lane < Vector256<long>.Count; lane++)
                lowest = Lower(items, counts, lowest, (int)place[lane]);
        }

        for (; next < state.Count; next++)
            lowest = Lower(items, counts, lowest, next);
        return lowest;
    }

    private static int Lower(long* items, long* counts, int left, int right)
    {
        if (counts[left] != counts[right])
            return counts[left] < counts[right] ? left : right;
        return items[left] < items[right] ? left : right;
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
