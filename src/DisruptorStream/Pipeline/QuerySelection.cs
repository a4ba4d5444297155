using System.Runtime.InteropServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Plans;

namespace DisruptorStream.Pipeline;

/// <summary>
/// Takes out of a batch what one query is about: the events that its filter lets pass, with its key in the place of the
/// key.
/// </summary>
/// <remarks>
/// One thread owns it. It is filled once for each batch. Where a store follows the watermark event by event, the events
/// that the filter refuses keep their places, with an id that is no key's. Words beside the slots are copied only where
/// events are left out.
/// </remarks>
internal sealed unsafe class QuerySelection : IDisposable
{
    private const int FirstCapacity = 1024;

    private readonly SlotLayout _layout;
    private readonly int _keyColumn;
    private readonly int _filter;
    private readonly int[] _doubles;
    private readonly bool _keepsPlaces;
    private EventView _all;
    private EventSlot* _slots;
    private long* _words;
    private long* _sequences;
    private int* _keptBefore;
    private EventSlot* _one;
    private int _capacity;

    /// <param name="query">The query; it has a selection.</param>
    /// <param name="input">What the events carry.</param>
    public QuerySelection(QueryPlan query, InputPlan input)
    {
        var plan = query.Selection!;
        _layout = input.Layout;
        _keyColumn = query.KeyColumn;
        _filter = plan.Filter;
        _doubles = query.NonFinite == NonFinitePolicy.RejectEvent
            ? Array.FindAll([.. plan.Measures], index => input.Rules.Measures[index].Type == MeasureType.Double)
            : [];
        _keepsPlaces = query.FollowsWatermark || _filter == SelectionPlan.NoFilter;
    }

    /// <summary>Whether it takes no event at all.</summary>
    public bool TakesNothing => _filter == SelectionPlan.Nothing;

    /// <summary>Whether it leaves slots as they are.</summary>
    private bool TakesAll => _filter == SelectionPlan.NoFilter && _keyColumn == 0;

    /// <summary>Fills it with a batch, which must stay where it is until the next one.</summary>
    public void Begin(in EventView all)
    {
        _all = all;
        if (TakesAll || (TakesNothing && !_keepsPlaces))
            return;
        if (all.Count > _capacity)
            Grow(all.Count, all.FurtherMeasureCount);
        if (TakesNothing)
            MarkAll(all);
        else if (_filter == SelectionPlan.NoFilter)
            CopyAll(all);
        else if (_keepsPlaces)
            MarkFiltered(all);
        else
            CopyFiltered(all);
    }

    /// <summary>How many slots in a row, from a sequence of the batch on, hold an event of the query.</summary>
    public int CountKept(long sequence, int count)
    {
        if (_filter < 0)
            return TakesNothing ? 0 : count;
        var start = IndexOf(sequence);
        return _keptBefore[start + count] - _keptBefore[start];
    }

    /// <summary>Why the query refuses an event that some queries refuse; none where it reads nothing of that.</summary>
    public DropReason ReasonAt(long sequence)
    {
        var index = IndexOf(sequence);
        return ReasonOf(_all.Slice(index, 1));
    }

    /// <summary>As <see cref="ReasonAt"/>, for an event that is in no batch.</summary>
    public DropReason ReasonOf(in EventView one)
    {
        foreach (var measure in _doubles)
        {
            if (!double.IsFinite(BitConverter.Int64BitsToDouble(*(long*)one.Measure(measure, out _))))
                return DropReason.NotFinite;
        }

        return _layout.KeyOf(one, index: 0, _keyColumn) switch
        {
            >= 0 => DropReason.None,
            EventSlot.NoKey => DropReason.NoKey,
            _ => DropReason.KeyLimit,
        };
    }

    /// <summary>Whether an event is the query's that is in no batch.</summary>
    public bool Keeps(in EventView one) =>
        _filter < 0 ? !TakesNothing : (one.FurtherMeasures[_layout.FilterWord] >> _filter & 1) != 0;

    /// <summary>An event that is in no batch, as the query has it: good until the next one.</summary>
    public EventView EventOf(in EventView one)
    {
        if (TakesAll)
            return one;
        var isKept = Keeps(one);
        if (!isKept && !_keepsPlaces)
            return one.Slice(0, 0);
        if (_one == null)
            _one = (EventSlot*)NativeMemory.AlignedAlloc((nuint)sizeof(EventSlot), 64);
        *_one = *one.Slots;
        _one->KeyId = isKept ? _layout.KeyOf(one, index: 0, _keyColumn) : -1;
        return new EventView(
            _one, one.FurtherMeasures, one.FurtherMeasureCount, one.FirstSequence, count: 1, one.Sequences)
        {
            Cause = one.Cause,
        };
    }

    /// <summary>
    /// Replaces an event by what the query has of it, good until the next one; returns false where the query does not
    /// take it.
    /// </summary>
    public bool TryTake(ref EventView one)
    {
        if (TakesAll)
            return true;
        if (!Keeps(one))
            return false;
        one = EventOf(one);
        return true;
    }

    /// <summary>The events of a run, as the query has them.</summary>
    public EventView EventsOf(in EventRun run)
    {
        var start = IndexOf(run.FirstSequence);
        if (TakesAll)
            return _all.Slice(start, run.Count);
        var width = _all.FurtherMeasureCount;
        if (_keepsPlaces)
        {
            var beside = _all.FurtherMeasures + ((long)start * width);
            return new EventView(_slots + start, beside, width, run.FirstSequence, run.Count);
        }

        if (TakesNothing)
            return _all.Slice(start, 0);
        var first = _keptBefore[start];
        return new EventView(
            _slots + first,
            _words + ((long)first * width),
            width,
            run.FirstSequence,
            _keptBefore[start + run.Count] - first,
            _sequences + first);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_one);
        _one = null;
        Free();
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_slots);
        NativeMemory.AlignedFree(_words);
        NativeMemory.AlignedFree(_sequences);
        NativeMemory.AlignedFree(_keptBefore);
        _slots = null;
        _words = null;
        _sequences = null;
        _keptBefore = null;
        _capacity = 0;
    }

    private int IndexOf(long sequence) => (int)(sequence - _all.FirstSequence);

    private void CopyAll(in EventView all)
    {
        var ids = (int*)(all.FurtherMeasures + _layout.KeyWord) + (_keyColumn - 1);
        var strideIds = all.FurtherMeasureCount * (sizeof(long) / sizeof(int));
        for (var index = 0; index < all.Count; index++, ids += strideIds)
        {
            _slots[index] = all.Slots[index];
            _slots[index].KeyId = *ids;
        }
    }

    private void MarkAll(in EventView all)
    {
        for (var index = 0; index < all.Count; index++)
        {
            _slots[index] = all.Slots[index];
            _slots[index].KeyId = -1;
        }
    }

    private void MarkFiltered(in EventView all)
    {
        var word = all.FurtherMeasures + _layout.FilterWord;
        var kept = 0;
        for (var index = 0; index < all.Count; index++, word += all.FurtherMeasureCount)
        {
            _keptBefore[index] = kept;
            _slots[index] = all.Slots[index];
            var isKept = IsKept(all.Slots[index].Kind, *word);
            _slots[index].KeyId = isKept ? KeyAt(index) : -1;
            kept += isKept ? 1 : 0;
        }

        _keptBefore[all.Count] = kept;
    }

    private void CopyFiltered(in EventView all)
    {
        var width = all.FurtherMeasureCount;
        var words = all.FurtherMeasures;
        var kept = 0;
        for (var index = 0; index < all.Count; index++, words += width)
        {
            _keptBefore[index] = kept;
            if (!IsKept(all.Slots[index].Kind, words[_layout.FilterWord]))
                continue;
            _slots[kept] = all.Slots[index];
            _slots[kept].KeyId = KeyAt(index);
            _sequences[kept] = all.FirstSequence + index;
            var copy = _words + ((long)kept * width);
            for (var word = 0; word < width; word++)
                copy[word] = words[word];
            kept++;
        }

        _keptBefore[all.Count] = kept;
    }

    private bool IsKept(SlotKind kind, long filters) =>
        (filters >> _filter & 1) != 0 && kind is (SlotKind.Event or SlotKind.Refused or SlotKind.Partial);

    private int KeyAt(int index) => _layout.KeyOf(_all, index, _keyColumn);

    private void Grow(int count, int width)
    {
        Free();
        _capacity = Math.Max(FirstCapacity, count);
        var capacity = (nuint)_capacity;
        _slots = (EventSlot*)NativeMemory.AlignedAlloc(capacity * (nuint)sizeof(EventSlot), 64);
        _keptBefore = (int*)NativeMemory.AlignedAlloc((capacity + 1) * sizeof(int), 64);
        if (_keepsPlaces)
            return;
        _words = (long*)NativeMemory.AlignedAlloc(Math.Max(1, capacity * (nuint)width) * sizeof(long), 64);
        _sequences = (long*)NativeMemory.AlignedAlloc(capacity * sizeof(long), 64);
    }
}
