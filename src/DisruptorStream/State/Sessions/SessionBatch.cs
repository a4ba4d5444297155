using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// Events whose session is known but which have not been folded in yet, so that kernels run over many at once.
/// </summary>
/// <remarks>
/// With one shard the events are taken where they lie; with several, this shard's are gathered first.
/// </remarks>
internal sealed unsafe class SessionBatch : IDisposable
{
    public const int Capacity = 1024;

    private readonly AggregatePlan _plan;
    private readonly bool _gathers;
    private readonly nint* _records;
    private readonly EventSlot* _slots;
    private readonly long* _sequences;
    private long* _further;
    private int _furtherWidth;
    private EventView _events;
    private int _first;
    private int _count;

    /// <param name="context">The shard.</param>
    /// <param name="gathers">Whether events are copied: some are left out, or noted several times.</param>
    public SessionBatch(StoreContext context, bool gathers)
    {
        _plan = context.Plan;
        _gathers = gathers;
        _records = (nint*)NativeMemory.AlignedAlloc(Capacity * (nuint)sizeof(nint), 64);
        _slots = (EventSlot*)NativeMemory.AlignedAlloc(Capacity * (nuint)sizeof(EventSlot), 64);
        _sequences = (long*)NativeMemory.AlignedAlloc(Capacity * (nuint)sizeof(long), 64);
    }

    /// <summary>Says where the events of the next indexes lie. Nothing of those before is noted any more.</summary>
    public void Begin(in EventView events)
    {
        _events = events;
        if (_gathers && events.FurtherMeasureCount > _furtherWidth)
            Widen(events.FurtherMeasureCount);
    }

    /// <summary>The records of what is noted; more may be written behind them and then taken.</summary>
    public nint* Records => _records;

    /// <summary>Makes sure that events from this one on can be noted, and returns how many are.</summary>
    public int Begin(int index)
    {
        if (_count == Capacity || (_count > 0 && !_gathers && index != _first + _count))
            Fold();
        if (_count == 0)
            _first = index;
        return _count;
    }

    /// <summary>Notes a number of further events, whose records have been written.</summary>
    public void Take(int count) => _count += count;

    /// <summary>Notes that the event goes into the record.</summary>
    public void Add(int index, byte* record)
    {
        _records[Begin(index)] = (nint)record;
        if (_gathers)
            Gather(index);
        _count++;
    }

    /// <summary>Folds what is noted; records may change place only after this.</summary>
    public void Fold()
    {
        if (_count == 0)
            return;
        var view = _gathers
            ? new EventView(_slots, _further, _events.FurtherMeasureCount, _sequences[0], _count, _sequences)
            : _events.Slice(_first, _count);
        _plan.Accumulate(view, _records);
        _count = 0;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_records);
        NativeMemory.AlignedFree(_slots);
        NativeMemory.AlignedFree(_further);
        NativeMemory.AlignedFree(_sequences);
    }

    // Beside a slot lie more words than measures: the ids of further keys and the bits of filters are there as well.
    private void Widen(int width)
    {
        NativeMemory.AlignedFree(_further);
        _further = null;
        _further = (long*)NativeMemory.AlignedAlloc(Capacity * (nuint)width * sizeof(long), 64);
        _furtherWidth = width;
    }

    private void Gather(int index)
    {
        _slots[_count] = _events.Slots[index];
        _sequences[_count] = _events.SequenceOf(index);
        var width = _events.FurtherMeasureCount;
        for (var m = 0; m < width; m++)
            _further[(_count * width) + m] = _events.FurtherMeasures[(index * width) + m];
    }
}
