using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DisruptorStream.State.Accumulators.Sketches.Weights;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches.Tops;

/// <summary>Space-Saving, over states that lie in records: the values of the most weight, with bounds.</summary>
/// <remarks>
/// <para>Metwally, Agrawal and El Abbadi, "Efficient computation of frequent and top-k elements in data streams"
/// (2005), where every event weighs one; with weights as in Berinde, Indyk, Cormode and Strauss, "Space-optimal heavy
/// hitters with strong error bounds" (2010); merged as in Agarwal and others, "Mergeable summaries" (2012). With m
/// counters and events of the total weight w, every value that weighs more than w / m is there, and a weight is too
/// high by at most its error: at most w / m.</para>
/// <para>A new value takes the counter with the lowest weight, of several the one with the smallest value, so a state
/// is a function of its events in their order. With fewer values than counters all weights are exact sums.</para>
/// </remarks>
internal sealed unsafe partial class TopSketch<TWeights>
    where TWeights : struct, IWeights
{
    private const int Arrays = 3;
    private const int MinCapacity = 8;
    private const int EntriesPerPane = 2;

    private readonly BlockPool _blocks;
    private readonly int _capacity;
    private readonly TopEntry[] _scratch;

    public TopSketch(BlockPool blocks, int capacity)
    {
        _blocks = blocks;
        _capacity = capacity;
        _scratch = new TopEntry[2 * capacity];
    }

    /// <summary>What merging two states costs, in panes.</summary>
    public int PanesPerMerge => _capacity;

    public int MaxBytes => BlockPool.SizeFor(_capacity * Arrays * sizeof(long));

    /// <summary>Adds an event; where its weight makes a sum too large, the state stays as it is.</summary>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public void Add(ref TopState state, long value, long weight)
    {
        var room = RoomOf(in state);
        var items = state.Range.Items<long>(_blocks);
        var at = items[..state.Count].IndexOf(value);
        if (at >= 0)
        {
            ref var sum = ref items[room + at];
            sum = TWeights.Add(sum, weight);
            return;
        }

        if (state.Count < _capacity)
        {
            Append(ref state, new TopEntry(value, weight, 0));
            return;
        }

        var lowest = LowestOf(in state);
        var before = items[room + lowest];
        items[room + lowest] = TWeights.Add(before, weight);
        items[(2 * room) + lowest] = before;
        items[lowest] = value;
    }

    /// <summary>Folds a later state in; where that makes a sum too large, the state stays as it is.</summary>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public void Merge(ref TopState into, in TopState later)
    {
        if (later.Count == 0)
            return;

        // A value that one side does not keep may weigh as much there as its lowest one.
        var (floor, otherFloor) = (FloorOf(in into), FloorOf(in later));
        var count = 0;
        for (var index = 0; index < into.Count; index++)
        {
            var entry = EntryAt(in into, index);
            var other = IndexOf(in later, entry.Value);
            _scratch[count++] = other < 0
                ? Sum(in entry, otherFloor, otherFloor)
                : Sum(in entry, EntryAt(in later, other).Weight, EntryAt(in later, other).Error);
        }

        for (var index = 0; index < later.Count; index++)
        {
            var entry = EntryAt(in later, index);
            if (IndexOf(in into, entry.Value) < 0)
                _scratch[count++] = Sum(in entry, floor, floor);
        }

        _scratch.AsSpan(0, count).Sort(TopEntry.ByWeight);
        into.Count = 0;
        for (var index = 0; index < Math.Min(count, _capacity); index++)
            Append(ref into, in _scratch[index]);
    }

    /// <summary>Readies the state's ranks; returns what that costs, in panes.</summary>
    public int Prepare(in TopState state)
    {
        for (var index = 0; index < state.Count; index++)
            _scratch[index] = EntryAt(in state, index);
        _scratch.AsSpan(0, state.Count).Sort(TopEntry.ByWeight);
        return state.Count / EntriesPerPane;
    }

    /// <summary>
    /// The entry of a rank of what was prepared last, 0 for the most weight; of equal ones the smallest value comes
    /// first.
    /// </summary>
    public bool TryFind(in TopState state, int rank, out TopEntry entry)
    {
        entry = rank < state.Count ? _scratch[rank] : default;
        return rank < state.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TopEntry Sum(in TopEntry entry, long weight, long error) =>
        new(entry.Value, TWeights.Add(entry.Weight, weight), TWeights.Add(entry.Error, error));

    private static int RoomOf(in TopState state) => state.Range.Length / Arrays;

    private TopEntry EntryAt(in TopState state, int index)
    {
        var room = RoomOf(in state);
        var items = state.Range.Items<long>(_blocks);
        return new TopEntry(items[index], items[room + index], items[(2 * room) + index]);
    }

    private int IndexOf(in TopState state, long value) =>
        state.Range.Items<long>(_blocks)[..state.Count].IndexOf(value);

    private long FloorOf(in TopState state) =>
        state.Count < _capacity ? 0 : EntryAt(in state, LowestOf(in state)).Weight;

    /// <summary>Of the lowest weights the one with the smallest value, in one pass over both arrays.</summary>
    private int LowestOf(in TopState state)
    {
        var items = (long*)_blocks.At(state.Range.Block);
        var weights = items + RoomOf(in state);
        var (lowest, next, last) = (0, 1, state.Count - Vector256<long>.Count);
        if (last >= 0)
        {
            var (weight, value) = (Vector256.Load(weights), Vector256.Load(items));
            var place = Vector256<long>.Indices;
            var places = place;
            for (next = Vector256<long>.Count; next <= last; next += Vector256<long>.Count)
            {
                places += Vector256.Create((long)Vector256<long>.Count);
                var (otherWeight, otherValue) = (Vector256.Load(weights + next), Vector256.Load(items + next));
                var isLower = Vector256.LessThan(otherWeight, weight)
                    | (Vector256.Equals(otherWeight, weight) & Vector256.LessThan(otherValue, value));
                weight = Vector256.ConditionalSelect(isLower, otherWeight, weight);
                value = Vector256.ConditionalSelect(isLower, otherValue, value);
                place = Vector256.ConditionalSelect(isLower, places, place);
            }

            lowest = (int)place[0];
            for (var lane = 1; lane < Vector256<long>.Count; lane++)
                lowest = Lower(items, weights, lowest, (int)place[lane]);
        }

        for (; next < state.Count; next++)
            lowest = Lower(items, weights, lowest, next);
        return lowest;
    }

    private static int Lower(long* items, long* weights, int left, int right)
    {
        if (weights[left] != weights[right])
            return weights[left] < weights[right] ? left : right;
        return items[left] < items[right] ? left : right;
    }

    private void Append(ref TopState state, in TopEntry entry)
    {
        if (state.Count == RoomOf(in state))
            Grow(ref state);
        var room = RoomOf(in state);
        var items = state.Range.Items<long>(_blocks);
        items[state.Count] = entry.Value;
        items[room + state.Count] = entry.Weight;
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
}
